package database

import (
	"fmt"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"

	"example.com/bench/internal/crowd"
)

// taskColumns are those of either database.
var taskColumns = []string{
	"user_id", "id", "title", "description", "completed", "completed_at", "priority", "tags",
	"due_date", "due_zone", "position", "created_at", "updated_at", "sequence", "due_at",
}

// foldedColumns come behind them in PostgreSQL.
var foldedColumns = []string{"title_folded", "description_folded"}

// taskRows is a [pgx.CopyFromSource] of the rows of tasks.
type taskRows struct {
	owners []holder // who have further tasks, or had when this pass began
	kept   int      // how many of those before at have a next one
	at     int
	id     int64
}

// holder is an owner whose tasks are being made.
type holder struct {
	id    string
	group Group
}

func newTaskRows(groups []Group) *taskRows {
	rows := &taskRows{at: -1, id: 1}
	for _, group := range groups {
		for i := range group.Owners {
			rows.owners = append(rows.owners, holder{crowd.ID(group.First + i), group})
		}
	}
	return rows
}

// Next implements [pgx.CopyFromSource].
func (t *taskRows) Next() bool {
	t.at++
	if t.at == len(t.owners) {
		t.owners, t.kept, t.at = t.owners[:t.kept], 0, 0
		t.id++
	}
	if len(t.owners) == 0 {
		return false
	}
	owner := t.owners[t.at]
	if int64(owner.group.Tasks) > t.id {
		t.owners[t.kept] = owner
		t.kept++
	}
	return true
}

// Values implements [pgx.CopyFromSource]. What a row holds follows from the
// task as it does in the store.
func (t *taskRows) Values() ([]any, error) {
	owner := t.owners[t.at]
	task, err := taskOf(domain.TaskID(t.id), owner.group.completed(t.id))
	if err != nil {
		return nil, err
	}
	row := bunstore.RowOf(task)
	return []any{
		owner.id, row.ID, row.Title, row.Description, row.Completed, row.CompletedAt.Nullable(), row.Priority, string(row.Tags),
		row.DueDate, row.DueZone, row.Position, row.CreatedAt.Time, row.UpdatedAt.Time, row.Sequence, row.DueAt, row.TitleFolded, row.DescriptionFolded,
	}, nil
}

// Err implements [pgx.CopyFromSource].
func (t *taskRows) Err() error { return nil }

var begin = time.Date(2026, 1, 1, 9, 0, 0, 0, time.UTC)

// taskOf makes a task such as people have: every second has a description,
// every fourth tags, every fifth a due date.
func taskOf(id domain.TaskID, completed bool) (task domain.Task, err error) {
	at := begin.Add(time.Duration(id) * time.Minute)
	task = domain.Task{ID: id, Priority: domain.Medium, CreatedAt: at, UpdatedAt: at, Sequence: domain.Sequence(id), Position: domain.PositionOf(id)}
	if completed {
		task.Completed, task.CompletedAt = true, at
	}
	if task.Title, err = domain.RestoreTitle(fmt.Sprintf("Water the plants on the balcony, part %d", id)); err != nil {
		return task, err
	}
	if id%2 == 0 {
		if task.Description, err = domain.RestoreDescription("The small ones twice, and the cactus not at all; the can is under the sink."); err != nil {
			return task, err
		}
	}
	if id%4 == 0 {
		if task.Tags, err = domain.RestoreTags([]string{"home", "garden"}); err != nil {
			return task, err
		}
	}
	if id%5 == 0 {
		due, err := domain.ParseDueDate("2026-12-24")
		if err != nil {
			return task, err
		}
		task.Due, err = domain.NewDue(due, domain.Zone{})
		if err != nil {
			return task, err
		}
	}
	return task, nil
}
