package portstest

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"time"

	"github.com/taskward/taskward/domain"
)

var feedMutants = mutations{
	"Changes returns each task that changed since the mark once, as it is now, in the order of the last changes, at most limit of them": {
		{"a feed has no limit", telling(func(c call, since domain.Mark, _ int) (domain.Feed, error) { return c.changes(since, plenty) })},
		{"a feed takes a limit of none for no limit", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			return c.changes(since, cmp.Or(limit, plenty))
		})},
		{"a feed gives one too many", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) { return c.changes(since, limit+1) })},
		{"a feed begins with the mark itself", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			since.Sequence = max(0, since.Sequence-1)
			return c.changes(since, limit)
		})},
		{"a feed leaves out the first change", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			since.Sequence++
			return c.changes(since, limit)
		})},
		{"a feed always begins at the beginning", telling(func(c call, _ domain.Mark, limit int) (domain.Feed, error) { return c.changes(domain.Mark{}, limit) })},
		{"a feed begins after the highest mark with the lowest change", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if since.Sequence == math.MaxInt64 {
				since = domain.Mark{}
			}
			return c.changes(since, limit)
		})},
		{"a feed is sorted by id", feeding(func(feed *domain.Feed) {
			slices.SortFunc(feed.Tasks, func(a, b domain.Task) int { return cmp.Compare(a.ID, b.ID) })
		})},
		{"a feed is sorted by time", feeding(func(feed *domain.Feed) {
			slices.SortStableFunc(feed.Tasks, func(a, b domain.Task) int {
				return cmp.Or(cmp.Compare(a.UpdatedAt.Unix(), b.UpdatedAt.Unix()), cmp.Compare(a.ID, b.ID))
			})
		})},
		{"a feed begins with the last change", feeding(func(feed *domain.Feed) { slices.Reverse(feed.Tasks) })},
		{"a feed tells of a task twice", feeding(func(feed *domain.Feed) { feed.Tasks = append(feed.Tasks, feed.Tasks[:min(1, len(feed.Tasks))]...) })},
		{"a feed tells of no completions", feeding(func(feed *domain.Feed) {
			feed.Tasks = slices.DeleteFunc(feed.Tasks, func(task domain.Task) bool { return task.Completed })
		})},
		{"a feed tells of titles as they were", feeding(func(feed *domain.Feed) {
			for i := range feed.Tasks {
				feed.Tasks[i].Title = title("one of many")
			}
		})},
	},
	"Changes returns deleted and purged tasks as deleted": {
		{"a feed leaves out deleted tasks", feeding(func(feed *domain.Feed) {
			feed.Tasks = slices.DeleteFunc(feed.Tasks, func(task domain.Task) bool { return !task.IsLive() })
		})},
		{"a feed leaves out purged tasks", feeding(func(feed *domain.Feed) { feed.Tasks = slices.DeleteFunc(feed.Tasks, domain.Task.IsTombstone) })},
		{"a feed tells of deleted tasks as if they were there", feeding(func(feed *domain.Feed) {
			feed.Tasks = spoiled(feed.Tasks, func(task *domain.Task) { task.DeletedAt = time.Time{} })
		})},
		{"a feed tells of purged tasks as if they were there", feeding(func(feed *domain.Feed) {
			feed.Tasks = spoiled(feed.Tasks, func(task *domain.Task) {
				if task.IsTombstone() {
					task.DeletedAt = time.Time{}
				}
			})
		})},
		{"a feed tells of restored tasks as deleted", feeding(func(feed *domain.Feed) {
			feed.Tasks = spoiled(feed.Tasks, func(task *domain.Task) {
				if task.UpdatedAt.After(task.CreatedAt) {
					task.DeletedAt = task.UpdatedAt
				}
			})
		})},
		{"a feed does not tell when a task was deleted", feeding(func(feed *domain.Feed) {
			feed.Tasks = spoiled(feed.Tasks, func(task *domain.Task) {
				if !task.IsLive() {
					task.DeletedAt = noon
				}
			})
		})},
	},
	"Until is where the next Changes goes on": {
		{"a feed goes on at the owner's sequence", running()},
		{"a feed goes on where it began", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			feed, err := c.changes(since, limit)
			feed.Until = since
			return feed, err
		})},
		{"a feed goes on at its first change", feeding(func(feed *domain.Feed) {
			if len(feed.Tasks) > 0 {
				feed.Until.Sequence = feed.Tasks[0].Sequence
			}
		})},
		{"a feed of nothing goes on at the beginning", feeding(func(feed *domain.Feed) {
			if len(feed.Tasks) == 0 {
				feed.Until = domain.Mark{}
			}
		})},
		{"a feed never has more", feeding(func(feed *domain.Feed) { feed.More = false })},
		{"a feed always has more", feeding(func(feed *domain.Feed) { feed.More = true })},
		{"a feed has more if it is full", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			feed, err := c.changes(since, limit)
			feed.More = len(feed.Tasks) == limit
			return feed, err
		})},
	},
	"Changes fails with domain.ErrChangesForgotten if what was deleted since is forgotten, but never from the beginning": {
		{"Changes leaves out what was forgotten", carefree()},
		{"Changes fails from the beginning", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if state, err := c.state(); err != nil || state.Forgotten > since.Sequence {
				return domain.Feed{}, errors.Join(err, domain.ErrChangesForgotten)
			}
			return c.changes(since, limit)
		})},
		{"Changes fails from the last that is forgotten", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if state, err := c.state(); err != nil || since.Sequence != 0 && state.Forgotten >= since.Sequence {
				return domain.Feed{}, errors.Join(err, domain.ErrChangesForgotten)
			}
			return c.changes(since, limit)
		})},
		{"Changes goes on from the last but one that is forgotten", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if state, err := c.state(); err != nil || state.Forgotten == since.Sequence+1 {
				since.Forgotten = state.Forgotten
			}
			return c.changes(since, limit)
		})},
		{"Changes fails for a reason of its own", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			feed, err := c.changes(since, limit)
			if errors.Is(err, domain.ErrChangesForgotten) {
				err = errNoRows
			}
			return feed, err
		})},
		{"Changes fails once something was forgotten", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if state, err := c.state(); err != nil || since.Sequence != 0 && state.Forgotten > 0 {
				return domain.Feed{}, errors.Join(err, domain.ErrChangesForgotten)
			}
			return c.changes(since, limit)
		})},
	},
	"Who began after that was forgotten can go on to the end": {
		{"Changes does not tell what was forgotten when it was asked", feeding(func(feed *domain.Feed) { feed.Until.Forgotten = 0 })},
		{"Changes does not mind what was forgotten when it was first asked", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			since.Forgotten = 0
			return c.changes(since, limit)
		})},
		{"who began once can go on for ever", telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
			if since.Forgotten > 0 {
				since.Forgotten = math.MaxInt64
			}
			return c.changes(since, limit)
		})},
	},
	"State returns the owner's counters as the last change left them, and zero ones of an owner without any": {
		{"State remembers what it once said", overriding(func() mutant {
			var said notes[domain.UserID, domain.Counters]
			return mutant{state: func(c call) (domain.Counters, error) {
				if counters, known := said.get(c.owner); known {
					return counters, c.ctx.Err()
				}
				counters, err := c.state()
				said.put(c.owner, counters)
				return counters, err
			}}
		})},
		{"State does not know an owner without tasks", stating(func(c call) (domain.Counters, error) {
			counters, err := c.state()
			if counters == (domain.Counters{}) {
				err = errors.Join(err, errNoRows)
			}
			return counters, err
		})},
		{"State has no last id", counting(func(_ []domain.Task, counters *domain.Counters) { counters.LastTaskID = 0 })},
		{"State has no sequence", counting(func(_ []domain.Task, counters *domain.Counters) { counters.Sequence = 0 })},
		{"State has nothing forgotten", counting(func(_ []domain.Task, counters *domain.Counters) { counters.Forgotten = 0 })},
		{"State counts the tasks", counting(func(live []domain.Task, counters *domain.Counters) { counters.LastTaskID = domain.TaskID(len(live)) })},
		{"State has the sequence of the tasks that are there", counting(func(live []domain.Task, counters *domain.Counters) {
			counters.Sequence = 0
			for _, task := range live {
				counters.Sequence = max(counters.Sequence, task.Sequence)
			}
		})},
		{"a batch counts as one change", effecting(func(_ *table, p play, effects *domain.Effects) {
			effects.Counters.Sequence = min(effects.Counters.Sequence, p.counters.Sequence+1)
		})},
	},
}

// counting spoils what State answers.
func counting(spoil func(live []domain.Task, counters *domain.Counters)) harness {
	return stating(func(c call) (domain.Counters, error) {
		counters, err := c.state()
		if err != nil {
			return counters, err
		}
		page, err := c.list(domain.TaskQuery{Limit: plenty})
		spoil(page.Tasks, &counters)
		return counters, err
	})
}

// running has Changes go on at the owner's sequence, though it has not told all.
func running() harness {
	return telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
		feed, err := c.changes(since, limit)
		if err != nil {
			return feed, err
		}
		state, err := c.state()
		feed.Until.Sequence = state.Sequence
		return feed, err
	})
}

// carefree has Changes go on from anywhere, whatever was forgotten since.
func carefree() harness {
	return telling(func(c call, since domain.Mark, limit int) (domain.Feed, error) {
		since.Forgotten = math.MaxInt64
		return c.changes(since, limit)
	})
}
