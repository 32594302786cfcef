package portstest

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// crowd is how many goroutines work on one owner at once.
const crowd = 32

// together runs work in a crowd of goroutines that start at the same moment,
// and returns what each came to. An error of any fails the test.
func together[T any](s scene, work func(member int) (T, error)) []T {
	s.t.Helper()
	results, errs := make([]T, crowd), make([]error, crowd)
	start := make(chan struct{})
	var done sync.WaitGroup
	for member := range crowd {
		done.Go(func() {
			<-start
			results[member], errs[member] = work(member)
		})
	}
	close(start)
	done.Wait()
	if err := errors.Join(errs...); err != nil {
		s.t.Fatalf("at the same time: %v", err)
	}
	return results
}

var concurrencyRules = []rule{
	{"Changes of one task at the same time happen one after another", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		before := s.create("contended")
		const each = 3
		seen := together(s, func(int) ([]domain.Task, error) {
			var mine []domain.Task
			for range each {
				results, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later, domain.ToggleCompleted{Target: on(before.ID)}))
				if err != nil {
					return nil, err
				}
				mine = append(mine, results...)
			}
			return mine, nil
		})
		states := append(slices.Concat(seen...), before)
		slices.SortFunc(states, func(a, b domain.Task) int { return cmp.Compare(a.Sequence, b.Sequence) })
		for i, state := range states[1:] {
			if state.Sequence == states[i].Sequence || state.Completed == states[i].Completed {
				t.Fatalf("one toggle left %+v and the next %+v", states[i], state)
			}
		}
		s.wantTask(states[len(states)-1])
	}},
	{"Of several changes that expect the same sequence, one happens", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		before := s.create("contended")
		target := domain.Target{ID: before.ID, Expected: before.Sequence}
		for _, change := range []func() domain.Change{
			func() domain.Change { return domain.Edit{Target: target, Title: domain.Some(title("won"))} },
			func() domain.Change { return domain.ToggleCompleted{Target: target} },
			func() domain.Change { return domain.Delete{Target: target} },
		} {
			won := together(s, func(int) (int, error) {
				_, err := tasks.Apply(t.Context(), s.owner, domain.NewBatch(later, change()))
				switch {
				case err == nil:
					return 1, nil
				case errors.Is(err, domain.ErrStaleTask), errors.Is(err, domain.ErrTaskNotFound):
					return 0, nil
				}
				return 0, err
			})
			total := 0
			for _, one := range won {
				total += one
			}
			if total != 1 {
				t.Fatalf("%T happened %d times, want once", change(), total)
			}
			if _, deletes := change().(domain.Delete); !deletes {
				target.Expected = s.get(before.ID).Sequence
			}
		}
		s.wantGone(before.ID)
	}},
	{"A count that many raise, each from what they read and again if that is stale, ends at the exact sum", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		counter := s.apply(noon, bare("0"))[0].ID
		together(s, func(int) (any, error) {
			for range crowd { // whenever it is stale another has come through
				read, err := tasks.Get(t.Context(), s.owner, counter)
				if err != nil {
					return nil, err
				}
				count, err := strconv.Atoi(read.Title.String())
				if err != nil {
					return nil, err
				}
				_, err = tasks.Apply(t.Context(), s.owner, domain.NewBatch(later, domain.Edit{
					Target: domain.Target{ID: counter, Expected: read.Sequence},
					Title:  domain.Some(title(strconv.Itoa(count + 1))),
				}))
				if !errors.Is(err, domain.ErrStaleTask) {
					return nil, err
				}
			}
			return nil, errors.New("what was read is always stale")
		})
		if got := s.get(counter).Title; got != title(strconv.Itoa(crowd)) {
			t.Errorf("%d who each add 1 come to %s", crowd, got)
		}
	}},
	{"Batches that change the same tasks in different orders all happen", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		together(s, func(member int) ([]domain.Task, error) {
			first, second := on(1), on(2)
			if member%2 == 1 {
				first, second = second, first
			}
			return tasks.Apply(t.Context(), s.owner, domain.NewBatch(later,
				domain.ToggleCompleted{Target: first}, bare("between"), domain.ToggleCompleted{Target: second}))
		})
		if page := s.list(domain.TaskQuery{Limit: plenty, Completed: no}); len(page.Tasks) != crowd+2 {
			t.Errorf("%d pending tasks, want %d", len(page.Tasks), crowd+2)
		}
	}},
	{"Of several batches with the same key at the same time, one happens", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("changed once")
		once := keyed("key", "request", domain.NewBatch(later, rich("made once"), domain.ToggleCompleted{Target: on(1)}))
		seen := together(s, func(int) ([]domain.Task, error) { return tasks.Apply(t.Context(), s.owner, once) })
		for _, results := range seen {
			if !slices.Equal(results, seen[0]) {
				t.Errorf("one batch gave\n\t%+v, another with the same key\n\t%+v", results, seen[0])
			}
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: plenty}), 2, 1)
		for _, task := range seen[0] {
			s.wantTask(task)
		}
	}},
	{"Who follows Changes while others change tasks ends with exactly the owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		for _, over := range []time.Time{{}, earlier} { // without what is forgotten, and so without starting over, first
			s := newScene(t, tasks)
			s.createMany(shared + crowd)
			followers := s.follow(crowd/8, func(member int) error { return s.work(member, over) })
			want := reversed(s.all())
			for _, follower := range followers {
				if got := follower.tasks(); !slices.Equal(got, want) {
					t.Errorf("who followed has tasks %v\n\t%+v, want %v\n\t%+v", ids(got), got, ids(want), want)
				}
			}
		}
	}},
}
