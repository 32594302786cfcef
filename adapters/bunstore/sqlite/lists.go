package sqlite

import "github.com/taskward/taskward/adapters/bunstore"

// lists makes the statements that list tasks.
var lists = bunstore.Lists{
	Mark:     `?`,
	Limit:    limit,
	Tasks:    `tasks WHERE user_id = ?1`,
	Open:     `tasks INDEXED BY tasks_open WHERE user_id = ?1 AND NOT completed`, // without statistics SQLite would not choose it
	Sequence: `(SELECT sequence FROM owners WHERE user_id = ?1)`,
	Title:    `fold(title)`,
	Position: place,
	HasTags: func(names string) string {
		return `NOT EXISTS (SELECT 1 FROM json_each(` + names + `) AS wanted WHERE wanted.value NOT IN (SELECT value FROM json_each(tags)))`
	},
	Mentions: func(text string) string {
		return `(instr(fold(title), ` + text + `) > 0 OR instr(fold(description), ` + text + `) > 0)`
	},
}
