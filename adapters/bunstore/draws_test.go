package bunstore_test

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// course is how a history goes on, as it is drawn.
type course struct {
	*history
	now   time.Time
	sent  []func()                 // each batch once more
	turn  string                   // the owner whom the next is about
	known map[string][]domain.Task // that changes have left
}

// names are those of the owners, so that they are easily confused.
var names = rapid.SampledFrom([]string{"a", "A", "a "})

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

// begin makes a few tasks, so that most of what follows finds some.
func begin(t *rapid.T, h *history) *course {
	c := &course{history: h, now: noon, known: map[string][]domain.Task{}}
	for range rapid.SampledFrom([]int{12, 6, 0}).Draw(t, "first") {
		c.turn = names.Draw(t, "owner")
		c.send(domain.NewBatch(c.now, c.anyCreate(t)))
	}
	return c
}

func (c *course) read(t *rapid.T) {
	c.turn = names.Draw(t, "owner")
	c.state(c.turn)
	c.get(c.turn, c.id(t, c.live()))
	c.list(c.turn, c.query(t))
	c.trash(c.turn, domain.TrashQuery{Before: c.anySequence(t), Limit: limits.Draw(t, "limit"), Over: c.over(t)})
	c.changes(c.turn, domain.Mark{Sequence: c.anySequence(t), Forgotten: c.anySequence(t)}, limits.Draw(t, "limit"))
	c.owners(rapid.SampledFrom([]string{"", "A", "a", "a "}).Draw(t, "after"), limits.Draw(t, "limit"))
}

func (c *course) change(t *rapid.T) {
	c.turn = names.Draw(t, "owner")
	most := rapid.SampledFrom([]int{1, 1, 5}).Draw(t, "most")
	changes := rapid.SliceOfN(rapid.Custom(c.anyChange), min(most, rapid.IntRange(0, 9).Draw(t, "least")), most).Draw(t, "changes")
	batch := domain.NewBatch(c.now, changes...).ForgettingTrash(c.over(t))
	if rapid.IntRange(0, 3).Draw(t, "keyed") == 0 {
		batch = batch.Once(domain.Once{
			Key:     rapid.SampledFrom([]domain.OnceKey{"a", "A", "key"}).Draw(t, "key"),
			Request: request(rapid.ByteRange(0, 1).Draw(t, "request")),
			Until:   c.now.Add(time.Duration(rapid.IntRange(0, 300).Draw(t, "life")) * time.Second),
			Brief:   rapid.Bool().Draw(t, "brief"),
		})
	}
	c.send(batch)
}

func (c *course) send(batch domain.Batch) {
	owner := c.turn
	again := func() { c.known[owner] = append(c.known[owner], c.apply(owner, batch)...) }
	c.sent = append(c.sent, again)
	again()
}

func (c *course) again(t *rapid.T) {
	if len(c.sent) > 0 {
		c.sent[rapid.IntRange(0, len(c.sent)-1).Draw(t, "sent")]()
	}
}

func (c *course) advance(t *rapid.T) {
	c.now = c.now.Add(time.Duration(rapid.IntRange(-10, 120).Draw(t, "seconds")) * time.Second)
}

func (c *course) erase(t *rapid.T) {
	if rapid.IntRange(0, 7).Draw(t, "rarely") == 5 {
		c.history.erase(names.Draw(t, "owner"))
	}
}

// live gives the tasks of the owner whose turn it is.
func (c *course) live() []domain.Task {
	return c.model.list(c.owner(c.turn), domain.TaskQuery{Limit: 100}).Tasks
}

// trashed gives their trasc.
func (c *course) trashed() []domain.Task {
	return c.model.trash(c.owner(c.turn), domain.TrashQuery{Limit: 100}).Tasks
}

const forever time.Duration = -1

// over is a time before which what was deleted is not in the trash any more.
func (c *course) over(t *rapid.T) time.Time {
	ago := rapid.SampledFrom([]time.Duration{forever, time.Second, 5 * time.Minute, 0}).Draw(t, "over")
	if ago == forever {
		return time.Time{}
	}
	return c.now.Add(-ago)
}

var limits = rapid.SampledFrom([]int{50, 3, 2, 1, 0})

func (c *course) anySequence(t *rapid.T) domain.Sequence {
	return domain.Sequence(rapid.Int64Range(0, int64(c.model[c.owner(c.turn)].counters.Sequence)+1).Draw(t, "sequence"))
}

// id is mostly one of the given tasks.
func (c *course) id(t *rapid.T, of []domain.Task) domain.TaskID {
	if len(of) == 0 || rapid.IntRange(0, 9).Draw(t, "any id") == 0 {
		return domain.TaskID(rapid.IntRange(1, 12).Draw(t, "id"))
	}
	return rapid.SampledFrom(of).Draw(t, "task").ID
}

// target mostly expects the sequence that the task is at, if it expects any.
func (c *course) target(t *rapid.T, of []domain.Task) domain.Target {
	target := domain.Target{ID: c.id(t, of)}
	switch rapid.IntRange(0, 9).Draw(t, "expects") {
	case 0:
		target.Expected = c.anySequence(t)
	case 1, 2:
		for _, task := range of {
			if task.ID == target.ID {
				target.Expected = task.Sequence
			}
		}
	}
	return target
}

func (c *course) anyChange(t *rapid.T) domain.Change {
	switch rapid.IntRange(0, 9).Draw(t, "kind") {
	case 0:
		return c.anyCreate(t)
	case 1:
		created := noon.Add(time.Duration(rapid.IntRange(-1000, 1000).Draw(t, "created")) * time.Hour)
		return domain.Import{
			Create: c.anyCreate(t), ID: domain.TaskID(rapid.IntRange(0, 20).Draw(t, "own id")),
			CreatedAt: created, UpdatedAt: created.Add(time.Hour), CompletedAt: created.Add(time.Minute),
		}
	case 2, 3:
		return domain.Edit{
			Target:      c.target(t, c.live()),
			Title:       perhaps(t, titles),
			Description: perhaps(t, descriptions),
			Completed:   perhaps(t, rapid.Bool()),
			Priority:    perhaps(t, rapid.SampledFrom(priorities[1:])),
			Tags:        perhaps(t, labels),
			DueDate:     perhaps(t, dueDates),
			DueZone:     perhaps(t, zones),
			Place:       perhaps(t, rapid.Custom(c.anyPlace)),
		}
	case 4:
		return domain.SetCompleted{Target: c.target(t, c.live()), Completed: rapid.Bool().Draw(t, "completed")}
	case 5:
		return domain.ToggleCompleted{Target: c.target(t, c.live())}
	case 6, 7:
		return domain.Restore{Target: c.target(t, c.trashed())}
	case 8:
		return domain.Purge{Target: c.target(t, c.trashed())}
	}
	return domain.Delete{Target: c.target(t, c.live())}
}

func (c *course) anyCreate(t *rapid.T) domain.Create {
	due, err := domain.NewDue(dueDates.Draw(t, "date"), zones.Draw(t, "zone"))
	if err != nil {
		due = domain.Due{}
	}
	return domain.Create{
		Title:       titles.Draw(t, "title"),
		Description: descriptions.Draw(t, "description"),
		Completed:   rapid.Bool().Draw(t, "completed"),
		Priority:    rapid.SampledFrom(priorities).Draw(t, "priority"),
		Tags:        labels.Draw(t, "tags"),
		Due:         due,
		Place:       perhaps(t, rapid.Custom(c.anyPlace)),
	}
}

func (c *course) anyPlace(t *rapid.T) domain.Place {
	id := c.id(t, c.live())
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
		return title(strings.Join(words, " "))
	})
	descriptions = rapid.Map(rapid.SliceOfN(rapid.SampledFrom(words), 0, 3), func(words []string) domain.Description {
		if len(words) == 0 {
			return domain.Description{}
		}
		return description(strings.Join(words[1:], "\n "))
	})
	labels = rapid.Map(rapid.SliceOfNDistinct(rapid.SampledFrom(words), 0, 3, rapid.ID[string]), func(names []string) domain.Tags {
		return tags(names...)
	})
	dueDates = rapid.SampledFrom([]domain.DueDate{
		{},
		dueDate("2026-11-22"), dueDate("2026-11-22T00:00:00Z"), dueDate("2026-11-22T00:30:00.123456789+01:00"),
		dueDate("0001-01-02"), dueDate("9999-12-31"), dueDate("1969-12-31T23:59:59Z"),
	})
	zones = rapid.SampledFrom([]domain.Zone{{}, zone("Europe/Berlin"), zone("UTC")})
)

func (c *course) query(t *rapid.T) domain.TaskQuery {
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
		query.Tags = labels.Draw(t, "tags")
	case 2:
		query.DueFrom = c.moment(t)
	case 3:
		query.DueBefore = c.moment(t)
	case 4:
		query.UpdatedSince = c.moment(t)
	case 5:
		query.Search = folded(rapid.SampledFrom(words).Draw(t, "search"))
	}
	if len(c.known[c.turn]) > 0 && rapid.Bool().Draw(t, "resumed") {
		query.After = domain.Some(query.Bookmark(rapid.SampledFrom(c.known[c.turn]).Draw(t, "after")))
	}
	return query
}

// moment is about when something is due or was updated, to the nanosecond.
func (c *course) moment(t *rapid.T) time.Time {
	around := []time.Time{noon}
	for _, task := range c.known[c.turn] {
		around = append(around, task.UpdatedAt)
		if task.Due != (domain.Due{}) {
			around = append(around, task.Due.Date().At())
		}
	}
	return rapid.SampledFrom(around).Draw(t, "around").Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "nanoseconds")))
}
