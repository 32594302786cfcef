package memory

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/taskward/taskward/domain"
)

// Tasks is a ports.TaskRepository. It may be used by many goroutines.
type Tasks struct {
	mu     sync.RWMutex
	owners map[domain.UserID]ledger
	closed bool
}

// ledger is what one owner has.
type ledger struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task
}

// NewTasks returns an empty repository.
func NewTasks() *Tasks { return &Tasks{owners: map[domain.UserID]ledger{}} }

// Close makes every later call answer domain.ErrUnavailable. It never fails.
func (r *Tasks) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.closed = true
	return nil
}

// Get implements ports.TaskRepository.
func (r *Tasks) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		return domain.Task{}, err
	}
	return r.owners[owner].get(id)
}

// List implements ports.TaskRepository.
func (r *Tasks) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	if err := r.ready(ctx); err != nil {
		return domain.TaskPage{}, err
	}
	return r.owners[owner].list(query), nil
}

// Apply implements ports.TaskRepository.
func (r *Tasks) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if err := r.ready(ctx); err != nil {
		return nil, err
	}
	before := r.owners[owner]
	effects, err := batch.Play(owner, before.counters, before.get)
	if err != nil {
		return nil, err
	}
	r.owners[owner] = before.after(effects)
	return effects.Results, nil
}

func (r *Tasks) ready(ctx context.Context) error {
	if r.closed {
		return domain.ErrUnavailable
	}
	return ctx.Err()
}

func (l ledger) get(id domain.TaskID) (domain.Task, error) {
	task, ok := l.tasks[id]
	if !ok {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

func (l ledger) list(query domain.TaskQuery) domain.TaskPage {
	page := domain.TaskPage{Tasks: []domain.Task{}}
	total, skipped := 0, 0
	for _, id := range l.ids(query.Order) {
		task := l.tasks[id]
		if query.Completed.Or(task.Completed) != task.Completed {
			continue
		}
		total++
		switch {
		case query.After != 0 && !follows(query.Order, id, query.After):
		case skipped < query.Skip:
			skipped++
		case len(page.Tasks) < query.Limit:
			page.Tasks = append(page.Tasks, task)
		default:
			page.More = true
		}
	}
	if query.Count {
		page.Total = domain.Some(total)
	}
	return page
}

func (l ledger) ids(order domain.Order) []domain.TaskID {
	ids := slices.Sorted(maps.Keys(l.tasks))
	if order == domain.NewestFirst {
		slices.Reverse(ids)
	}
	return ids
}

func follows(order domain.Order, id, after domain.TaskID) bool {
	if order == domain.NewestFirst {
		return id < after
	}
	return id > after
}

// after returns the ledger with the effects; the tasks' map is shared.
func (l ledger) after(effects domain.Effects) ledger {
	if l.tasks == nil {
		l.tasks = map[domain.TaskID]domain.Task{}
	}
	for _, task := range effects.Saved {
		l.tasks[task.ID] = task
	}
	for _, id := range effects.Deleted {
		delete(l.tasks, id)
	}
	l.counters = effects.Counters
	return l
}
