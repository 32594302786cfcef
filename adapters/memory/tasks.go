package memory

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
)

// Tasks is a ports.TaskRepository and a ports.Owners. It may be used by many
// goroutines.
type Tasks struct {
	mu     sync.RWMutex
	owners map[domain.UserID]*ledger
	closed bool
}

// NewTasks returns an empty repository.
func NewTasks() *Tasks { return &Tasks{owners: map[domain.UserID]*ledger{}} }

// Close makes every later call answer domain.ErrUnavailable. It never fails.
func (r *Tasks) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// Get implements ports.TaskRepository.
func (r *Tasks) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	return read(ctx, r, owner, func(l *ledger) (domain.Task, error) {
		task, err := l.Task(id)
		if err == nil && !task.IsLive() {
			return domain.Task{}, domain.ErrTaskNotFound
		}
		return task, err
	})
}

// List implements ports.TaskRepository.
func (r *Tasks) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	return read(ctx, r, owner, func(l *ledger) (domain.TaskPage, error) {
		return query.Page(l.all(), l.counters.Sequence), nil
	})
}

// Trash implements ports.TaskRepository.
func (r *Tasks) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	return read(ctx, r, owner, func(l *ledger) (domain.TaskPage, error) { return query.Page(l.all()), nil })
}

// Changes implements ports.TaskRepository.
func (r *Tasks) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	return read(ctx, r, owner, func(l *ledger) (domain.Feed, error) {
		return domain.NewFeed(l.all(), l.counters, since, limit)
	})
}

// State implements ports.TaskRepository.
func (r *Tasks) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	return read(ctx, r, owner, func(l *ledger) (domain.Counters, error) { return l.counters, nil })
}

// Owners implements ports.Owners.
func (r *Tasks) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	all := slices.Sorted(maps.Keys(r.owners))
	all = slices.DeleteFunc(all, func(owner domain.UserID) bool { return owner <= after })
	return all[:min(len(all), limit)], nil
}

// Apply implements ports.TaskRepository.
func (r *Tasks) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) (results []domain.Task, err error) {
	err = r.write(ctx, owner, func(l *ledger) error {
		results, err = l.apply(owner, batch)
		return err
	})
	return results, err
}

// Erase implements ports.TaskRepository.
func (r *Tasks) Erase(ctx context.Context, owner domain.UserID) error {
	return r.write(ctx, owner, func(l *ledger) error {
		if l.counters != (domain.Counters{}) {
			*l = ledger{counters: l.counters.Erased()}
		}
		return nil
	})
}

func read[T any](ctx context.Context, r *Tasks, owner domain.UserID, look func(*ledger) (T, error)) (T, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		var none T
		return none, err
	}
	if kept, known := r.owners[owner]; known {
		return look(kept)
	}
	return look(&ledger{})
}

func (r *Tasks) write(ctx context.Context, owner domain.UserID, change func(*ledger) error) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ready(ctx); err != nil {
		return err
	}
	kept, known := r.owners[owner]
	if !known {
		kept = &ledger{}
	}
	if err := change(kept); err != nil {
		return err
	}
	if kept.counters != (domain.Counters{}) {
		r.owners[owner] = kept
	}
	return nil
}

func (r *Tasks) ready(ctx context.Context) error {
	if r.closed {
		return domain.ErrUnavailable
	}
	return ctx.Err()
}

// ledger is what one owner has. It is what a batch looks at: [domain.Holdings].
type ledger struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
	answers  map[domain.OnceKey]answer
}

// answer is what a batch with a key came to.
type answer struct {
	once    domain.Once
	results []domain.Task
}

func (l *ledger) all() []domain.Task { return slices.Collect(maps.Values(l.tasks)) }

// Task implements domain.Holdings.
func (l *ledger) Task(id domain.TaskID) (domain.Task, error) {
	task, ok := l.tasks[id]
	if !ok {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

// Around implements domain.Holdings.
func (l *ledger) Around(position domain.Position) (below, above domain.Position, err error) {
	below, above = domain.Nearest(position, l.all())
	return below, above, nil
}

func (l *ledger) apply(owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	once, keyed := batch.OnlyOnce().Get()
	if given, known := l.answers[once.Key]; keyed && known && given.once.Until.After(batch.At()) {
		if err := given.once.Matches(once.Request); err != nil {
			return nil, err
		}
		return slices.Clone(given.results), nil
	}
	effects, err := batch.Play(owner, l.counters, l)
	if err != nil {
		return nil, err
	}
	l.store(effects)
	if batch.Deletes() {
		l.forgetTrash(batch.TrashOver())
	}
	if keyed && len(effects.Results) > 0 {
		l.answer(once, effects.Results, batch.At())
	}
	return effects.Results, nil
}

func (l *ledger) store(effects domain.Effects) {
	if l.tasks == nil {
		l.tasks = map[domain.TaskID]domain.Task{}
	}
	for _, task := range effects.Saved {
		l.tasks[task.ID] = task
	}
	l.counters = effects.Counters
}

// forgetTrash drops what was deleted at over or earlier, tombstones included.
func (l *ledger) forgetTrash(over time.Time) {
	maps.DeleteFunc(l.tasks, func(_ domain.TaskID, task domain.Task) bool {
		forget := !task.IsLive() && !task.DeletedAt.After(over)
		if forget {
			l.counters.Forgotten = max(l.counters.Forgotten, task.Sequence)
		}
		return forget
	})
}

// answer keeps results for who sends the batch again, and drops those whose
// keys are free.
func (l *ledger) answer(once domain.Once, results []domain.Task, at time.Time) {
	if l.answers == nil {
		l.answers = map[domain.OnceKey]answer{}
	}
	maps.DeleteFunc(l.answers, func(_ domain.OnceKey, old answer) bool { return !old.once.Until.After(at) })
	l.answers[once.Key] = answer{once, once.Kept(results)}
}
