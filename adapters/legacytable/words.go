package legacytable

import "github.com/taskward/taskward/domain"

// statuses are the words for whether a task is completed, in plain form.
var statuses = words[bool]{
	true: {"true", "t", "yes", "y", "1", "completed", "complete", "done", "finished", "closed", "resolved"},
	false: {
		"false", "f", "no", "n", "0", "pending", "todo", "open", "new", "active", "inprogress", "doing", "started", "notstarted",
		"incomplete", "uncompleted", "notcompleted", "notdone", "backlog",
	},
}

// priorities are the words for how much a task matters, in plain form.
var priorities = words[domain.Priority]{
	domain.Low:    {"low", "lowest", "minor"},
	domain.Medium: {"medium", "normal", "default", "none"},
	domain.High:   {"high", "highest", "urgent", "critical", "important"},
}

// words are those that mean the same.
type words[Meaning comparable] map[Meaning][]string

// meaning finds what a word means, whatever its case and however its parts are
// joined.
func (w words[Meaning]) meaning(word string) (Meaning, bool) {
	for meaning, all := range w {
		for _, known := range all {
			if plain(word) == known {
				return meaning, true
			}
		}
	}
	var none Meaning
	return none, false
}
