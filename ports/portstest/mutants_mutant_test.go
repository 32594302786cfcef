package portstest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// mutant is a sound repository, but for the methods that are overridden.
type mutant struct {
	sound ports.TaskRepository
	get   func(c call, id domain.TaskID) (domain.Task, error)
	list  func(c call, query domain.TaskQuery) (domain.TaskPage, error)
	apply func(c call, batch domain.Batch) ([]domain.Task, error)
}

// call is a call of a mutant's method, which the sound repository can answer.
type call struct {
	ctx   context.Context
	sound ports.TaskRepository
	owner domain.UserID
}

func (c call) get(id domain.TaskID) (domain.Task, error) { return c.sound.Get(c.ctx, c.owner, id) }

func (c call) list(query domain.TaskQuery) (domain.TaskPage, error) {
	return c.sound.List(c.ctx, c.owner, query)
}

func (c call) apply(batch domain.Batch) ([]domain.Task, error) {
	return c.sound.Apply(c.ctx, c.owner, batch)
}

func (m mutant) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	c := call{ctx, m.sound, owner}
	if m.get == nil {
		return c.get(id)
	}
	return m.get(c, id)
}

func (m mutant) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	c := call{ctx, m.sound, owner}
	if m.list == nil {
		return c.list(query)
	}
	return m.list(c, query)
}

func (m mutant) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	c := call{ctx, m.sound, owner}
	if m.apply == nil {
		return c.apply(batch)
	}
	return m.apply(c, batch)
}

// overriding opens mutants of memory.NewTasks.
func overriding(open func() mutant) harness {
	return harness{tasks: func() ports.TaskRepository {
		mutant := open()
		mutant.sound = memory.NewTasks()
		return mutant
	}}
}

// getting overrides Get.
func getting(get func(c call, id domain.TaskID) (domain.Task, error)) harness {
	return overriding(func() mutant { return mutant{get: get} })
}

// listing overrides List.
func listing(list func(c call, query domain.TaskQuery) (domain.TaskPage, error)) harness {
	return overriding(func() mutant { return mutant{list: list} })
}

// applying overrides Apply.
func applying(apply func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return overriding(func() mutant { return mutant{apply: apply} })
}

// reading spoils each task that Get and List return.
func reading(spoil func(*domain.Task)) harness {
	return overriding(func() mutant { return spoiledReads(spoil) })
}

// giving spoils each task that any method returns.
func giving(spoil func(*domain.Task)) harness {
	return overriding(func() mutant {
		mutant := spoiledReads(spoil)
		mutant.apply = func(c call, batch domain.Batch) ([]domain.Task, error) {
			results, err := c.apply(batch)
			for i := range results {
				spoil(&results[i])
			}
			return results, err
		}
		return mutant
	})
}

func spoiledReads(spoil func(*domain.Task)) mutant {
	return mutant{
		get: func(c call, id domain.TaskID) (domain.Task, error) {
			task, err := c.get(id)
			spoil(&task)
			return task, err
		},
		list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
			page, err := c.list(query)
			for i := range page.Tasks {
				spoil(&page.Tasks[i])
			}
			return page, err
		},
	}
}

// asking spoils what List is asked for.
func asking(spoil func(*domain.TaskQuery)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		spoil(&query)
		return c.list(query)
	})
}

// paging spoils what List answers.
func paging(spoil func(domain.TaskQuery, *domain.TaskPage)) harness {
	return listing(func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
		page, err := c.list(query)
		spoil(query, &page)
		return page, err
	})
}

// batching makes another batch of the one that Apply is given.
func batching(spoil func(time.Time, []domain.Change) domain.Batch) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		return c.apply(spoil(batch.At(), batch.Changes()))
	})
}

// changing makes another change of each that Apply is given.
func changing(spoil func(domain.Change) domain.Change) harness {
	return batching(func(at time.Time, changes []domain.Change) domain.Batch {
		for i := range changes {
			changes[i] = spoil(changes[i])
		}
		return domain.NewBatch(at, changes...)
	})
}

// resulting spoils what Apply returns.
func resulting(spoil func(changes []domain.Change, results []domain.Task) []domain.Task) harness {
	return applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
		results, err := c.apply(batch)
		if err != nil {
			return nil, err
		}
		return spoil(batch.Changes(), results), nil
	})
}

// aimed gives a change with its target made another; a create has none.
func aimed(change domain.Change, aim func(*domain.Target)) domain.Change {
	switch change := change.(type) {
	case domain.Edit:
		aim(&change.Target)
		return change
	case domain.SetCompleted:
		aim(&change.Target)
		return change
	case domain.ToggleCompleted:
		aim(&change.Target)
		return change
	case domain.Delete:
		aim(&change.Target)
		return change
	}
	return change
}

// targetOf gives the target of a change, zero for a create.
func targetOf(change domain.Change) (target domain.Target) {
	aimed(change, func(found *domain.Target) { target = *found })
	return target
}

// firstOf gives the first change of a batch if it is of the kind C.
func firstOf[C domain.Change](batch domain.Batch) (change C, ok bool) {
	if changes := batch.Changes(); len(changes) > 0 {
		change, ok = changes[0].(C)
	}
	return change, ok
}

// notes is what a mutant keeps between calls.
type notes[K comparable, V any] struct {
	mu   sync.Mutex
	kept map[K]V
}

func (n *notes[K, V]) get(key K) (V, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	value, ok := n.kept[key]
	return value, ok
}

func (n *notes[K, V]) put(key K, value V) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.kept == nil {
		n.kept = map[K]V{}
	}
	n.kept[key] = value
}

func (n *notes[K, V]) clear() {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.kept)
}

// oneByOne lets one call through at a time.
func oneByOne(apply func(c call, batch domain.Batch) ([]domain.Task, error)) func(c call, batch domain.Batch) ([]domain.Task, error) {
	var mu sync.Mutex
	return func(c call, batch domain.Batch) ([]domain.Task, error) {
		mu.Lock()
		defer mu.Unlock()
		return apply(c, batch)
	}
}

// gate lets two callers see the same state, as two transactions do: while a
// crowd is at work, the first to pass waits for a second. From then on the
// gate stands open.
type gate struct{ passed atomic.Int32 }

// pass reports whether another caller is, or was, inside at the same time.
func (g *gate) pass() (together bool) {
	if g.passed.Add(1) > 1 {
		return true
	}
	// The bound is for a crowd that does other things.
	for spins := 0; g.passed.Load() == 1 && runtime.NumGoroutine() > crowd && spins < 1_000_000; spins++ {
		runtime.Gosched()
	}
	return !g.passed.CompareAndSwap(1, 0)
}
