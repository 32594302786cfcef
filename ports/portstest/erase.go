package portstest

import (
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var eraseRules = []rule{
	{"Erase removes all that the owner has, but for the counters", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		once := keyed("key", "request", domain.NewBatch(noon, rich("with a key")))
		s.send(once)
		s.createMany(3)
		s.delete(noon, 2, 3)
		s.apply(later, domain.Purge{Target: on(3)})
		for _, id := range []domain.TaskID{4, 5} { // with tasks, then with nothing but a trash
			s.erase()
			for id := domain.TaskID(1); id <= 4; id++ {
				s.wantGone(id)
				s.wantApplyError(domain.ErrTaskNotFound, domain.Restore{Target: on(id)})
			}
			if page := s.list(domain.TaskQuery{Limit: 9, Count: true}); len(page.Tasks) != 0 || page.Total != domain.Some(0) {
				t.Errorf("there are tasks %v left, and the total is %+v", ids(page.Tasks), page.Total)
			}
			s.wantTrash()
			s.wantFeed(s.changes(0, plenty))
			if got := s.state().LastTaskID; got != id {
				t.Errorf("the last id given is %d, want %d", got, id)
			}
			s.create("for the next round")
			s.delete(later, s.all()[0].ID)
		}
		if again := s.send(once)[0]; again.ID != 7 {
			t.Errorf("what was sent again after Erase gave task %d, want 7", again.ID)
		}
	}},
	{"Erase counts as a change after which nothing before it is told", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		last := s.createMany(3)[2].Sequence
		s.erase()
		want := domain.Counters{LastTaskID: 3, Sequence: last + 1, Forgotten: last + 1}
		if got := s.state(); got != want {
			t.Errorf("State gave %+v, want %+v", got, want)
		}
		for since := domain.Sequence(1); since <= last; since++ {
			s.wantForgotten(domain.Mark{Sequence: since})
		}
		s.wantFeed(s.changes(0, plenty))
		s.wantFeed(s.changes(last+1, plenty))
		next := s.create("after all")
		if next.Sequence != last+2 {
			t.Errorf("the first change after Erase has sequence %d, want %d", next.Sequence, last+2)
		}
		s.wantForgotten(domain.Mark{Sequence: last})
		s.wantFeed(s.changes(0, plenty), next.ID)
		s.wantFeed(s.changes(last+1, plenty), next.ID)
	}},
	{"An erased owner's ids are not given again", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(later, 3)
		s.erase()
		for want := domain.TaskID(4); want < 6; want++ {
			if got := s.create("after Erase").ID; got != want {
				t.Errorf("a task after Erase got id %d, want %d", got, want)
			}
		}
	}},
	{"To erase an owner who never had a task changes nothing", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.erase()
		s.wantUnchanged(belongings{})
		if first := s.create("first"); first.ID != 1 || first.Sequence != 1 {
			t.Errorf("the first task is %+v", first)
		}
	}},
}
