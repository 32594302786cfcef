package postgres

import (
	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// statements is all that a store says to PostgreSQL. $1 is always the owner.
//
// Whatever changes an owner's tasks locks the owner's row first. So one
// owner's changes happen one after another, each sees the tasks as the one
// before it left them, and none can wait for another in a circle.
type statements struct {
	get  string // $2 id
	list map[listing]string

	// One change, in one statement. None gives a row back unless the change
	// happened.
	create   string // $2 time, $3 title, $4 description, $5 completed
	edit     string // $2 id, $3 expected or 0, $4 time, $5 title or null, $6 whether there is a description, $7 description, $8 completed or null
	complete string // $2 id, $3 expected or 0, $4 time, $5 completed or null to toggle
	delete   string // $2 id, $3 expected or 0

	// A batch of changes, in one transaction.
	lock   string // gives last_task_id and sequence
	save   string // $2 … $8 arrays of the columns
	remove string // $2 array of ids
	count  string // $2 last_task_id, $3 sequence
}

// listing is what makes one list statement differ from another. Each takes
// $2 the id to begin after, $3 limit, $4 offset.
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
//
// The changes below read and lock the owner's row, change the task, and count
// the change if there was one, in this order. When the lock had to be waited
// for, PostgreSQL (READ COMMITTED) takes up the task's newest version, holds
// it against the WHERE again, and computes the new values from it.
var ownersOnly = statements{
	get: `
SELECT ` + columns + ` FROM taskward.tasks WHERE user_id = $1 AND id = $2`,

	list: listings(),

	create: `
WITH owner AS (
	INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 1, 1)
	ON CONFLICT (user_id) DO UPDATE SET last_task_id = o.last_task_id + 1, sequence = o.sequence + 1
	RETURNING last_task_id, sequence
)
INSERT INTO taskward.tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
SELECT $1, owner.last_task_id, $3, $4, $5, $2, $2, owner.sequence FROM owner
RETURNING ` + columns,

	edit: `
WITH owner AS (
	SELECT sequence FROM taskward.owners WHERE user_id = $1 FOR NO KEY UPDATE
), changed AS (
	UPDATE taskward.tasks AS t SET
		title = COALESCE($5, t.title),
		description = CASE WHEN $6 THEN $7 ELSE t.description END,
		completed = COALESCE($8, t.completed),
		updated_at = GREATEST(t.updated_at, $4),
		sequence = owner.sequence + 1
	FROM owner WHERE t.user_id = $1 AND t.id = $2 AND ($3::bigint = 0 OR t.sequence = $3)
	RETURNING t.*
), counted AS (
	UPDATE taskward.owners AS o SET sequence = changed.sequence FROM changed WHERE o.user_id = $1
)
SELECT ` + columns + ` FROM changed`,

	complete: `
WITH owner AS (
	SELECT sequence FROM taskward.owners WHERE user_id = $1 FOR NO KEY UPDATE
), changed AS (
	UPDATE taskward.tasks AS t SET
		completed = COALESCE($5, NOT t.completed),
		updated_at = GREATEST(t.updated_at, $4),
		sequence = owner.sequence + 1
	FROM owner WHERE t.user_id = $1 AND t.id = $2 AND ($3::bigint = 0 OR t.sequence = $3)
	RETURNING t.*
), counted AS (
	UPDATE taskward.owners AS o SET sequence = changed.sequence FROM changed WHERE o.user_id = $1
)
SELECT ` + columns + ` FROM changed`,

	delete: `
WITH owner AS (
	SELECT sequence FROM taskward.owners WHERE user_id = $1 FOR NO KEY UPDATE
), deleted AS (
	DELETE FROM taskward.tasks AS t
	USING owner WHERE t.user_id = $1 AND t.id = $2 AND ($3::bigint = 0 OR t.sequence = $3)
	RETURNING t.*
), counted AS (
	UPDATE taskward.owners AS o SET sequence = o.sequence + 1 FROM deleted WHERE o.user_id = $1
)
SELECT ` + columns + ` FROM deleted`,

	lock: `
INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 0, 0)
ON CONFLICT (user_id) DO UPDATE SET sequence = o.sequence
RETURNING last_task_id, sequence`,

	save: `
INSERT INTO taskward.tasks (user_id, id, title, description, completed, created_at, updated_at, sequence)
SELECT $1, saved.* FROM unnest($2::bigint[], $3::text[], $4::text[], $5::boolean[], $6::timestamptz[], $7::timestamptz[], $8::bigint[]) AS saved
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed,
	updated_at = excluded.updated_at, sequence = excluded.sequence`,

	remove: `
DELETE FROM taskward.tasks WHERE user_id = $1 AND id = ANY ($2::bigint[])`,

	count: `
UPDATE taskward.owners SET last_task_id = $2, sequence = $3 WHERE user_id = $1`,
}

func listings() map[listing]string {
	sources := map[domain.Optional[bool]]string{
		{}:                 `taskward.tasks WHERE user_id = $1`,
		domain.Some(false): `taskward.tasks WHERE user_id = $1 AND NOT completed`, // as the partial index has it
		domain.Some(true):  `taskward.tasks WHERE user_id = $1 AND completed`,
	}
	statements := map[listing]string{}
	for completed, source := range sources {
		for _, oldestFirst := range []bool{false, true} {
			follows, order := ` AND id < $2`, ` ORDER BY id DESC`
			if oldestFirst {
				follows, order = ` AND id > $2`, ` ORDER BY id`
			}
			page := `SELECT ` + columns + ` FROM ` + source + follows + order + ` LIMIT $3 OFFSET $4`
			total := `SELECT count(*) AS total FROM ` + source
			statements[listing{completed, oldestFirst, false}] = page
			// The total comes with each row, and alone where the page is empty.
			statements[listing{completed, oldestFirst, true}] = `SELECT ` + columns + `, total FROM (` + total + `) AS counted LEFT JOIN (` + page + `) AS page ON true` + order
		}
	}
	return statements
}
