package sqlite

import "github.com/taskward/taskward/adapters/bunstore"

const (
	columns      = bunstore.Columns
	trashColumns = bunstore.TrashColumns

	// liveAsTrash makes live tasks look like those in the trash.
	liveAsTrash = columns + `, NULL AS deleted_at, false AS purged`

	// place is where a task stands in the owner's order, as domain.PositionOf
	// has it for one that was not moved.
	place = `COALESCE(position, printf('%016x', 4611686018427387904 + id))`

	// limit comes before a parameter. At one that stands by itself SQLite looks
	// to make its plan, so it plans anew each time that the parameter is bound,
	// which is a quarter of the processor time of a list of 20, and four fifths of
	// that of finding no change.
	limit = `LIMIT +`
)

// statements is all that a store says to SQLite about tasks, but for what
// [lists] make. ?1 is always the owner.
var statements = struct {
	get     string // ?2 id
	trash   string // ?2 sequence to end before, ?3 time of what is over, ?4 limit
	changes string // ?2 sequence, ?3 limit; each row tells what is forgotten
	state   string

	// A batch of changes, in one transaction.
	look      string // ?2 JSON array of ids; gives the tasks, live or not, and with each row the counters
	around    string // ?2 position
	saveLive  string // ?2 … the columns of [live]
	saveTrash string // ?2 … the columns of [trashed]
	dropLive  string // ?2 id
	dropTrash string // ?2 id
	forget    string // ?2 time of what is over; gives the sequences
	count     string // ?2 last_task_id, ?3 sequence, ?4 forgotten

	answer        string // ?2 key, ?3 time; gives request and results
	keep          string // ?2 key, ?3 request, ?4 results, ?5 until
	forgetAnswers string // ?2 time

	// Erasing, in one transaction.
	eraseLive    string
	eraseTrash   string
	eraseAnswers string
}{
	get: `
SELECT ` + columns + ` FROM tasks WHERE user_id = ?1 AND id = ?2`,

	trash: `
SELECT ` + trashColumns + ` FROM trash WHERE user_id = ?1 AND sequence < ?2 AND deleted_at > ?3 AND NOT purged
ORDER BY sequence DESC ` + limit + `?4`,

	changes: `
SELECT ` + trashColumns + `, forgotten
FROM (SELECT forgotten FROM owners WHERE user_id = ?1) AS owner LEFT JOIN (
	SELECT ` + liveAsTrash + ` FROM tasks WHERE user_id = ?1 AND sequence > ?2
	UNION ALL
	SELECT ` + trashColumns + ` FROM trash WHERE user_id = ?1 AND sequence > ?2
	ORDER BY sequence ` + limit + `?3
) AS changed ON true`,

	state: `
SELECT last_task_id, sequence AS owner_sequence, forgotten FROM owners WHERE user_id = ?1`,

	look: `
SELECT ` + trashColumns + `, last_task_id, owner_sequence, forgotten
FROM (SELECT last_task_id, sequence AS owner_sequence, forgotten FROM owners WHERE user_id = ?1) AS owner LEFT JOIN (
	SELECT ` + liveAsTrash + ` FROM tasks WHERE user_id = ?1 AND id IN (SELECT value FROM json_each(?2))
	UNION ALL
	SELECT ` + trashColumns + ` FROM trash WHERE user_id = ?1 AND id IN (SELECT value FROM json_each(?2))
) AS held ON true`,

	around: `
SELECT max(place) FILTER (WHERE place < ?2), min(place) FILTER (WHERE place > ?2)
FROM (SELECT ` + place + ` AS place FROM tasks WHERE user_id = ?1)`,

	saveLive: `
INSERT INTO tasks (user_id, id, title, description, completed, completed_at, priority, tags,
	due_date, due_zone, position, created_at, updated_at, sequence, due_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed, completed_at = excluded.completed_at,
	priority = excluded.priority, tags = excluded.tags, due_date = excluded.due_date, due_zone = excluded.due_zone,
	position = excluded.position, updated_at = excluded.updated_at, sequence = excluded.sequence, due_at = excluded.due_at`,

	saveTrash: `
INSERT INTO trash (user_id, id, title, description, completed, completed_at, priority, tags,
	due_date, due_zone, position, created_at, updated_at, sequence, deleted_at, purged)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
ON CONFLICT (user_id, id) DO UPDATE SET
	title = excluded.title, description = excluded.description, completed = excluded.completed, completed_at = excluded.completed_at,
	priority = excluded.priority, tags = excluded.tags, due_date = excluded.due_date, due_zone = excluded.due_zone,
	position = excluded.position, created_at = excluded.created_at, updated_at = excluded.updated_at, sequence = excluded.sequence,
	deleted_at = excluded.deleted_at, purged = excluded.purged`,

	dropLive: `
DELETE FROM tasks WHERE user_id = ?1 AND id = ?2`,

	dropTrash: `
DELETE FROM trash WHERE user_id = ?1 AND id = ?2`,

	forget: `
DELETE FROM trash WHERE user_id = ?1 AND id IN (
	SELECT id FROM trash WHERE user_id = ?1 AND deleted_at <= ?2 ORDER BY deleted_at LIMIT 100
)
RETURNING sequence`,

	count: `
INSERT INTO owners (user_id, last_task_id, sequence, forgotten) VALUES (?1, ?2, ?3, ?4)
ON CONFLICT (user_id) DO UPDATE SET last_task_id = excluded.last_task_id, sequence = excluded.sequence, forgotten = excluded.forgotten`,

	answer: `
SELECT request, results FROM answers WHERE user_id = ?1 AND key = ?2 AND kept_until > ?3`,

	keep: `
INSERT INTO answers (user_id, key, request, results, kept_until) VALUES (?1, ?2, ?3, ?4, ?5)
ON CONFLICT (user_id, key) DO UPDATE SET request = excluded.request, results = excluded.results, kept_until = excluded.kept_until`,

	forgetAnswers: `
DELETE FROM answers WHERE user_id = ?1 AND key IN (
	SELECT key FROM answers WHERE user_id = ?1 AND kept_until <= ?2 ORDER BY kept_until LIMIT 100
)`,

	eraseLive: `
DELETE FROM tasks WHERE user_id = ?1`,

	eraseTrash: `
DELETE FROM trash WHERE user_id = ?1`,

	eraseAnswers: `
DELETE FROM answers WHERE user_id = ?1`,
}

// everybody is the one statement that is not about one owner: ?1 whom to
// begin after, ?2 limit.
const everybody = `
SELECT user_id FROM owners WHERE user_id > ?1 ORDER BY user_id ` + limit + `?2`
