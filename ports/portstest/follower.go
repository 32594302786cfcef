package portstest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync/atomic"
	"time"

	"github.com/taskward/taskward/domain"
)

// follower has a copy of an owner's tasks that it keeps up to date by nothing
// but Changes.
type follower struct {
	scene scene
	since domain.Mark
	copy  map[domain.TaskID]domain.Task
}

// step takes the next few changes, and tells whether there are more.
func (f *follower) step() (more bool, err error) {
	feed, err := f.scene.tasks.Changes(f.scene.t.Context(), f.scene.owner, f.since, 3)
	if errors.Is(err, domain.ErrChangesForgotten) {
		f.since, f.copy = domain.Mark{}, nil
		return true, nil
	}
	if f.copy == nil {
		f.copy = map[domain.TaskID]domain.Task{}
	}
	if err != nil {
		return false, err
	}
	for _, task := range feed.Tasks {
		switch {
		case task.Sequence <= f.since.Sequence:
			return false, fmt.Errorf("Changes(%+v) told of sequence %d", f.since, task.Sequence)
		case task.IsLive():
			f.copy[task.ID] = task
		default:
			delete(f.copy, task.ID)
		}
	}
	f.since = feed.Until
	return feed.More, nil
}

// catchUp takes all changes that there are.
func (f *follower) catchUp() error {
	for range plenty {
		if more, err := f.step(); err != nil || !more {
			return err
		}
	}
	return errors.New("Changes has no end")
}

// tasks gives the copy in the order of the ids.
func (f *follower) tasks() []domain.Task {
	return slices.SortedFunc(maps.Values(f.copy), func(a, b domain.Task) int { return cmp.Compare(a.ID, b.ID) })
}

// follow has some of a crowd follow the owner's changes while the others work,
// and gives those who followed when they have caught up.
func (s scene) follow(count int, work func(member int) error) []*follower {
	s.t.Helper()
	followers := make([]*follower, count)
	for i := range followers {
		followers[i] = &follower{scene: s}
		if err := followers[i].catchUp(); err != nil {
			s.t.Fatalf("following: %v", err)
		}
	}
	var working atomic.Int64
	working.Store(int64(crowd - count))
	together(s, func(member int) (any, error) {
		if member >= count {
			defer working.Add(-1)
			return nil, work(member)
		}
		for working.Load() > 0 {
			if err := followers[member].catchUp(); err != nil {
				return nil, err
			}
			runtime.Gosched()
		}
		return nil, followers[member].catchUp()
	})
	return followers
}

// shared is how many tasks all change who are at work on one owner.
const shared = 3

// work changes tasks as one of a crowd does: the shared ones, one of the
// member's own, and a new one. What was deleted at over is forgotten meanwhile.
func (s scene) work(member int, over time.Time) error {
	all, own := on(domain.TaskID(1+member%shared)), on(domain.TaskID(1+shared+member))
	batches := []domain.Batch{
		domain.NewBatch(later, domain.ToggleCompleted{Target: all}, rich("a new one"), domain.Edit{Target: own, Title: domain.Some(title("edited"))}),
		domain.NewBatch(later, domain.Delete{Target: own}).ForgettingTrash(over),
	}
	switch member % 4 {
	case 0:
		batches = append(batches, domain.NewBatch(later, domain.Restore{Target: own}))
	case 1:
		batches = append(batches, domain.NewBatch(later, domain.Purge{Target: own}))
	case 2:
		batches[1] = domain.NewBatch(earlier, domain.Delete{Target: own}) // for others to forget
	}
	batches = append(batches, domain.NewBatch(later, domain.Edit{Target: all, Place: domain.Some(domain.Behind(1))}))
	for _, batch := range batches {
		if _, err := s.tasks.Apply(s.t.Context(), s.owner, batch); err != nil {
			return err
		}
	}
	return nil
}
