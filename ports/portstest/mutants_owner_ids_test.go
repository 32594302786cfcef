package portstest

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/taskward/taskward/domain"
)

var ownerIDMutants = mutations{
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
		{"case is ignored by Trash", inTable(func(t *table) { t.trashSees = equalFold })},
		{"case is ignored by Changes", inTable(func(t *table) { t.feedSees = equalFold })},
		{"case is ignored by Apply", inTable(func(t *table) { t.applySees = equalFold })},
		{"case is ignored by Erase", inTable(func(t *table) { t.eraseSees = equalFold })},
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
		// as gives the call on behalf of the other owner, and what takes that
		// owner out of the answer again.
		as := func(c call) (call, func(*domain.Task)) {
			asking := c.owner
			c.owner = key(c.owner)
			return c, func(task *domain.Task) { task.Owner = asking }
		}
		return mutant{
			get: func(c call, id domain.TaskID) (domain.Task, error) {
				c, rename := as(c)
				return spoiledGet(rename)(c, id)
			},
			list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				c, rename := as(c)
				return spoiledList(rename)(c, query)
			},
			trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
				c, rename := as(c)
				return spoiledTrash(rename)(c, query)
			},
			changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
				c, rename := as(c)
				return spoiledChanges(rename)(c, since, limit)
			},
			state: func(c call) (domain.Counters, error) {
				c, _ = as(c)
				return c.state()
			},
			apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				c, rename := as(c)
				return spoiledApply(rename)(c, batch)
			},
			erase: func(c call) error {
				c, _ = as(c)
				return c.erase()
			},
		}
	})
}
