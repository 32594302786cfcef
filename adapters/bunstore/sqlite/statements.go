package sqlite

import (
	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// statements is all that a store says to SQLite. ?1 is always the owner.
type statements struct {
	get  string // ?2 id
	list map[listing]string

	// A batch of changes, in one transaction.
	counters string // gives last_task_id and sequence
	save     string // ?2 … ?8 the columns
	remove   string // ?2 id
	count    string // ?2 last_task_id, ?3 sequence
}

// listing is what makes one list statement differ from another. Each takes
// ?2 the id to begin after, ?3 limit, ?4 offset.
type listing struct {
	completed   domain.Optional[bool]
	oldestFirst bool
	counted     bool
}

func listingOf(query domain.TaskQuery) listing {
	return listing{query.Completed, query.Order == domain.OldestFirst, query.Count}
}

const columns = bunstore.Columns

// ownersOnly are the statements that keep owners apart by their WHERE.
var ownersOnly = statements{
	get: `
SELECT ` + columns + ` FROM tasks WHERE user_id = ?1 AND id = ?2`,

	list: listings(),

	counters: `
SELECT last_task_id, sequence FROM owners WHERE user_id = ?1`,

	save: `
INSERT INTO tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed,
	updated_at = excluded.updated_at, sequence = excluded.sequence`,

	remove: `
DELETE FROM tasks WHERE user_id = ?1 AND id = ?2`,

	count: `
INSERT INTO owners (user_id, last_task_id, sequence) VALUES (?1, ?2, ?3)
ON CONFLICT (user_id) DO UPDATE SET last_task_id = excluded.last_task_id, sequence = excluded.sequence`,
}

func listings() map[listing]string {
	sources := map[domain.Optional[bool]]string{
		{}:                 `tasks WHERE user_id = ?1`,
		domain.Some(false): `tasks INDEXED BY tasks_open WHERE user_id = ?1 AND NOT completed`, // without statistics SQLite would not choose it
		domain.Some(true):  `tasks WHERE user_id = ?1 AND completed`,
	}
	statements := map[listing]string{}
	for completed, source := range sources {
		for _, oldestFirst := range []bool{false, true} {
			follows, order := ` AND id < ?2`, ` ORDER BY id DESC`
			if oldestFirst {
				follows, order = ` AND id > ?2`, ` ORDER BY id`
			}
			page := `SELECT ` + columns + ` FROM ` + source + follows + order + ` LIMIT ?3 OFFSET ?4`
			total := `SELECT count(*) AS total FROM ` + source
			statements[listing{completed, oldestFirst, false}] = page
			// The total comes with each row, and alone where the page is empty.
			statements[listing{completed, oldestFirst, true}] = `SELECT ` + columns + `, total FROM (` + total + `) AS counted LEFT JOIN (` + page + `) AS page ON true` + order
		}
	}
	return statements
}
