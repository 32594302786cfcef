package portstest

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
)

var fidelityMutants = mutations{
	"Get and List return every field as Apply stored it": {
		{"a title is normalised where it is stored", changing(respelled(normalised))},
		{"a title's quotes are doubled where it is stored", changing(respelled(strings.NewReplacer("'", "''").Replace))},
		{"a title's wild cards are escaped where it is stored", changing(respelled(strings.NewReplacer("%", `\%`).Replace))},
		{"a title has no backslash", reading(titled(strings.NewReplacer(`\`, "").Replace))},
		{"a title is escaped for HTML", reading(titled(strings.NewReplacer("<", "&lt;").Replace))},
		{"a title has three bytes for a character at most", reading(titled(func(text string) string {
			return strings.Map(func(r rune) rune {
				if utf8.RuneLen(r) > 3 {
					return '?'
				}
				return r
			}, text)
		}))},
		{"a title has 255 bytes at most", reading(titled(func(text string) string { return strings.ToValidUTF8(first(255)(text), "") }))},
		{"an empty description is absent", reading(described(func(text string) (string, bool) { return text, text != "" }))},
		{"an absent description is empty", reading(func(task *domain.Task) {
			if _, ok := task.Description.Text(); !ok {
				task.Description = description("")
			}
		})},
		{"a description is trimmed", reading(described(func(text string) (string, bool) { return strings.TrimSpace(text), true }))},
		{"a description that says null is absent", reading(described(func(text string) (string, bool) { return text, text != "null" }))},
		{"a description's new lines are changed", reading(described(func(text string) (string, bool) { return strings.ReplaceAll(text, "\r\n", "\n"), true }))},
		{"lists leave descriptions out", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			for i := range page.Tasks {
				page.Tasks[i].Description = domain.Description{}
			}
		})},
		{"lists leave out what was edited", paging(func(_ domain.TaskQuery, page *domain.TaskPage) {
			page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return task.UpdatedAt != task.CreatedAt })
		})},
		{"lists show a task twice", paging(func(_ domain.TaskQuery, page *domain.TaskPage) { page.Tasks = append(page.Tasks, page.Tasks...) })},
		{"completed is not read", reading(func(task *domain.Task) { task.Completed = false })},
		{"times are cut to milliseconds", reading(timed(func(t time.Time) time.Time { return t.Truncate(time.Millisecond) }))},
		{"times are rounded to seconds", reading(timed(func(t time.Time) time.Time { return t.Round(time.Second) }))},
		{"times are read in another zone", reading(timed(func(t time.Time) time.Time { return t.In(time.FixedZone("", 3600)) }))},
		{"times are read as those of another zone", reading(timed(func(t time.Time) time.Time { return t.Add(time.Hour) }))},
		{"UpdatedAt is read from CreatedAt", reading(func(task *domain.Task) { task.UpdatedAt = task.CreatedAt })},
		{"CreatedAt is read from UpdatedAt", reading(func(task *domain.Task) { task.CreatedAt = task.UpdatedAt })},
		{"ids are not read", reading(func(task *domain.Task) { task.ID = 0 })},
	},
	"Returned values are copies": {
		{"List gives away its own page", overriding(func() mutant {
			type request struct {
				owner domain.UserID
				query domain.TaskQuery
			}
			var pages notes[request, domain.TaskPage]
			return mutant{
				list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
					if page, ok := pages.get(request{c.owner, query}); ok {
						return page, c.ctx.Err()
					}
					page, err := c.list(query)
					pages.put(request{c.owner, query}, page)
					return page, err
				},
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					pages.clear()
					return c.apply(batch)
				},
			}
		})},
		{"Apply gives away its own tasks", overriding(func() mutant {
			type key struct {
				owner domain.UserID
				id    domain.TaskID
			}
			var own notes[key, *domain.Task]
			return mutant{
				get: func(c call, id domain.TaskID) (domain.Task, error) {
					task, err := c.get(id)
					if mine, ok := own.get(key{c.owner, id}); ok && err == nil {
						return *mine, nil
					}
					return task, err
				},
				apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
					results, err := c.apply(batch)
					for i, task := range results {
						own.put(key{c.owner, task.ID}, &results[i])
					}
					return results, err
				},
			}
		})},
	},
}

// titled spells the title of a task otherwise.
func titled(spell func(string) string) func(*domain.Task) {
	return func(task *domain.Task) {
		if text := task.Title.String(); text != "" {
			task.Title = title(spell(text))
		}
	}
}

// respelled spells the title that a change gives otherwise.
func respelled(spell func(string) string) func(domain.Change) domain.Change {
	return func(change domain.Change) domain.Change {
		switch change := change.(type) {
		case domain.Create:
			change.Title = title(spell(change.Title.String()))
			return change
		case domain.Edit:
			if old, ok := change.Title.Get(); ok {
				change.Title = domain.Some(title(spell(old.String())))
			}
			return change
		}
		return change
	}
}

// described spells the description of a task otherwise, or drops it.
func described(spell func(string) (string, bool)) func(*domain.Task) {
	return func(task *domain.Task) {
		text, present := task.Description.Text()
		if !present {
			return
		}
		task.Description = domain.Description{}
		if text, present := spell(text); present {
			task.Description = description(text)
		}
	}
}

func timed(tell func(time.Time) time.Time) func(*domain.Task) {
	return func(task *domain.Task) { task.CreatedAt, task.UpdatedAt = tell(task.CreatedAt), tell(task.UpdatedAt) }
}
