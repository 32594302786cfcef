package portstest

import (
	"context"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// mutant is a sound repository, but for the methods that are overridden.
type mutant struct {
	sound   ports.TaskRepository
	get     func(c call, id domain.TaskID) (domain.Task, error)
	list    func(c call, query domain.TaskQuery) (domain.TaskPage, error)
	trash   func(c call, query domain.TrashQuery) (domain.TaskPage, error)
	changes func(c call, since domain.Mark, limit int) (domain.Feed, error)
	state   func(c call) (domain.Counters, error)
	apply   func(c call, batch domain.Batch) ([]domain.Task, error)
	erase   func(c call) error
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

func (c call) trash(query domain.TrashQuery) (domain.TaskPage, error) {
	return c.sound.Trash(c.ctx, c.owner, query)
}

func (c call) changes(since domain.Mark, limit int) (domain.Feed, error) {
	return c.sound.Changes(c.ctx, c.owner, since, limit)
}

func (c call) state() (domain.Counters, error) { return c.sound.State(c.ctx, c.owner) }

func (c call) apply(batch domain.Batch) ([]domain.Task, error) {
	return c.sound.Apply(c.ctx, c.owner, batch)
}

func (c call) erase() error { return c.sound.Erase(c.ctx, c.owner) }

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

func (m mutant) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	c := call{ctx, m.sound, owner}
	if m.trash == nil {
		return c.trash(query)
	}
	return m.trash(c, query)
}

func (m mutant) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	c := call{ctx, m.sound, owner}
	if m.changes == nil {
		return c.changes(since, limit)
	}
	return m.changes(c, since, limit)
}

func (m mutant) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	c := call{ctx, m.sound, owner}
	if m.state == nil {
		return c.state()
	}
	return m.state(c)
}

func (m mutant) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	c := call{ctx, m.sound, owner}
	if m.apply == nil {
		return c.apply(batch)
	}
	return m.apply(c, batch)
}

func (m mutant) Erase(ctx context.Context, owner domain.UserID) error {
	c := call{ctx, m.sound, owner}
	if m.erase == nil {
		return c.erase()
	}
	return m.erase(c)
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

// trashing overrides Trash.
func trashing(trash func(c call, query domain.TrashQuery) (domain.TaskPage, error)) harness {
	return overriding(func() mutant { return mutant{trash: trash} })
}

// telling overrides Changes.
func telling(changes func(c call, since domain.Mark, limit int) (domain.Feed, error)) harness {
	return overriding(func() mutant { return mutant{changes: changes} })
}

// stating overrides State.
func stating(state func(c call) (domain.Counters, error)) harness {
	return overriding(func() mutant { return mutant{state: state} })
}

// applying overrides Apply.
func applying(apply func(c call, batch domain.Batch) ([]domain.Task, error)) harness {
	return overriding(func() mutant { return mutant{apply: apply} })
}

// erasing overrides Erase.
func erasing(erase func(c call) error) harness {
	return overriding(func() mutant { return mutant{erase: erase} })
}
