package portstest

import (
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var getRules = []rule{
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
		s.createMany(3)
		s.delete(later, 2, 3)
		s.apply(later, domain.Purge{Target: on(3)})
		s.wantGone(2)
		s.wantGone(3)
		s.get(1)
	}},
}
