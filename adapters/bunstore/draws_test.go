package bunstore_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

const forever time.Duration = -1

// over is a time before which what was deleted is not in the trash any more.
func (h *history) over(t *rapid.T) time.Time {
	ago := rapid.SampledFrom([]time.Duration{forever, time.Second, 5 * time.Minute, 0}).Draw(t, "over")
	if ago == forever {
		return time.Time{}
	}
	return h.now.Add(-ago)
}

var limits = rapid.SampledFrom([]int{50, 3, 2, 1, 0})

func (h *history) anySequence(t *rapid.T) domain.Sequence {
	return domain.Sequence(rapid.Int64Range(0, int64(h.sequence)+1).Draw(t, "sequence"))
}

// id is mostly one of the given tasks.
func (h *history) id(t *rapid.T, of []domain.Task) domain.TaskID {
	if len(of) == 0 || rapid.IntRange(0, 9).Draw(t, "any id") == 0 {
		return domain.TaskID(rapid.IntRange(1, 12).Draw(t, "id"))
	}
	return rapid.SampledFrom(of).Draw(t, "task").ID
}

// target mostly expects the sequence that the task is at, if it expects any.
func (h *history) target(t *rapid.T, of []domain.Task) domain.Target {
	target := domain.Target{ID: h.id(t, of)}
	switch rapid.IntRange(0, 9).Draw(t, "expects") {
	case 0:
		target.Expected = h.anySequence(t)
	case 1, 2:
		for _, task := range of {
			if task.ID == target.ID {
				target.Expected = task.Sequence
			}
		}
	}
	return target
}

func (h *history) anyChange(t *rapid.T) domain.Change {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return h.anyCreate(t)
	case 1:
		created := noon.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "created")) * time.Hour)
		return domain.Import{
			Create: h.anyCreate(t), ID: domain.TaskID(rapid.IntRange(0, 20).Draw(t, "own id")),
			CreatedAt: created, UpdatedAt: created.Add(time.Hour), CompletedAt: created.Add(time.Minute),
		}
	case 2, 3:
		return domain.Edit{
			Target:      h.target(t, h.live),
			Title:       perhaps(t, titles),
			Description: perhaps(t, descriptions),
			Completed:   perhaps(t, rapid.Bool()),
			Priority:    perhaps(t, rapid.SampledFrom(priorities[1:])),
			Tags:        perhaps(t, tags),
			DueDate:     perhaps(t, dueDates),
			DueZone:     perhaps(t, zones),
			Place:       perhaps(t, rapid.Custom(h.anyPlace)),
		}
	case 4:
		return domain.SetCompleted{Target: h.target(t, h.live), Completed: rapid.Bool().Draw(t, "completed")}
	case 5:
		return domain.ToggleCompleted{Target: h.target(t, h.live)}
	case 6, 7:
		return domain.Restore{Target: h.target(t, h.trash)}
	case 8:
		return domain.Purge{Target: h.target(t, h.trash)}
	}
	return domain.Delete{Target: h.target(t, h.live)}
}

func (h *history) anyCreate(t *rapid.T) domain.Create {
	due, err := domain.NewDue(dueDates.Draw(t, "date"), zones.Draw(t, "zone"))
	if err != nil {
		due = domain.Due{}
	}
	return domain.Create{
		Title:       titles.Draw(t, "title"),
		Description: descriptions.Draw(t, "description"),
		Completed:   rapid.Bool().Draw(t, "completed"),
		Priority:    rapid.SampledFrom(priorities).Draw(t, "priority"),
		Tags:        tags.Draw(t, "tags"),
		Due:         due,
		Place:       perhaps(t, rapid.Custom(h.anyPlace)),
	}
}

func (h *history) anyPlace(t *rapid.T) domain.Place {
	id := h.id(t, h.live)
	return rapid.SampledFrom([]domain.Place{domain.Before(id), domain.Behind(id), domain.At(domain.PositionOf(id))}).Draw(t, "place")
}

func perhaps[T any](t *rapid.T, generator *rapid.Generator[T]) domain.Optional[T] {
	if rapid.Bool().Draw(t, "given") {
		return domain.Some(generator.Draw(t, "value"))
	}
	return domain.Optional[T]{}
}

var (
	priorities = []domain.Priority{0, domain.Low, domain.Medium, domain.High}
	words      = []string{"a", "B", "Über", "uber", "ÜBER", "Straße", "ΟΔΟΣ", "οδος", "Молоко", "İ", "e\u0301", "%", "_", `"`, `\`, "'", "<&>", "🦉", "日本", "x"}
	titles     = rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 1, 3), func(words []string) domain.Title {
		return must(domain.DefaultLimits.ParseTitle(strings.Join(words, " ")))
	})
	descriptions = rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 3), func(words []string) domain.Description {
		if len(words) == 0 {
			return domain.Description{}
		}
		return must(domain.DefaultLimits.ParseDescription(strings.Join(words[1:], "\n ")))
	})
	tags = rapid.Map(rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 3, rapid.ID[string]), func(names []string) domain.Tags {
		return must(domain.ParseTags(names))
	})
	dueDates = rapid.SampledFrom([]domain.DueDate{
		{},
		must(domain.ParseDueDate("2026-11-22")), must(domain.ParseDueDate("2026-11-22T00:00:00Z")), must(domain.ParseDueDate("2026-11-22T00:30:00.123456789+01:00")),
		must(domain.ParseDueDate("0001-01-02")), must(domain.ParseDueDate("9999-12-31")), must(domain.ParseDueDate("1969-12-31T23:59:59Z")),
	})
	zones = rapid.SampledFrom([]domain.Zone{{}, must(domain.ParseZone("Europe/Berlin", time.LoadLocation)), must(domain.ParseZone("UTC", time.LoadLocation))})
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func (h *history) query(t *rapid.T) domain.TaskQuery {
	query := domain.TaskQuery{
		Completed: perhaps(t, rapid.Bool()),
		Sort:      rapid.SampledFrom([]domain.Sort{domain.ByCreation, domain.ByChange, domain.ByDue, domain.ByPriority, domain.ByTitle, domain.ByPosition}).Draw(t, "sort"),
		Order:     rapid.SampledFrom([]domain.Order{domain.Descending, domain.Ascending}).Draw(t, "order"),
		Skip:      rapid.IntRange(0, 2).Draw(t, "skip"),
		Limit:     limits.Draw(t, "limit"),
		Count:     rapid.Bool().Draw(t, "count"),
	}
	// Few filters at a time, or hardly anything passes.
	switch rapid.IntRange(0, 8).Draw(t, "filter") {
	case 0:
		query.Priority = domain.Some(rapid.SampledFrom(priorities[1:]).Draw(t, "priority"))
	case 1:
		query.Tags = tags.Draw(t, "tags")
	case 2:
		query.DueFrom = h.moment(t)
	case 3:
		query.DueBefore = h.moment(t)
	case 4:
		query.UpdatedSince = h.moment(t)
	case 5:
		query.Search = domain.Fold(rapid.SampledFrom(words).Draw(t, "search"))
	}
	if len(h.seen) > 0 && rapid.Bool().Draw(t, "resumed") {
		query.After = domain.Some(query.Bookmark(rapid.SampledFrom(h.seen).Draw(t, "after")))
	}
	return query
}

// moment is about when something is due or was updated, to the nanosecond.
func (h *history) moment(t *rapid.T) time.Time {
	around := []time.Time{noon}
	for _, task := range h.seen {
		around = append(around, task.UpdatedAt)
		if task.Due != (domain.Due{}) {
			around = append(around, task.Due.Date().At())
		}
	}
	return rapid.SampledFrom(around).Draw(t, "around").Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "nanoseconds")))
}
