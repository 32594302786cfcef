package domain_test

import (
	"errors"
	"io"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestPlaces(t *testing.T) {
	move := func(id domain.TaskID, place domain.Place) domain.Change {
		return domain.Edit{Target: on(id), Place: domain.Some(place)}
	}
	create := func(place domain.Place) domain.Change {
		return domain.Create{Title: title("created"), Place: domain.Some(place)}
	}
	type ids = []domain.TaskID
	for name, test := range map[string]struct {
		changes []domain.Change
		want    ids // of 1, 2, 3, 4 and what is created
	}{
		"no place":                        {[]domain.Change{domain.Create{Title: title("created")}}, ids{1, 2, 3, 4, 5}},
		"up, before":                      {[]domain.Change{move(4, domain.Before(2))}, ids{1, 4, 2, 3}},
		"up, behind":                      {[]domain.Change{move(4, domain.Behind(1))}, ids{1, 4, 2, 3}},
		"down, before":                    {[]domain.Change{move(1, domain.Before(4))}, ids{2, 3, 1, 4}},
		"down, behind":                    {[]domain.Change{move(1, domain.Behind(3))}, ids{2, 3, 1, 4}},
		"to the top":                      {[]domain.Change{move(3, domain.Before(1))}, ids{3, 1, 2, 4}},
		"to the end":                      {[]domain.Change{move(2, domain.Behind(4))}, ids{1, 3, 4, 2}},
		"where it is":                     {[]domain.Change{move(2, domain.Behind(1)), move(3, domain.Before(4))}, ids{1, 2, 3, 4}},
		"beside itself":                   {[]domain.Change{move(2, domain.Behind(2)), move(3, domain.Before(3))}, ids{1, 2, 3, 4}},
		"at a position":                   {[]domain.Change{move(4, domain.At(position("4000000000000001V")))}, ids{1, 4, 2, 3}},
		"at a position that is taken":     {[]domain.Change{move(1, domain.At(domain.PositionOf(3)))}, ids{2, 1, 3, 4}},
		"created before":                  {[]domain.Change{create(domain.Before(3))}, ids{1, 2, 5, 3, 4}},
		"created behind":                  {[]domain.Change{create(domain.Behind(3))}, ids{1, 2, 3, 5, 4}},
		"created beside itself":           {[]domain.Change{create(domain.Behind(5))}, ids{1, 2, 3, 4, 5}},
		"created where another stands":    {[]domain.Change{move(2, domain.At(domain.PositionOf(5))), create(domain.Behind(4))}, ids{1, 3, 4, 5, 2}},
		"imported before":                 {[]domain.Change{domain.Import{Create: domain.Create{Title: title("imported"), Place: domain.Some(domain.Before(1))}}}, ids{5, 1, 2, 3, 4}},
		"beside what was just created":    {[]domain.Change{create(domain.Before(1)), move(4, domain.Behind(5))}, ids{5, 4, 1, 2, 3}},
		"beside what was just moved":      {[]domain.Change{move(1, domain.Behind(3)), move(4, domain.Before(1))}, ids{2, 3, 4, 1}},
		"where another just was":          {[]domain.Change{move(2, domain.Behind(4)), move(4, domain.Behind(1))}, ids{1, 4, 3, 2}},
		"where another was deleted":       {[]domain.Change{domain.Delete{Target: on(2)}, move(4, domain.Behind(1))}, ids{1, 4, 3}},
		"several to one place":            {[]domain.Change{create(domain.Behind(1)), create(domain.Behind(1)), create(domain.Behind(1))}, ids{1, 7, 6, 5, 2, 3, 4}},
		"several in a row":                {[]domain.Change{create(domain.Behind(1)), create(domain.Behind(5)), create(domain.Behind(6))}, ids{1, 5, 6, 7, 2, 3, 4}},
		"all turned round":                {[]domain.Change{move(2, domain.Before(1)), move(3, domain.Before(2)), move(4, domain.Before(3))}, ids{4, 3, 2, 1}},
		"beside what was restored":        {[]domain.Change{domain.Delete{Target: on(2)}, domain.Restore{Target: on(2)}, move(4, domain.Before(2))}, ids{1, 4, 2, 3}},
		"restored where it was":           {[]domain.Change{domain.Delete{Target: on(2)}, domain.Restore{Target: on(2)}}, ids{1, 2, 3, 4}},
		"moved and edited by the way":     {[]domain.Change{domain.Edit{Target: on(4), Title: domain.Some(title("after")), Place: domain.Some(domain.Before(1))}}, ids{4, 1, 2, 3}},
		"moved, then only edited":         {[]domain.Change{move(4, domain.Before(1)), domain.Edit{Target: on(4), Title: domain.Some(title("after"))}}, ids{4, 1, 2, 3}},
		"moved, then completed by itself": {[]domain.Change{move(4, domain.Before(1)), domain.ToggleCompleted{Target: on(4)}}, ids{4, 1, 2, 3}},
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(4, stored(1), stored(2), stored(3), stored(4))
			before := here.tasks[3]
			here.must(t, test.changes...)
			if got := here.order(); !slices.Equal(got, test.want) {
				t.Errorf("the order is %v, want %v", got, test.want)
			}
			touched := slices.ContainsFunc(test.changes, func(change domain.Change) bool {
				edit, edits := change.(domain.Edit)
				return edits && edit.ID == 3
			})
			if !touched && here.tasks[3] != before {
				t.Errorf("a task that nobody moved is now %+v", here.tasks[3])
			}
		})
	}
}

func TestAPlaceWhereATaskIsLeavesItsPosition(t *testing.T) {
	here := newShelf(3, stored(1), stored(2), stored(3))
	for _, place := range []domain.Place{domain.Behind(1), domain.Before(3), domain.Before(2), domain.Behind(2)} {
		got := here.must(t, domain.Edit{Target: on(2), Place: domain.Some(place)})[0]
		if got.Position != domain.PositionOf(2) {
			t.Errorf("%+v, where the task is, moved it to %q", place, got.Position)
		}
	}
}

func TestPlacesBesideNoTask(t *testing.T) {
	here := newShelf(5, stored(1), stored(2), deleted(stored(3)), purged(stored(4)))
	for name, id := range map[string]domain.TaskID{
		"a deleted task": 3, "a purged task": 4, "a task that is not there": 5, "one that there has never been": 7, "none": 0, "what cannot be one": -1,
	} {
		for _, place := range []domain.Place{domain.Before(id), domain.Behind(id)} {
			for _, change := range []domain.Change{
				domain.Edit{Target: on(1), Place: domain.Some(place)},
				domain.Create{Title: title("created"), Place: domain.Some(place)},
				domain.Import{Create: domain.Create{Title: title("imported"), Place: domain.Some(place)}},
			} {
				effects, err := domain.NewBatch(later, change).Play("owner", here.counters, here)
				if err == nil {
					t.Errorf("%T beside %s: no error", change, name)
					continue
				}
				wantOnly(t, err, "position", "must name a task that is there")
				wantEffects(t, effects, domain.Effects{})
			}
		}
	}
	_, err := here.play(later, domain.Edit{Target: on(1), Place: domain.Some(domain.Place{})})
	wantInvalid(t, err, "position")
	_, err = here.play(later, domain.Edit{Target: on(1), Place: domain.Some(domain.At(domain.Position{}))})
	wantInvalid(t, err, "position")
}

// TestPlacesBesideWhatFailed has a batch go on behind a create that failed, as
// it does to tell what else fails.
func TestPlacesBesideWhatFailed(t *testing.T) {
	here := newShelf(1, stored(1))
	nowhere := domain.Create{Title: title("nowhere"), Place: domain.Some(domain.Before(99))}
	_, err := here.play(later, nowhere,
		domain.Edit{Target: on(1), Place: domain.Some(domain.Behind(2))},
		domain.ToggleCompleted{Target: on(2)},
		domain.Delete{Target: on(1)},
		domain.Edit{Target: on(1), Place: domain.Some(domain.Behind(1))},
	)
	missing := domain.Invalidity(domain.Violation{Field: "position", Detail: "must name a task that is there"})
	wantFailures(t, err, []domain.ChangeFailure{{0, missing}, {1, missing}, {2, domain.ErrTaskNotFound}, {4, domain.ErrTaskNotFound}})
}

// blind is a shelf that cannot tell what is around a position.
type blind struct{ shelf }

func (blind) Around(domain.Position) (below, above domain.Position, err error) {
	return domain.Position{}, domain.Position{}, io.ErrUnexpectedEOF
}

func TestPlacesFailAsTheStoreDoes(t *testing.T) {
	here := blind{newShelf(2, stored(1), stored(2))}
	for _, place := range []domain.Place{domain.Before(1), domain.Behind(1)} {
		_, err := domain.NewBatch(later, domain.Edit{Target: on(2), Place: domain.Some(place)}).Play("owner", here.counters, here)
		if !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("error is %v, want %v", err, io.ErrUnexpectedEOF)
		}
	}
}

func TestNearest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		positions := rapid.Map(rapid.Int64Range(1, 9), func(id int64) domain.Position { return domain.PositionOf(domain.TaskID(id)) })
		at := positions.Draw(t, "at")
		var tasks []domain.Task
		var below, above domain.Position
		for i, position := range rapid.SliceOfN(positions, 0, 8).Draw(t, "tasks") {
			task := stored(domain.TaskID(i + 1))
			task.Position = position
			switch rapid.IntRange(0, 3).Draw(t, "state") {
			case 0:
				task = deleted(task)
			case 1:
				task = purged(task)
			default:
				if position.Compare(at) < 0 {
					below = slices.MaxFunc([]domain.Position{below, position}, domain.Position.Compare)
				}
				if position.Compare(at) > 0 && (above == domain.Position{} || position.Compare(above) < 0) {
					above = position
				}
			}
			tasks = append(tasks, task)
		}
		if gotBelow, gotAbove := domain.Nearest(at, tasks); gotBelow != below || gotAbove != above {
			t.Errorf("around %q are %q and %q, want %q and %q", at, gotBelow, gotAbove, below, above)
		}
	})
}
