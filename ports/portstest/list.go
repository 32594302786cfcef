package portstest

import (
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var listRules = []rule{
	{"Get returns the task as the last Apply left it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.create("first of all")
		created := s.create("to begin with")
		if got := s.get(created.ID); got != created {
			t.Errorf("Get gave %+v, want %+v", got, created)
		}
		edited := s.apply(later, domain.Edit{Target: on(created.ID), Title: domain.Some(title("in the end"))})[0]
		if got := s.get(created.ID); got != edited || got.Title != title("in the end") {
			t.Errorf("Get gave %+v, want %+v", got, edited)
		}
	}},
	{"Get returns domain.ErrTaskNotFound for an id never given", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.wantGone(1)
		s.create("only")
		for _, id := range []domain.TaskID{2, 1<<32 + 1, 1<<63 - 1, 0, -1} {
			s.wantGone(id)
		}
	}},
	{"Get returns domain.ErrTaskNotFound for a deleted task", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		s.apply(later, domain.Delete{Target: on(2)})
		s.wantGone(2)
		s.get(1)
	}},
	{"List returns tasks in the order asked for, at most Limit of them", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(12) // two digits, so that an order by text shows
		s.apply(later, domain.ToggleCompleted{Target: on(5)}, domain.ToggleCompleted{Target: on(11)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 4}), 12, 11, 10, 9)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 4, Order: domain.OldestFirst}), 1, 2, 3, 4)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 0}))
		s.wantIDs(s.list(domain.TaskQuery{Limit: 20}), 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
	}},
	{"More tells whether others follow", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(1), Completed: true})
		for query, want := range map[domain.TaskQuery]bool{
			{Limit: 3}:           true,
			{Limit: 4}:           false,
			{Limit: 5}:           false,
			{Limit: 2, After: 4}: true,
			{Limit: 3, After: 4}: false,
			{Limit: 2, Skip: 1}:  true,
			{Limit: 2, Skip: 2}:  false,
			{Limit: 3, Completed: domain.Some(false)}:       false,
			{Limit: 2, Completed: domain.Some(false)}:       true,
			{Limit: 2, After: 2, Order: domain.OldestFirst}: false,
			{Limit: 1, After: 2, Order: domain.OldestFirst}: true,
		} {
			if got := s.list(query).More; got != want {
				t.Errorf("List(%+v) gave more %v", query, got)
			}
		}
	}},
	{"After resumes where a page ended, also when the task it names is gone", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(12)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 10}), 9, 8)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 9, Order: domain.OldestFirst}), 10, 11)
		s.apply(later, domain.Delete{Target: on(10)}, domain.Delete{Target: on(9)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 10}), 8, 7)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 9, Order: domain.OldestFirst}), 11, 12)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 1}))
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: 12, Order: domain.OldestFirst}))
	}},
	{"Pages neither skip nor repeat a task while others are created and deleted", func(t reporter, tasks ports.TaskRepository) {
		for _, order := range []domain.Order{domain.NewestFirst, domain.OldestFirst} {
			s := newScene(t, tasks)
			s.createMany(13)
			passing := []domain.TaskID{1, 13, 2, 12} // at both ends, so that the others move up in either order
			shown := map[domain.TaskID]int{}
			query := domain.TaskQuery{Limit: 2, Order: order}
			for more, pages := true, 1; more; pages++ {
				page := s.list(query)
				if len(page.Tasks) == 0 || pages > 20 {
					t.Fatalf("page %d in order %d is empty, or there should be no such page: %v", pages, order, shown)
				}
				for _, task := range page.Tasks {
					shown[task.ID]++
				}
				query.After, more = page.Tasks[len(page.Tasks)-1].ID, page.More
				if len(passing) > 0 {
					s.apply(later, domain.Delete{Target: on(passing[0])}, domain.Create{Title: title("passing")})
					passing = passing[1:]
				}
			}
			for id := domain.TaskID(3); id <= 11; id++ {
				if shown[id] != 1 {
					t.Errorf("pages in order %d show task %d %d times: %v", order, id, shown[id], shown)
				}
			}
		}
	}},
	{"Skip leaves out the first tasks", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(4), Completed: true})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1}), 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1, Completed: domain.Some(false)}), 2, 1)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1, After: 4}), 2, 1)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 3, Order: domain.OldestFirst}), 4)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 4}))
	}},
	{"Completed lists only tasks in that state", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(2), Completed: true}, domain.SetCompleted{Target: on(3), Completed: true})
		for _, limit := range []int{2, 9} {
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: domain.Some(true)}), 3, 2)
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: domain.Some(false)}), 4, 1)
			s.wantIDs(s.list(domain.TaskQuery{Limit: limit, Completed: domain.Some(false), Order: domain.OldestFirst}), 1, 4)
		}
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Completed: domain.Some(true), After: 3}), 2)
	}},
	{"Total counts all tasks that pass Completed, whatever page is asked for, if Count is set", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(7)
		s.apply(later, domain.SetCompleted{Target: on(2), Completed: true}, domain.Delete{Target: on(6)}, domain.Delete{Target: on(7)})
		for query, want := range map[domain.TaskQuery]int{
			{Limit: 1, Count: true}: 5,
			{Limit: 0, Count: true}: 5,
			{Limit: 2, Count: true, After: 3, Order: domain.OldestFirst}:    5,
			{Limit: 2, Count: true, Skip: 4}:                                5,
			{Limit: 1, Count: true, Completed: domain.Some(true)}:           1,
			{Limit: 1, Count: true, Completed: domain.Some(false), Skip: 9}: 4,
		} {
			if got, ok := s.list(query).Total.Get(); !ok || got != want {
				t.Errorf("List(%+v) counted %d (%v), want %d", query, got, ok, want)
			}
		}
		if total, ok := s.list(domain.TaskQuery{Limit: 1}).Total.Get(); ok {
			t.Errorf("List counted %d though it was not asked to", total)
		}
	}},
	{"An owner without tasks has an empty list", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for _, order := range []domain.Order{domain.NewestFirst, domain.OldestFirst} {
			page := s.list(domain.TaskQuery{Limit: 10, Count: true, Order: order})
			if total, ok := page.Total.Get(); len(page.Tasks) != 0 || page.More || !ok || total != 0 {
				t.Errorf("List gave %d tasks, more %v, total %d (%v)", len(page.Tasks), page.More, total, ok)
			}
		}
	}},
}
