package database

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"example.com/bench/internal/crowd"
)

// Group is owners who have equally many tasks.
type Group struct {
	First  int // number of the first owner
	Owners int
	Tasks  int // of each
	Open   int // of each, those with the lowest ids; 0: every other one
}

// Rows is how many tasks the group has.
func (g Group) Rows() int { return g.Owners * g.Tasks }

// completed is whether the task of an id is.
func (g Group) completed(id int64) bool {
	if g.Open == 0 {
		return id%2 == 0
	}
	return id > int64(g.Open)
}

// Seed adds the owners of the groups with their tasks. Everybody's first task
// comes before anybody's second, so that an owner's tasks lie apart from each
// other as they do where owners make them in the course of years.
func (c *Cluster) Seed(ctx context.Context, groups ...Group) error {
	rows := 0
	for _, group := range groups {
		rows += group.Rows()
	}
	return c.With(ctx, func(conn *pgx.Conn) error {
		if _, err := conn.CopyFrom(ctx, pgx.Identifier{"taskward", "owners"}, ownerColumns, &ownerRows{groups: groups, at: -1}); err != nil {
			return fmt.Errorf("copy owners: %w", err)
		}
		copied, err := conn.CopyFrom(ctx, pgx.Identifier{"taskward", "tasks"}, slices.Concat(taskColumns, foldedColumns), newTaskRows(groups))
		if err != nil {
			return fmt.Errorf("copy tasks: %w", err)
		}
		if copied != int64(rows) {
			return fmt.Errorf("copied %d tasks, want %d", copied, rows)
		}
		// What autovacuum would do in the midst of the first rounds.
		_, err = conn.Exec(ctx, "VACUUM (ANALYZE) taskward.tasks, taskward.owners")
		return err
	})
}

// Clear takes all owners and tasks away.
func (c *Cluster) Clear(ctx context.Context) error {
	return c.With(ctx, func(conn *pgx.Conn) error {
		_, err := conn.Exec(ctx, "TRUNCATE taskward.tasks, taskward.owners")
		return err
	})
}

var ownerColumns = []string{"user_id", "last_task_id", "sequence"}

// ownerRows is a [pgx.CopyFromSource] of the rows of owners.
type ownerRows struct {
	groups []Group
	at     int
}

// Next implements [pgx.CopyFromSource].
func (o *ownerRows) Next() bool {
	o.at++
	for len(o.groups) > 0 && o.at >= o.groups[0].Owners {
		o.groups, o.at = o.groups[1:], 0
	}
	return len(o.groups) > 0
}

// Values implements [pgx.CopyFromSource].
func (o *ownerRows) Values() ([]any, error) {
	group := o.groups[0]
	return []any{crowd.ID(group.First + o.at), int64(group.Tasks), int64(group.Tasks)}, nil
}

// Err implements [pgx.CopyFromSource].
func (o *ownerRows) Err() error { return nil }
