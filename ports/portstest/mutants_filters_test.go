package portstest

import (
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

var filterMutants = mutations{
	"Completed lists only tasks in that state": {
		{"Completed is ignored", asking(func(query *domain.TaskQuery) { query.Completed = domain.Optional[bool]{} })},
		{"Completed is ignored if false", asking(func(query *domain.TaskQuery) {
			if !query.Completed.Or(false) {
				query.Completed = domain.Optional[bool]{}
			}
		})},
		{"Completed is the other way round", asking(func(query *domain.TaskQuery) {
			if completed, ok := query.Completed.Get(); ok {
				query.Completed = domain.Some(!completed)
			}
		})},
		{"Completed is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Completed = domain.Optional[bool]{}
			}
		})},
		{"Completed thins out a page", filteringLate(func(query *domain.TaskQuery) { query.Skip = 0 })},
	},
	"Priority lists only tasks of that priority": {
		{"Priority is ignored", asking(func(query *domain.TaskQuery) { query.Priority = domain.Optional[domain.Priority]{} })},
		{"Priority is the least that a task has", filtering(func(query domain.TaskQuery, task domain.Task) bool {
			return task.Priority >= query.Priority.Or(task.Priority)
		}, func(query *domain.TaskQuery) { query.Priority = domain.Optional[domain.Priority]{} })},
		{"a priority of high is ignored", asking(func(query *domain.TaskQuery) {
			if query.Priority.Or(0) == domain.High {
				query.Priority = domain.Optional[domain.Priority]{}
			}
		})},
		{"Priority is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Priority = domain.Optional[domain.Priority]{}
			}
		})},
	},
	"Tags lists only tasks that have them all": {
		{"Tags is ignored", asking(func(query *domain.TaskQuery) { query.Tags = domain.Tags{} })},
		{"Tags lists tasks that have one of them", tagged(func(task, asked []string) bool {
			return len(asked) == 0 || slices.ContainsFunc(asked, func(name string) bool { return slices.Contains(task, name) })
		})},
		{"Tags lists tasks that have no others", tagged(func(task, asked []string) bool {
			return len(asked) == 0 || slices.Equal(slices.Sorted(slices.Values(task)), slices.Sorted(slices.Values(asked)))
		})},
		{"Tags lists tasks that have them in that order", tagged(func(task, asked []string) bool {
			return strings.Contains("\n"+strings.Join(task, "\n")+"\n", "\n"+strings.Join(append(asked, ""), "\n"))
		})},
		{"a tag is found in another", tagged(eachTag(strings.Contains))},
		{"a tag is found whatever case it has", tagged(eachTag(strings.EqualFold))},
		{"a tag is a pattern", tagged(eachTag(func(name, asked string) bool { return like(domain.UserID(asked), domain.UserID(name)) }))},
		{"a tag is normalised", tagged(eachTag(func(name, asked string) bool { return normalised(name) == normalised(asked) }))},
		{"a tag with a quote is not found", tagged(eachTag(func(name, asked string) bool { return name == asked && !strings.Contains(name, `"`) }))},
		{"a tag with a backslash is not found", tagged(eachTag(func(name, asked string) bool { return name == asked && !strings.Contains(name, `\`) }))},
		{"tags are split at commas", tagged(func(task, asked []string) bool {
			return eachTag(func(name, asked string) bool { return slices.Contains(strings.Split(name, ", "), asked) })(task, asked)
		})},
		{"Tags is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Tags = domain.Tags{}
			}
		})},
	},
	"DueFrom and DueBefore list only tasks that are due from the one and before the other": {
		{"DueFrom is ignored", asking(func(query *domain.TaskQuery) { query.DueFrom = time.Time{} })},
		{"DueBefore is ignored", asking(func(query *domain.TaskQuery) { query.DueBefore = time.Time{} })},
		{"DueFrom leaves out the moment itself", asking(func(query *domain.TaskQuery) {
			if !query.DueFrom.IsZero() {
				query.DueFrom = query.DueFrom.Add(time.Microsecond)
			}
		})},
		{"DueBefore lists the moment itself", asking(func(query *domain.TaskQuery) {
			if !query.DueBefore.IsZero() {
				query.DueBefore = query.DueBefore.Add(time.Microsecond)
			}
		})},
		{"DueFrom lists tasks that are never due", dueWithin(func(query domain.TaskQuery, due domain.DueDate) bool {
			return due == domain.DueDate{} && query.DueBefore.IsZero() || !due.At().Before(query.DueFrom) && (query.DueBefore.IsZero() || due.At().Before(query.DueBefore))
		})},
		{"DueBefore lists tasks that are never due", dueWithin(func(query domain.TaskQuery, due domain.DueDate) bool {
			return !due.At().Before(query.DueFrom) && (query.DueBefore.IsZero() || due.At().Before(query.DueBefore))
		})},
		{"due dates are compared as they are written", dueWithin(func(query domain.TaskQuery, due domain.DueDate) bool {
			return due != (domain.DueDate{}) && due.String() >= query.DueFrom.Format(time.DateOnly) &&
				(query.DueBefore.IsZero() || due.String() < query.DueBefore.Format(time.DateOnly))
		})},
		{"a date is due at the end of the day", dueWithin(func(query domain.TaskQuery, due domain.DueDate) bool {
			at := due.At()
			if len(due.String()) == len(time.DateOnly) {
				at = at.Add(24*time.Hour - time.Microsecond)
			}
			return due != (domain.DueDate{}) && !at.Before(query.DueFrom) && (query.DueBefore.IsZero() || at.Before(query.DueBefore))
		})},
		{"moments are compared by the second", asking(func(query *domain.TaskQuery) {
			query.DueFrom, query.DueBefore = query.DueFrom.Truncate(time.Second), query.DueBefore.Truncate(time.Second)
		})},
	},
	"UpdatedSince lists only tasks updated then or later": {
		{"UpdatedSince is ignored", asking(func(query *domain.TaskQuery) { query.UpdatedSince = time.Time{} })},
		{"UpdatedSince leaves out the moment itself", asking(func(query *domain.TaskQuery) {
			if !query.UpdatedSince.IsZero() {
				query.UpdatedSince = query.UpdatedSince.Add(time.Microsecond)
			}
		})},
		{"UpdatedSince is cut to milliseconds", asking(func(query *domain.TaskQuery) { query.UpdatedSince = query.UpdatedSince.Truncate(time.Millisecond) })},
		{"UpdatedSince looks at CreatedAt", filtering(func(query domain.TaskQuery, task domain.Task) bool {
			return !task.CreatedAt.Before(query.UpdatedSince)
		}, func(query *domain.TaskQuery) { query.UpdatedSince = time.Time{} })},
		{"UpdatedSince knows of few years", asking(func(query *domain.TaskQuery) {
			if query.UpdatedSince.Year() < 1970 && !query.UpdatedSince.IsZero() {
				query.UpdatedSince = later.AddDate(1000, 0, 0)
			}
		})},
	},
	"Search lists only tasks that have the text in title or description, whatever case and accents it has there": {
		{"Search is ignored", asking(func(query *domain.TaskQuery) { query.Search = "" })},
		{"Search looks at titles", searching(func(text, title, _ string) bool { return strings.Contains(domain.Fold(title), text) })},
		{"Search looks at descriptions", searching(func(text, _, description string) bool { return strings.Contains(domain.Fold(description), text) })},
		{"Search looks at title and description as one text", searching(func(text, title, description string) bool {
			return strings.Contains(domain.Fold(title+description), text)
		})},
		{"Search looks for title and description alike", searching(func(text, title, description string) bool {
			return strings.Contains(domain.Fold(title), text) && strings.Contains(domain.Fold(description), text)
		})},
		{"Search minds case", searching(found(func(text string) string { return text }))},
		{"Search minds accents", searching(found(strings.ToLower))},
		{"Search knows no letters but ours", searching(found(func(text string) string {
			return strings.Map(func(r rune) rune {
				if r > 0x370 {
					return '?'
				}
				return r
			}, domain.Fold(text))
		}))},
		{"Search looks for the beginning", searching(func(text, title, description string) bool {
			return strings.HasPrefix(domain.Fold(title), text) || strings.HasPrefix(domain.Fold(description), text)
		})},
		{"Search looks for words", searching(func(text, title, description string) bool {
			return slices.Contains(strings.Fields(domain.Fold(title+" "+description)), text)
		})},
		{"Search looks for a pattern", searching(func(text, title, description string) bool {
			pattern := domain.UserID("%" + text + "%")
			return like(pattern, domain.UserID(domain.Fold(title))) || like(pattern, domain.UserID(domain.Fold(description)))
		})},
		{"Search knows texts as they were created", filtering(func(query domain.TaskQuery, task domain.Task) bool {
			return query.Search == "" || task.CreatedAt.Equal(task.UpdatedAt) && found(domain.Fold)(query.Search, task.Title.String(), textOf(task))
		}, func(query *domain.TaskQuery) { query.Search = "" })},
		{"Search takes no description for null", searching(func(text, title, description string) bool {
			if description == "" {
				description = "null"
			}
			return found(domain.Fold)(text, title, description)
		})},
		{"Search is ignored with After", asking(func(query *domain.TaskQuery) {
			if query.After != nowhere {
				query.Search = ""
			}
		})},
	},
	"Total counts all tasks that pass the filters, whatever page is asked for, if Count is set": {
		{"the total is that of the page", totalling(func(_ domain.TaskQuery, page domain.TaskPage, _ int) int { return len(page.Tasks) })},
		{"the total counts what follows", totalling(func(query domain.TaskQuery, _ domain.TaskPage, total int) int { return total - query.Skip })},
		{"the total counts both states", totallingWithout(func(query *domain.TaskQuery) { query.Completed = domain.Optional[bool]{} })},
		{"the total counts what is deleted", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if err != nil {
				return page, err
			}
			trash, err := c.trash(domain.TrashQuery{Limit: plenty})
			if total, ok := page.Total.Get(); ok {
				page.Total = domain.Some(total + len(trash.Tasks))
			}
			return page, err
		})},
		{"the total leaves out what comes before After", listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			if _, ok := page.Total.Get(); ok && err == nil {
				query.Skip, query.Limit = 0, plenty
				rest, err := c.list(query)
				page.Total = domain.Some(len(rest.Tasks))
				return page, err
			}
			return page, err
		})},
		{"the total knows no priority", totallingWithout(func(query *domain.TaskQuery) { query.Priority = domain.Optional[domain.Priority]{} })},
		{"the total knows no tags", totallingWithout(func(query *domain.TaskQuery) { query.Tags = domain.Tags{} })},
		{"the total knows no DueFrom", totallingWithout(func(query *domain.TaskQuery) { query.DueFrom = time.Time{} })},
		{"the total knows no DueBefore", totallingWithout(func(query *domain.TaskQuery) { query.DueBefore = time.Time{} })},
		{"the total knows no UpdatedSince", totallingWithout(func(query *domain.TaskQuery) { query.UpdatedSince = time.Time{} })},
		{"the total knows no search", totallingWithout(func(query *domain.TaskQuery) { query.Search = "" })},
		{"there is a total unasked", asking(func(query *domain.TaskQuery) { query.Count = true })},
		{"there is no total", asking(func(query *domain.TaskQuery) { query.Count = false })},
		{"there is no total of an empty page", asking(func(query *domain.TaskQuery) { query.Count = query.Count && query.Limit > 0 })},
	},
}

// filteringLate has List look at the state of tasks when it has a page of both.
func filteringLate(spoil func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		state := query.Completed
		spoil(&query)
		query.Completed = domain.Optional[bool]{}
		page, err := c.list(query)
		page.Tasks = slices.DeleteFunc(page.Tasks, func(task domain.Task) bool { return state.Or(task.Completed) != task.Completed })
		return page, err
	})
}

// totalling counts otherwise.
func totalling(count func(query domain.TaskQuery, page domain.TaskPage, total int) int) harness {
	return paging(func(query domain.TaskQuery, page *domain.TaskPage) {
		if total, ok := page.Total.Get(); ok {
			page.Total = domain.Some(count(query, *page, total))
		}
	})
}

// totallingWithout counts without a filter.
func totallingWithout(drop func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		page, err := c.list(query)
		if err != nil {
			return page, err
		}
		drop(&query)
		all, err := c.list(query)
		page.Total = all.Total
		return page, err
	})
}

// filtering has List filter otherwise, and without the filter that is dropped.
func filtering(passes func(query domain.TaskQuery, task domain.Task) bool, drop func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		all, err := c.list(domain.TaskQuery{Limit: plenty})
		if err != nil {
			return all, err
		}
		kept := slices.DeleteFunc(all.Tasks, func(task domain.Task) bool { return !passes(query, task) })
		drop(&query)
		return query.Page(kept, all.Sequence), nil
	})
}

// tagged has List look otherwise for tags.
func tagged(has func(task, asked []string) bool) harness {
	return filtering(func(query domain.TaskQuery, task domain.Task) bool {
		return has(task.Tags.Names(), query.Tags.Names())
	}, func(query *domain.TaskQuery) { query.Tags = domain.Tags{} })
}

// eachTag looks for each tag by itself.
func eachTag(is func(name, asked string) bool) func(task, asked []string) bool {
	return func(task, asked []string) bool {
		return !slices.ContainsFunc(asked, func(wanted string) bool {
			return !slices.ContainsFunc(task, func(name string) bool { return is(name, wanted) })
		})
	}
}

// dueWithin has List look otherwise for due dates, where it is asked for any.
func dueWithin(is func(query domain.TaskQuery, due domain.DueDate) bool) harness {
	return filtering(func(query domain.TaskQuery, task domain.Task) bool {
		return query.DueFrom.IsZero() && query.DueBefore.IsZero() || is(query, task.Due.Date())
	}, func(query *domain.TaskQuery) { query.DueFrom, query.DueBefore = time.Time{}, time.Time{} })
}

// searching has List look otherwise for a text.
func searching(is func(text, title, description string) bool) harness {
	return filtering(func(query domain.TaskQuery, task domain.Task) bool {
		return query.Search == "" || is(query.Search, task.Title.String(), textOf(task))
	}, func(query *domain.TaskQuery) { query.Search = "" })
}

// found looks for a text in others that are spelled otherwise.
func found(spell func(string) string) func(text, title, description string) bool {
	return func(text, title, description string) bool {
		return strings.Contains(spell(title), text) || strings.Contains(spell(description), text)
	}
}

func textOf(task domain.Task) string {
	text, _ := task.Description.Text()
	return text
}
