package postgres

import "github.com/taskward/taskward/adapters/bunstore"

// lists are the words in which PostgreSQL is asked for lists of tasks.
var lists = bunstore.Lists{
	Mark:     `$`,
	Limit:    `LIMIT `,
	Tasks:    `taskward.tasks WHERE user_id = $1`,
	Open:     `taskward.tasks WHERE user_id = $1 AND NOT completed`, // as the partial index has it
	Sequence: `(SELECT sequence FROM taskward.owners WHERE user_id = $1)`,
	Title:    foldedTitle,
	Position: place,
	HasTags:  func(names string) string { return `tags @> ` + names + `::jsonb` },
	Mentions: func(text string) string {
		return `(strpos(` + foldedTitle + `, ` + text + `) > 0 OR strpos(` + foldedDescription + `, ` + text + `) > 0)`
	},
}

const (
	foldedTitle       = `COALESCE(title_folded, lower(title COLLATE "C")) COLLATE "C"`
	foldedDescription = `COALESCE(description_folded, lower(description COLLATE "C"))`
)
