package portstest

import (
	"math"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var feedRules = []rule{
	{"Changes returns each task that changed since the mark once, as it is now, in the order of the last changes, at most limit of them", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.wantFeed(s.changes(0, 9))
		created := s.createMany(12)
		last := created[11].Sequence
		s.wantFeed(s.changes(last, plenty))
		s.wantFeed(s.changes(last+1, plenty))
		s.wantFeed(s.changes(math.MaxInt64, plenty))
		edited := s.apply(later, domain.Edit{Target: on(10), Title: domain.Some(title("edited"))})[0].Sequence
		s.apply(later, domain.ToggleCompleted{Target: on(2)}, domain.ToggleCompleted{Target: on(5)}, domain.ToggleCompleted{Target: on(2)})
		s.delete(earlier, 7) // by a clock that is behind
		s.apply(later, domain.Edit{Target: on(5), Description: domain.Some(domain.Description{})})
		feed := s.changes(last, plenty)
		s.wantFeed(feed, 10, 2, 7, 5)
		for _, at := range []int{0, 1, 3} {
			s.wantTask(feed.Tasks[at])
		}
		s.wantFeed(s.changes(last, 2), 10, 2)
		s.wantFeed(s.changes(last, 0))
		s.wantFeed(s.changes(edited, plenty), 2, 7, 5)
		s.wantFeed(s.changes(0, 3), 1, 3, 4)
		s.wantFeed(s.changes(0, plenty), 1, 3, 4, 6, 8, 9, 11, 12, 10, 2, 7, 5)
	}},
	{"Changes returns deleted and purged tasks as deleted", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		deleted := s.delete(later, 3, 1, 2)
		purged := s.apply(later.Add(time.Hour), domain.Purge{Target: on(1)})[0]
		s.apply(later, domain.Restore{Target: on(2)})
		feed := s.changes(0, plenty)
		s.wantFeed(feed, 4, 3, 1, 2)
		for at, want := range map[int]domain.Task{1: deleted[0], 2: purged} {
			if got := feed.Tasks[at]; got.IsLive() || !got.DeletedAt.Equal(later) || got.Sequence != want.Sequence {
				t.Errorf("Changes gave %+v, want what was deleted at %v, sequence %d", got, later, want.Sequence)
			}
		}
		for _, at := range []int{0, 3} {
			if got := feed.Tasks[at]; !got.IsLive() {
				t.Errorf("Changes gave %+v of a task that is there", got)
			}
		}
	}},
	{"Until is where the next Changes goes on", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		feed := s.changes(0, 9)
		if feed.Until != (domain.Mark{}) || feed.More {
			t.Errorf("the feed of nothing goes on at %+v, more %v", feed.Until, feed.More)
		}
		s.createMany(5)
		s.apply(later, domain.ToggleCompleted{Target: on(1)}, domain.ToggleCompleted{Target: on(4)})
		for _, step := range []struct {
			want []domain.TaskID
			more bool
		}{
			{[]domain.TaskID{2, 3}, true},
			{[]domain.TaskID{5, 1}, true},
			{[]domain.TaskID{4}, false},
			{nil, false},
		} {
			want := feed.Until
			feed = s.goOn(feed.Until, 2)
			s.wantFeed(feed, step.want...)
			if last := len(feed.Tasks) - 1; last >= 0 {
				want.Sequence = feed.Tasks[last].Sequence
			}
			if feed.Until != want || feed.More != step.more {
				t.Errorf("the feed of tasks %v goes on at %+v, more %v; want %+v, %v", step.want, feed.Until, feed.More, want, step.more)
			}
		}
		if feed := s.changes(feed.Until.Sequence-1, 1); feed.More {
			t.Errorf("there is more after the last change")
		}
		s.apply(later, domain.ToggleCompleted{Target: on(3)})
		s.wantFeed(s.goOn(feed.Until, 2), 3)
	}},
	{"Changes fails with domain.ErrChangesForgotten if what was deleted since is forgotten, but never from the beginning", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.delete(noon, 2)
		forgotten := s.delete(noon, 1)[0].Sequence
		s.wantFeed(s.changes(1, plenty), 3, 4, 2, 1)
		s.send(domain.NewBatch(later, domain.Delete{Target: on(3)}).ForgettingTrash(noon))
		for since := domain.Sequence(1); since < forgotten; since++ {
			s.wantForgotten(domain.Mark{Sequence: since})
			s.wantForgotten(domain.Mark{Sequence: since, Forgotten: forgotten - 1})
		}
		s.wantFeed(s.changes(forgotten, plenty), 3)
		s.wantFeed(s.changes(forgotten+1, plenty))
		s.wantFeed(s.changes(0, plenty), 4, 3)
		s.apply(later, domain.Restore{Target: on(3)})
		s.wantForgotten(domain.Mark{Sequence: forgotten - 1})
		s.wantFeed(s.changes(forgotten, plenty), 3)
	}},
	{"Who began after that was forgotten can go on to the end", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(6)
		s.delete(noon, 5)
		s.send(domain.NewBatch(later, domain.Delete{Target: on(6)}).ForgettingTrash(noon))
		told := []domain.TaskID{1, 2, 3, 4, 6}
		feed := domain.Feed{}
		for i, id := range told {
			feed = s.goOn(feed.Until, 1)
			if s.wantFeed(feed, id); feed.More != (i < len(told)-1) {
				t.Errorf("after task %d there is more %v", id, feed.More)
			}
		}
		begun := s.changes(0, 1).Until
		s.delete(earlier, 4)
		s.wantFeed(s.goOn(begun, plenty), 2, 3, 6, 4)
		s.send(domain.NewBatch(later, domain.Delete{Target: on(3)}).ForgettingTrash(earlier))
		s.wantForgotten(begun)
	}},
	{"State returns the owner's counters as the last change left them, and zero ones of an owner without any", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		wantState := func(want domain.Counters) {
			if got := s.state(); got != want {
				t.Errorf("State gave %+v, want %+v", got, want)
			}
		}
		wantState(domain.Counters{})
		s.createMany(3)
		wantState(domain.Counters{LastTaskID: 3, Sequence: 3})
		s.apply(later, domain.ToggleCompleted{Target: on(1)}, domain.ToggleCompleted{Target: on(1)})
		wantState(domain.Counters{LastTaskID: 3, Sequence: 5})
		s.delete(noon, 2, 3)
		wantState(domain.Counters{LastTaskID: 3, Sequence: 7})
		s.wantApplyError(domain.ErrTaskNotFound, bare("never"), domain.Delete{Target: on(9)})
		wantState(domain.Counters{LastTaskID: 3, Sequence: 7})
		s.apply(later, domain.Restore{Target: on(2)}, domain.Purge{Target: on(3)})
		wantState(domain.Counters{LastTaskID: 3, Sequence: 9})
		s.send(domain.NewBatch(later, domain.Delete{Target: on(1)}).ForgettingTrash(noon))
		wantState(domain.Counters{LastTaskID: 3, Sequence: 10, Forgotten: 9})
	}},
}
