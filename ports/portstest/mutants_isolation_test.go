package portstest

import (
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var isolationMutants = mutations{
	"Get hides another owner's task": {
		{"Get ignores the owner", inTable(func(t *table) { t.getSees = anyone })},
		{"Get shows earlier owners' tasks to later ones", inTable(func(t *table) {
			t.getSees = func(asking, owner domain.UserID) bool { return asking >= owner }
		})},
	},
	"List leaves out and does not count another owner's tasks": {
		{"List ignores the owner", inTable(func(t *table) { t.listSees = anyone })},
		{"List counts the tasks of all owners", inTable(func(t *table) { t.countSees = anyone })},
		{"List promises more when other owners have some", harness{tasks: func() ports.TaskRepository {
			counting := newTable(func(t *table) { t.countSees = anyone })
			return mutant{sound: counting, list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				asked := query.Count
				query.Count = true
				page, err := c.list(query)
				page.More = page.Total.Or(0) > query.Skip+len(page.Tasks)
				if !asked {
					page.Total = domain.Optional[int]{}
				}
				return page, err
			}}
		}}},
	},
	"Apply does not touch another owner's task": {
		{"Apply ignores the owner", inTable(func(t *table) { t.applySees = anyone })},
		{"Apply changes the tasks of that id of all owners", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.ID == before.ID {
						t.rows[i].Title = after.Title
					}
				}
				return after
			}
		})},
		{"Apply deletes the tasks of that id of all owners", effecting(func(t *table, _ play, effects *domain.Effects) {
			t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return slices.Contains(effects.Deleted, row.ID) })
		})},
	},
	"Owners are compared byte for byte": {
		{"upper and lower case owners are the same", keying(spelled(strings.ToLower))},
		{"white space around an owner is trimmed", keying(spelled(strings.TrimSpace))},
		{"white space after an owner is trimmed", keying(spelled(func(id string) string { return strings.TrimRight(id, " \t") }))},
		{"invisible characters of an owner are dropped", keying(spelled(strings.NewReplacer("\u200b", "").Replace))},
		{"owners are normalised", keying(spelled(normalised))},
		{"owners are told apart by their first 255 bytes", keying(spelled(first(255)))},
		{"an owner is a pattern", inTable(func(t *table) { t.getSees = like })},
		{"case is ignored by Get", inTable(func(t *table) { t.getSees = equalFold })},
		{"case is ignored by List", inTable(func(t *table) { t.listSees = equalFold })},
		{"case is ignored by Apply", inTable(func(t *table) { t.applySees = equalFold })},
		{"case is ignored by the counters", inTable(func(t *table) {
			t.counts = func(asking domain.UserID, counters domain.Counters) domain.Counters {
				for owner, other := range t.counters {
					if equalFold(asking, owner) && other.LastTaskID > counters.LastTaskID {
						counters = other
					}
				}
				return counters
			}
		})},
	},
	"Any owner id is kept as it is": {
		{"owners come back escaped", giving(func(task *domain.Task) { task.Owner = spelled(url.PathEscape)(task.Owner) })},
		{"owners come back trimmed", giving(func(task *domain.Task) { task.Owner = spelled(strings.TrimSpace)(task.Owner) })},
		{"owners come back cut at 1000 bytes", giving(func(task *domain.Task) { task.Owner = spelled(first(1000))(task.Owner) })},
		{"owners do not come back", giving(func(task *domain.Task) { task.Owner = "" })},
		{"owners come back cut from reads alone", reading(func(task *domain.Task) { task.Owner = spelled(first(255))(task.Owner) })},
	},
}

func anyone(domain.UserID, domain.UserID) bool { return true }

func equalFold(asking, owner domain.UserID) bool {
	return strings.EqualFold(string(asking), string(owner))
}

// like compares as SQL's LIKE does.
func like(asking, owner domain.UserID) bool {
	pattern := strings.NewReplacer("%", ".*", "_", ".").Replace(regexp.QuoteMeta(string(asking)))
	return regexp.MustCompile("(?s)^" + pattern + "$").MatchString(string(owner))
}

func spelled(spell func(string) string) func(domain.UserID) domain.UserID {
	return func(id domain.UserID) domain.UserID { return domain.UserID(spell(string(id))) }
}

// normalised composes the one character that the rules decompose.
func normalised(text string) string { return strings.ReplaceAll(text, "e\u0301", "é") }

func first(length int) func(string) string {
	return func(text string) string { return text[:min(len(text), length)] }
}

// keying keeps each owner's tasks as those of the owner that key makes of it.
func keying(key func(domain.UserID) domain.UserID) harness {
	return overriding(func() mutant {
		return mutant{
			get: func(c call, id domain.TaskID) (domain.Task, error) {
				asking := c.owner
				c.owner = key(c.owner)
				task, err := c.get(id)
				task.Owner = asking
				return task, err
			},
			list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				asking := c.owner
				c.owner = key(c.owner)
				page, err := c.list(query)
				for i := range page.Tasks {
					page.Tasks[i].Owner = asking
				}
				return page, err
			},
			apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				asking := c.owner
				c.owner = key(c.owner)
				results, err := c.apply(batch)
				for i := range results {
					results[i].Owner = asking
				}
				return results, err
			},
		}
	})
}
