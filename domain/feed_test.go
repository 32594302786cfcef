package domain_test

import (
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestFeed(t *testing.T) {
	tasks := []domain.Task{deleted(stored(5)), stored(3), purged(stored(4)), stored(1)}
	counters := domain.Counters{LastTaskID: 5, Sequence: 5}
	for name, test := range map[string]struct {
		since domain.Sequence
		limit int
		want  []domain.TaskID
		more  bool
		until domain.Sequence
	}{
		"from the beginning":  {0, 10, []domain.TaskID{1, 3, 4, 5}, false, 5},
		"just as many":        {0, 4, []domain.TaskID{1, 3, 4, 5}, false, 5},
		"one less":            {0, 3, []domain.TaskID{1, 3, 4}, true, 4},
		"since a change":      {1, 2, []domain.TaskID{3, 4}, true, 4},
		"since one gone over": {2, 2, []domain.TaskID{3, 4}, true, 4},
		"since the last":      {5, 10, nil, false, 5},
		"since one to come":   {6, 10, nil, false, 6},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(tasks)
			feed, err := domain.NewFeed(tasks, counters, domain.Mark{Sequence: test.since}, test.limit)
			if err != nil {
				t.Fatal(err)
			}
			if got := idsOf(feed.Tasks); !slices.Equal(got, test.want) || feed.More != test.more || feed.Until != (domain.Mark{Sequence: test.until}) {
				t.Errorf("changed are %v, more %v, until %+v", got, feed.More, feed.Until)
			}
			if !slices.Equal(tasks, before) {
				t.Error("NewFeed changed the tasks it was given")
			}
		})
	}
}

func TestFeedOfWhatIsForgotten(t *testing.T) {
	tasks := []domain.Task{stored(2), stored(4), stored(9)}
	counters := domain.Counters{LastTaskID: 9, Sequence: 9, Forgotten: 6}
	for _, test := range []struct {
		since domain.Mark
		want  error
	}{
		{domain.Mark{}, nil},
		{domain.Mark{Forgotten: 3}, nil},
		{domain.Mark{Sequence: 1}, domain.ErrChangesForgotten},
		{domain.Mark{Sequence: 5}, domain.ErrChangesForgotten},
		{domain.Mark{Sequence: 5, Forgotten: 5}, domain.ErrChangesForgotten},
		{domain.Mark{Sequence: 2, Forgotten: 6}, nil},
		{domain.Mark{Sequence: 6}, nil},
		{domain.Mark{Sequence: 9, Forgotten: 3}, nil},
	} {
		feed, err := domain.NewFeed(tasks, counters, test.since, 1)
		if !errors.Is(err, test.want) {
			t.Errorf("since %+v: error %v, want %v", test.since, err, test.want)
		}
		if err != nil && feed.Tasks != nil {
			t.Errorf("since %+v: an error with %+v", test.since, feed)
		}
		if err == nil && feed.Until.Forgotten != counters.Forgotten {
			t.Errorf("since %+v: until %+v, which has to know that %d is forgotten", test.since, feed.Until, counters.Forgotten)
		}
	}
}

// TestWhoFollowsHasTheTasks lets somebody follow random changes from the
// beginning, a few at a time, while the trash is forgotten: what they have in
// the end is what there is, or they are told to begin again.
func TestWhoFollowsHasTheTasks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		here := newShelf(0)
		has := map[domain.TaskID]domain.Task{}
		var mark domain.Mark
		follow := func(limit int) (more bool) {
			feed, err := domain.NewFeed(here.all(), here.counters, mark, limit)
			if errors.Is(err, domain.ErrChangesForgotten) {
				clear(has)
				mark = domain.Mark{}
				return true
			}
			for _, task := range feed.Tasks {
				delete(has, task.ID)
				if task.IsLive() {
					has[task.ID] = task
				}
			}
			mark = feed.Until
			return feed.More
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0, 1:
				here.must(t, domain.Create{Title: title("task")})
			case 2:
				_, _ = here.play(noon, anyChanges(t)...) // which may fail
			case 3:
				follow(rapid.IntRange(1, 3).Draw(t, "limit"))
			case 4:
				maps.DeleteFunc(here.tasks, func(_ domain.TaskID, task domain.Task) bool {
					forget := !task.IsLive()
					if forget {
						here.counters.Forgotten = max(here.counters.Forgotten, task.Sequence)
					}
					return forget
				})
			}
		}
		for round := 0; follow(2); round++ {
			if round > 100 {
				t.Fatal("who follows never comes to the end")
			}
		}
		want := maps.Clone(here.tasks)
		maps.DeleteFunc(want, func(_ domain.TaskID, task domain.Task) bool { return !task.IsLive() })
		if !maps.Equal(has, want) {
			t.Errorf("who follows has\n\t%+v, there is\n\t%+v", has, want)
		}
	})
}

func TestErased(t *testing.T) {
	before := domain.Counters{LastTaskID: 7, Sequence: 20, Forgotten: 3}
	if got, want := before.Erased(), (domain.Counters{LastTaskID: 7, Sequence: 21, Forgotten: 21}); got != want {
		t.Errorf("erased are %+v, want %+v", got, want)
	}
	if err := before.Erased().Remember(domain.Mark{Sequence: 20, Forgotten: 3}); !errors.Is(err, domain.ErrChangesForgotten) {
		t.Errorf("who was up to date before the erasure gets error %v", err)
	}
}
