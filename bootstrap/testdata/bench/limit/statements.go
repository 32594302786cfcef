package main

// columns are those of a task, in the order in which [appendTask] takes them.
const columns = "id, title, description, completed, completed_at, priority, tags, due_date, due_zone, position, created_at, updated_at, sequence"

// The statements are Taskward's, to the letter: a test compares them with what
// its store sends.
const (
	list = `SELECT ` + columns + `, (SELECT sequence FROM taskward.owners WHERE user_id = $1) AS owner_sequence ` +
		`FROM taskward.tasks WHERE user_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3 OFFSET $4`

	get = `
SELECT ` + columns + ` FROM taskward.tasks WHERE user_id = $1 AND id = $2`

	create = `
WITH owner AS (
	INSERT INTO taskward.owners AS o (user_id, last_task_id, sequence) VALUES ($1, 1, 1)
	ON CONFLICT (user_id) DO UPDATE SET last_task_id = o.last_task_id + 1, sequence = o.sequence + 1
	RETURNING last_task_id, sequence
)
INSERT INTO taskward.tasks (user_id, id, title, description, completed, completed_at, priority, tags,
	due_date, due_zone, created_at, updated_at, sequence, due_at, title_folded, description_folded)
SELECT $1, owner.last_task_id, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, owner.sequence, $12, $13, $14 FROM owner
RETURNING ` + columns

	complete = `
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
SELECT ` + columns + ` FROM changed`
)
