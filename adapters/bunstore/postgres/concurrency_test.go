package postgres_test

import (
	"errors"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/domain"
)

// However changes of all kinds race, from two processes, each that happens is
// counted once, and one that does not happen is not counted.
func TestRacingChangesAreCountedOnce(t *testing.T) {
	url := migrated(t)
	stores := []*postgres.Store{
		open(t, postgres.Options{URL: url, Prepare: true}),
		open(t, postgres.Options{URL: url}),
	}
	var happened, created atomic.Int64
	var all sync.WaitGroup
	for member := range 32 {
		all.Go(func() {
			random := rand.New(rand.NewPCG(1, uint64(member))) //nolint:gosec // the same changes each time
			for range 20 {
				changes := randomChanges(t, random)
				_, err := stores[member%2].Apply(t.Context(), owner, domain.NewBatch(time.Unix(1e9, 0), changes...))
				switch {
				case errors.Is(err, domain.ErrTaskNotFound), errors.Is(err, domain.ErrStaleTask):
					continue
				case err != nil:
					t.Error(err)
					return
				}
				happened.Add(int64(len(changes)))
				for _, change := range changes {
					if _, ok := change.(domain.Create); ok {
						created.Add(1)
					}
				}
			}
		})
	}
	all.Wait()
	last := create(t, stores[0])
	if int64(last.Sequence) != happened.Load()+1 || int64(last.ID) != created.Load()+1 {
		t.Errorf("after %d changes, of which %d creates, the next task got sequence %d and id %d", happened.Load(), created.Load(), last.Sequence, last.ID)
	}
	if happened.Load() == 0 || happened.Load() == created.Load() {
		t.Errorf("%d changes happened, %d of them creates: nothing raced", happened.Load(), created.Load())
	}
}

// randomChanges are of a few tasks, so that they meet.
func randomChanges(t *testing.T, random *rand.Rand) []domain.Change {
	t.Helper()
	target := func() domain.Target {
		target := domain.Target{ID: domain.TaskID(1 + random.IntN(6))}
		if random.IntN(2) == 0 {
			target.Expected = domain.Sequence(1 + random.IntN(60))
		}
		return target
	}
	changes := make([]domain.Change, 1+random.IntN(5)/4)
	for i := range changes {
		switch random.IntN(6) {
		case 0, 1:
			changes[i] = domain.Create{Title: title(t, "made in a race")}
		case 2:
			changes[i] = domain.Delete{Target: target()}
		case 3:
			changes[i] = domain.Edit{Target: target(), Title: domain.Some(title(t, "edited in a race"))}
		default:
			changes[i] = domain.ToggleCompleted{Target: target()}
		}
	}
	return changes
}
