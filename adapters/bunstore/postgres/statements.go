package postgres

import "github.com/taskward/taskward/adapters/bunstore"

// statements are all that a store says to PostgreSQL about an owner, $1.
//
// Whatever changes an owner's tasks locks the owner's row first. So one
// owner's changes happen one after another, each sees the tasks as the one
// before it left them, and none can wait for another in a circle. Sequences
// are committed in their order for the same reason: who sees one has seen all
// before it.
type statements struct {
	get     string // $2 id
	trash   string // $2 sequence to end before, $3 time of what is over, $4 limit
	changes string // $2 sequence, $3 limit; each row tells what is forgotten
	state   string

	// One change, in one statement. None gives a row back unless the change
	// happened.
	create   string // $2 … the columns of [created]
	complete string // $2 id, $3 expected or 0, $4 time, $5 completed or null to toggle
	delete   string // $2 id, $3 expected or 0, $4 time, $5 time of what is over

	// A batch of changes that is worked out by [domain.Batch.Play]. Its result
	// is stored if the owner's sequence is still what it was, and else the
	// batch is worked out anew in a transaction that locks the owner first.
	lock   string
	look   string // $2 array of ids; gives the tasks, live or not, and with each row the counters
	beside string // $2 array of ids, $3 array of anchors; gives the same and what stands next to the anchors
	around string // $2 position
	save   string // $2 sequence as it was, $3 last_task_id, $4 sequence, $5 … arrays of the columns of [arrays]; gives a row if it was
	forget string // $2 time of what is over
	answer string // $2 key, $3 time; gives request and results
	keep   string // $2 key, $3 request, $4 results, $5 until, $6 time

	erase string // $2 sequence, $3 forgotten

	lists       bunstore.Lists // which make the statements that list tasks
	revocations revocationStatements
}

const (
	columns      = bunstore.Columns
	trashColumns = bunstore.TrashColumns

	// liveAsTrash makes live tasks look like those in the trash.
	liveAsTrash = columns + `, NULL::timestamptz AS deleted_at, false AS purged`

	// held are the owner's counters and the tasks $2, up to the last bracket.
	held = `
FROM (SELECT last_task_id, sequence AS owner_sequence, forgotten FROM taskward.owners WHERE user_id = $1) AS owner LEFT JOIN (
	SELECT ` + liveAsTrash + ` FROM taskward.tasks WHERE user_id = $1 AND id = ANY ($2::bigint[])
	UNION ALL
	SELECT ` + trashColumns + ` FROM taskward.trash WHERE user_id = $1 AND id = ANY ($2::bigint[])`

	// place is where a task stands in the owner's order, as domain.PositionOf
	// has it for one that was not moved.
	place = `COALESCE(position, to_hex(4611686018427387904 + id)) COLLATE "C"`
)

// ownersOnly are the statements that keep owners apart by their WHERE.
//
// The changes below read and lock the owner's row, change the task, and count
// the change if there was one, in this order. When the lock had to be waited
// for, PostgreSQL (READ COMMITTED) takes up the task's newest version, holds
// it against the WHERE again, and computes the new values from it.
var ownersOnly = statements{
	get: `
SELECT ` + columns + ` FROM taskward.tasks WHERE user_id = $1 AND id = $2`,

	trash: `
SELECT ` + trashColumns + ` FROM taskward.trash WHERE user_id = $1 AND sequence < $2 AND deleted_at > $3 AND NOT purged
ORDER BY sequence DESC LIMIT $4`,

	changes: `
SELECT ` + trashColumns + `, forgotten
FROM (SELECT forgotten FROM taskward.owners WHERE user_id = $1) AS owner LEFT JOIN (
	(SELECT ` + liveAsTrash + ` FROM taskward.tasks WHERE user_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3)
	UNION ALL
	(SELECT ` + trashColumns + ` FROM taskward.trash WHERE user_id = $1 AND sequence > $2 ORDER BY sequence LIMIT $3)
	ORDER BY sequence LIMIT $3
) AS changed ON true`,

	state: `
SELECT last_task_id, sequence AS owner_sequence, forgotten FROM taskward.owners WHERE user_id = $1`,

	create: `
WITH owner AS (
	INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 1, 1)
	ON CONFLICT (user_id) DO UPDATE SET last_task_id = o.last_task_id + 1, sequence = o.sequence + 1
	RETURNING last_task_id, sequence
)
INSERT INTO taskward.tasks (user_id, id, title, description, completed, completed_at, priority, tags,
	due_date, due_zone, created_at, updated_at, sequence, due_at, title_folded, description_folded)
SELECT $1, owner.last_task_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, owner.sequence, $12, $13, $14 FROM owner
RETURNING ` + columns,

	complete: `
WITH owner AS (
	SELECT sequence FROM taskward.owners WHERE user_id = $1 FOR NO KEY UPDATE
), changed AS (
	UPDATE taskward.tasks AS t SET
		completed = COALESCE($5, NOT t.completed),
		completed_at = CASE WHEN NOT COALESCE($5, NOT t.completed) THEN NULL WHEN t.completed THEN t.completed_at ELSE $4 END,
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
	RETURNING t.*, owner.sequence + 1 AS last
), trashed AS (
	INSERT INTO taskward.trash (user_id, id, title, description, completed, completed_at, priority, tags,
		due_date, due_zone, position, created_at, updated_at, sequence, deleted_at, purged)
	SELECT $1, id, title, description, completed, completed_at, priority, tags,
		due_date, due_zone, position, created_at, GREATEST(updated_at, $4), last, $4, false FROM deleted
	RETURNING ` + trashColumns + `
), forgotten AS (
	DELETE FROM taskward.trash AS f USING trashed
	WHERE f.user_id = $1 AND f.deleted_at <= $5 AND f.id = ANY (ARRAY(
		SELECT id FROM taskward.trash WHERE user_id = $1 AND deleted_at <= $5 ORDER BY deleted_at LIMIT 100
	))
	RETURNING f.sequence
), counted AS (
	UPDATE taskward.owners AS o SET sequence = trashed.sequence,
		forgotten = GREATEST(o.forgotten, (SELECT max(sequence) FROM forgotten))
	FROM trashed WHERE o.user_id = $1
)
SELECT ` + trashColumns + ` FROM trashed`,

	lock: `
INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 0, 0)
ON CONFLICT (user_id) DO UPDATE SET sequence = o.sequence`,

	look: `
SELECT ` + trashColumns + `, last_task_id, owner_sequence, forgotten` + held + `
) AS held ON true`,

	beside: `
SELECT ` + trashColumns + `, last_task_id, owner_sequence, forgotten, anchor, below, above` + held + `
) AS held ON true LEFT JOIN LATERAL (
	SELECT true AS anchor, max(place) FILTER (WHERE place < stands) AS below, min(place) FILTER (WHERE place > stands) AS above
	FROM (SELECT ` + place + ` AS place FROM taskward.tasks WHERE user_id = $1) AS standing,
		(SELECT ` + place + ` AS stands FROM taskward.tasks WHERE user_id = $1 AND id = held.id) AS it
	HAVING count(*) > 0
) AS next ON held.id = ANY ($3::bigint[])`,

	around: `
SELECT max(place) FILTER (WHERE place < $2), min(place) FILTER (WHERE place > $2)
FROM (SELECT ` + place + ` AS place FROM taskward.tasks WHERE user_id = $1) AS standing`,

	save: `
WITH owner AS (
	UPDATE taskward.owners SET last_task_id = $3, sequence = $4 WHERE user_id = $1 AND sequence = $2
	RETURNING 1
), saved AS (
	SELECT saved.* FROM owner, unnest(
		$5::bigint[], $6::text[], $7::text[], $8::boolean[], $9::timestamptz[], $10::bigint[], $11::text[],
		$12::text[], $13::text[], $14::text[], $15::timestamptz[], $16::timestamptz[], $17::bigint[],
		$18::bigint[], $19::text[], $20::text[], $21::timestamptz[], $22::boolean[]
	) AS saved (id, title, description, completed, completed_at, priority, tags,
		due_date, due_zone, position, created_at, updated_at, sequence,
		due_at, title_folded, description_folded, deleted_at, purged)
), left_list AS (
	DELETE FROM taskward.tasks WHERE user_id = $1 AND id = ANY (ARRAY(SELECT id FROM saved WHERE deleted_at IS NOT NULL))
), left_trash AS (
	DELETE FROM taskward.trash WHERE user_id = $1 AND id = ANY (ARRAY(SELECT id FROM saved WHERE deleted_at IS NULL))
), listed AS (
	INSERT INTO taskward.tasks (user_id, id, title, description, completed, completed_at, priority, tags,
		due_date, due_zone, position, created_at, updated_at, sequence, due_at, title_folded, description_folded)
	SELECT $1, id, title, description, completed, completed_at, priority, tags::jsonb,
		due_date, due_zone, position, created_at, updated_at, sequence, due_at, title_folded, description_folded
	FROM saved WHERE deleted_at IS NULL
	ON CONFLICT (user_id, id) DO UPDATE SET
		title = excluded.title, description = excluded.description, completed = excluded.completed, completed_at = excluded.completed_at,
		priority = excluded.priority, tags = excluded.tags, due_date = excluded.due_date, due_zone = excluded.due_zone,
		position = excluded.position, updated_at = excluded.updated_at, sequence = excluded.sequence, due_at = excluded.due_at,
		title_folded = excluded.title_folded, description_folded = excluded.description_folded
), trashed AS (
	INSERT INTO taskward.trash (user_id, id, title, description, completed, completed_at, priority, tags,
		due_date, due_zone, position, created_at, updated_at, sequence, deleted_at, purged)
	SELECT $1, id, title, description, completed, completed_at, priority, tags::jsonb,
		due_date, due_zone, position, created_at, updated_at, sequence, deleted_at, purged
	FROM saved WHERE deleted_at IS NOT NULL
	ON CONFLICT (user_id, id) DO UPDATE SET
		title = excluded.title, description = excluded.description, completed = excluded.completed, completed_at = excluded.completed_at,
		priority = excluded.priority, tags = excluded.tags, due_date = excluded.due_date, due_zone = excluded.due_zone,
		position = excluded.position, created_at = excluded.created_at, updated_at = excluded.updated_at, sequence = excluded.sequence,
		deleted_at = excluded.deleted_at, purged = excluded.purged
)
SELECT 1 FROM owner`,

	forget: `
WITH forgotten AS (
	DELETE FROM taskward.trash WHERE user_id = $1 AND id = ANY (ARRAY(
		SELECT id FROM taskward.trash WHERE user_id = $1 AND deleted_at <= $2 ORDER BY deleted_at LIMIT 100
	))
	RETURNING sequence
)
UPDATE taskward.owners AS o SET forgotten = GREATEST(o.forgotten, (SELECT max(sequence) FROM forgotten)) WHERE o.user_id = $1`,

	answer: `
SELECT request, results FROM taskward.answers WHERE user_id = $1 AND key = $2 AND kept_until > $3`,

	keep: `
WITH forgotten AS (
	DELETE FROM taskward.answers WHERE user_id = $1 AND key = ANY (ARRAY(
		SELECT key FROM taskward.answers WHERE user_id = $1 AND kept_until <= $6 AND key <> $2 ORDER BY kept_until LIMIT 100
	))
)
INSERT INTO taskward.answers (user_id, key, request, results, kept_until) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, results = excluded.results, kept_until = excluded.kept_until`,

	erase: `
WITH tasks AS (
	DELETE FROM taskward.tasks WHERE user_id = $1
), trash AS (
	DELETE FROM taskward.trash WHERE user_id = $1
), answers AS (
	DELETE FROM taskward.answers WHERE user_id = $1
)
UPDATE taskward.owners SET sequence = $2, forgotten = $3 WHERE user_id = $1`,

	lists:       lists,
	revocations: revocations,
}

// everybody is the one statement that reads more than one owner: $1 whom to
// begin after, $2 limit.
const everybody = `
SELECT user_id FROM taskward.owners WHERE user_id COLLATE "C" > $1 ORDER BY user_id COLLATE "C" LIMIT $2`
