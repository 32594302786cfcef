package portstest

import (
	"crypto/sha256"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var onceRules = []rule{
	{"A batch with a key happens once, and gives its results again until the key is free", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		s.delete(noon, 2)
		done := rich("imported")
		done.Completed = true
		changes := []domain.Change{
			rich("once"), bare("once"),
			domain.ToggleCompleted{Target: on(1)},
			domain.Purge{Target: on(2)},
			domain.Delete{Target: on(3)},
			domain.Restore{Target: on(3)},
			domain.Delete{Target: on(4)},
			domain.Import{Create: done, CreatedAt: earlier, UpdatedAt: noon, CompletedAt: noon},
		}
		first := s.send(keyed("key", "request", domain.NewBatch(noon, changes...)))
		s.wantTask(first[2])
		s.delete(later, 3)
		s.apply(later, domain.Purge{Target: on(3)})
		s.apply(later, domain.Edit{Target: on(1), Title: domain.Some(title("edited since"))})
		before := s.belongings()
		for _, at := range []time.Time{noon, later, noon.Add(keyLife - time.Microsecond)} {
			if again := s.send(keyed("key", "request", domain.NewBatch(at, changes...))); !slices.Equal(again, first) {
				t.Errorf("the batch gave at %v\n\t%+v, and first\n\t%+v", at, again, first)
			}
			s.wantUnchanged(before)
		}
		for _, at := range []time.Time{noon.Add(keyLife), noon.Add(2 * keyLife)} {
			renewed := s.send(keyed("key", "another request", domain.NewBatch(at, bare("the key was free"))))
			s.wantTask(renewed[0])
			if again := s.send(keyed("key", "another request", domain.NewBatch(at, bare("the key was free")))); !slices.Equal(again, renewed) {
				t.Errorf("the batch gave\n\t%+v, and first\n\t%+v", again, renewed)
			}
		}
		s.send(keyed("KEY", "request", domain.NewBatch(noon, bare("another key"))))
		s.send(keyed("key ", "request", domain.NewBatch(noon, bare("and another"))))
		if got := s.list(domain.TaskQuery{Limit: plenty}); len(got.Tasks) != 6 {
			t.Errorf("there are tasks %v, want 6 of them", ids(got.Tasks))
		}
		for _, key := range hostileKeys {
			want := s.state().LastTaskID + 1
			once := s.send(keyed(key, "request", domain.NewBatch(noon, bare("odd key"))))
			if once[0].ID != want {
				t.Errorf("the batch with key %q gave task %d, want %d", key, once[0].ID, want)
			}
			if again := s.send(keyed(key, "request", domain.NewBatch(noon, bare("odd key")))); !slices.Equal(again, once) {
				t.Errorf("the batch with key %q gave\n\t%+v, and first\n\t%+v", key, again, once)
			}
		}
	}},
	{"A brief key gives tombstones of its results again", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("before")
		brief := domain.NewBatch(noon, rich("once"), domain.Delete{Target: on(1)}, domain.Purge{Target: on(1)}).
			Once(domain.Once{Key: "key", Until: noon.Add(keyLife), Brief: true})
		first := s.send(brief)
		s.wantTask(first[0])
		again := s.send(brief)
		for i, task := range again {
			if len(again) != len(first) || !task.IsTombstone() || task.Owner != s.owner || task.ID != first[i].ID || task.Sequence != first[i].Sequence {
				t.Errorf("the batch gave again\n\t%+v, and first\n\t%+v", again, first)
			}
		}
		s.wantTask(first[0])
	}},
	{"A key that stands for another request fails with domain.ErrKeyReused", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.send(keyed("key", "request", domain.NewBatch(noon, rich("once"))))
		before := s.belongings()
		for _, at := range []time.Time{noon, noon.Add(keyLife - time.Microsecond)} {
			s.wantSendError(domain.ErrKeyReused, keyed("key", "another request", domain.NewBatch(at, rich("once"))))
			s.wantSendError(domain.ErrKeyReused, keyed("key", "another request", domain.NewBatch(at, domain.ToggleCompleted{Target: on(1)}, domain.Delete{Target: on(99)})))
		}
		s.wantUnchanged(before)
		s.send(keyed("key", "request", domain.NewBatch(noon, rich("once"))))
		s.wantUnchanged(before)
	}},
	{"A batch that fails does not take its key", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.wantSendError(domain.ErrTaskNotFound, keyed("key", "request", domain.NewBatch(noon, domain.ToggleCompleted{Target: on(1)})))
		s.wantSendError(domain.ErrTaskNotFound, keyed("key", "request", domain.NewBatch(noon, rich("never"), domain.ToggleCompleted{Target: on(2)})))
		s.create("now there is one")
		s.wantTask(s.send(keyed("key", "request", domain.NewBatch(noon, domain.ToggleCompleted{Target: on(1)})))[0])
		s.wantSendError(domain.ErrStaleTask, keyed("other", "request", domain.NewBatch(noon, domain.Delete{Target: domain.Target{ID: 1, Expected: 1}})))
		s.wantTask(s.send(keyed("other", "another request", domain.NewBatch(noon, rich("second"))))[0])
	}},
}

// keyLife is how long keys are taken from noon on.
const keyLife = 24 * time.Hour

// keyed has a batch happen once, and gives it a key that is free again at a
// time that only the first to send it can tell.
func keyed(key domain.OnceKey, request string, batch domain.Batch) domain.Batch {
	return batch.Once(domain.Once{Key: key, Request: sha256.Sum256([]byte(request)), Until: batch.At().Add(keyLife)})
}

// hostileKeys are keys that stores are known to confuse with each other.
var hostileKeys = []domain.OnceKey{
	"'", `"`, `\`, "%", "_", "$1", "?", ";--", domain.OnceKey(strings.Repeat("x", domain.MaxOnceKeyBytes)),
	domain.OnceKey(strings.Repeat("x", domain.MaxOnceKeyBytes-1) + "y"),
}
