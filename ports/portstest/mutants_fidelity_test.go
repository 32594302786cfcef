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
		{"priorities are not read", reading(func(task *domain.Task) { task.Priority = domain.DefaultPriority })},
		{"tags are sorted", reading(retagged(func(names []string) []string { return slices.Sorted(slices.Values(names)) }))},
		{"tags are joined by commas", reading(retagged(func(names []string) []string { return strings.Split(strings.Join(names, ", "), ", ") }))},
		{"tags have no white space", reading(retagged(func(names []string) []string {
			return strings.Split(strings.ReplaceAll(strings.Join(names, "\n"), " ", ""), "\n")
		}))},
		{"tags are escaped for HTML", reading(retagged(func(names []string) []string {
			return strings.Split(strings.ReplaceAll(strings.Join(names, "\n"), "<", "&lt;"), "\n")
		}))},
		{"a due date is written in UTC", reading(redated(func(date domain.DueDate) string { return date.At().Format(time.RFC3339Nano) }))},
		{"a due date is a day", reading(redated(func(date domain.DueDate) string { return date.String()[:len(time.DateOnly)] }))},
		{"a due date has microseconds", reading(redated(func(date domain.DueDate) string { return strings.Replace(date.String(), "00000001", "", 1) }))},
		{"a due date's zeros are dropped", reading(redated(func(date domain.DueDate) string { return strings.Replace(date.String(), ".10", ".1", 1) }))},
		{"a due date at no offset is in UTC", reading(redated(func(date domain.DueDate) string { return strings.Replace(date.String(), "-00:00", "Z", 1) }))},
		{"zones are not read", reading(func(task *domain.Task) { task.Due = must(domain.NewDue(task.Due.Date(), domain.Zone{})) })},
		{"zones have 20 letters at most", reading(func(task *domain.Task) {
			task.Due = must(domain.NewDue(task.Due.Date(), zone(first(20)(task.Due.Zone().String()))))
		})},
		{"positions are not read", reading(func(task *domain.Task) { task.Position = domain.PositionOf(task.ID) })},
		{"positions have no case", reading(func(task *domain.Task) { task.Position = position(strings.ToLower(task.Position.String())) })},
		{"positions are cut at 100 bytes", reading(func(task *domain.Task) { task.Position = position(first(100)(task.Position.String())) })},
		{"CompletedAt is not read", reading(func(task *domain.Task) { task.CompletedAt = time.Time{} })},
		{"years before 1900 are not read", reading(timed(func(t time.Time) time.Time {
			if t.Year() < 1900 {
				return t.AddDate(1, 0, 0)
			}
			return t
		}))},
		{"what was before the epoch is not read", reading(func(task *domain.Task) {
			if task.CompletedAt.Unix() < 0 {
				task.CompletedAt = time.Time{}
			}
		})},
	},
	"Trash and Changes return every field as Apply stored it": {
		{"the trash has no descriptions", recalling(func(task *domain.Task) { task.Description = domain.Description{} })},
		{"the trash has no tags", recalling(func(task *domain.Task) { task.Tags = domain.Tags{} })},
		{"the trash has no due dates", recalling(func(task *domain.Task) { task.Due = domain.Due{} })},
		{"the trash has no positions", recalling(func(task *domain.Task) { task.Position = domain.PositionOf(task.ID) })},
		{"the trash has no priorities", recalling(func(task *domain.Task) { task.Priority = domain.DefaultPriority })},
		{"the trash has no completions", recalling(func(task *domain.Task) { task.Completed = false })},
		{"the trash has no times of completion", recalling(func(task *domain.Task) { task.CompletedAt = time.Time{} })},
		{"the trash has an empty description where there is none", recalling(func(task *domain.Task) {
			text, _ := task.Description.Text()
			task.Description = description(text)
		})},
		{"the trash has seconds", recalling(timed(func(t time.Time) time.Time { return t.Truncate(time.Second) }))},
		{"the trash has no owner", recalling(func(task *domain.Task) { task.Owner = "" })},
		{"Trash has no tags", overriding(func() mutant {
			return mutant{trash: spoiledTrash(func(task *domain.Task) { task.Tags = domain.Tags{} })}
		})},
		{"Changes has no tags", overriding(func() mutant {
			return mutant{changes: spoiledChanges(func(task *domain.Task) { task.Tags = domain.Tags{} })}
		})},
		{"what was restored has lost its zone", remaking(func(before, after domain.Task) domain.Task {
			if !before.IsLive() {
				after.Due = must(domain.NewDue(after.Due.Date(), domain.Zone{}))
			}
			return after
		})},
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
		{"what comes again with a key is what was given before", overriding(func() mutant {
			var kept notes[answerKey, []domain.Task]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if results, known := kept.get(answerKey{c.owner, once.Key}); keyed && known {
					return results, nil
				}
				results, err := c.apply(batch)
				kept.put(answerKey{c.owner, once.Key}, results)
				return results, err
			}}
		})},
		{"Trash gives away its own page", overriding(func() mutant {
			var pages notes[domain.UserID, domain.TaskPage]
			return mutant{trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
				if page, ok := pages.get(c.owner); ok {
					return page, c.ctx.Err()
				}
				page, err := c.trash(query)
				pages.put(c.owner, page)
				return page, err
			}}
		})},
		{"Changes gives away its own feed", overriding(func() mutant {
			var feeds notes[domain.UserID, domain.Feed]
			return mutant{changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
				if feed, ok := feeds.get(c.owner); ok {
					return feed, c.ctx.Err()
				}
				feed, err := c.changes(since, limit)
				feeds.put(c.owner, feed)
				return feed, err
			}}
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

// retagged gives a task other tags.
func retagged(spell func([]string) []string) func(*domain.Task) {
	return func(task *domain.Task) {
		if names := task.Tags.Names(); len(names) > 0 {
			task.Tags = must(domain.RestoreTags(spell(names)))
		}
	}
}

// redated writes the due date of a task otherwise.
func redated(spell func(domain.DueDate) string) func(*domain.Task) {
	return func(task *domain.Task) {
		if date := task.Due.Date(); date != (domain.DueDate{}) {
			task.Due = must(domain.NewDue(dueDate(spell(date)), task.Due.Zone()))
		}
	}
}

// timed tells the times of a task otherwise.
func timed(tell func(time.Time) time.Time) func(*domain.Task) {
	return func(task *domain.Task) {
		for _, at := range []*time.Time{&task.CreatedAt, &task.UpdatedAt, &task.CompletedAt, &task.DeletedAt} {
			if !at.IsZero() {
				*at = tell(*at)
			}
		}
	}
}
