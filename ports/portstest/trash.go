package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var trashRules = []rule{
	{"Trash returns what is in the trash, the last deleted first, at most Limit tasks", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.wantTrash()
		s.createMany(5)
		s.wantTrash()
		s.delete(later, 2)
		s.delete(noon, 5, 1) // by a clock that is behind
		s.delete(later, 4)
		s.wantTrash(4, 1, 5, 2)
		s.apply(later, domain.Restore{Target: on(1)})
		s.apply(later, domain.Purge{Target: on(5)})
		s.wantTrash(4, 2)
		s.delete(later, 1)
		s.wantTrash(1, 4, 2)
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 2}), 1, 4)
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 0}))
	}},
	{"Before resumes where a page of the trash ended", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(5)
		s.delete(later, 3, 1, 5, 4)
		query := domain.TrashQuery{Limit: 2}
		page := s.trash(query)
		s.wantIDs(page, 4, 5)
		if query.Before = page.Tasks[1].Sequence; !page.More {
			t.Errorf("there is no more after tasks %v of the trash", ids(page.Tasks))
		}
		s.apply(later, domain.Restore{Target: on(5)})
		s.delete(later, 2)
		page = s.trash(query)
		s.wantIDs(page, 1, 3)
		if query.Before = page.Tasks[1].Sequence; page.More {
			t.Errorf("there is more after tasks %v of the trash", ids(page.Tasks))
		}
		s.wantIDs(s.trash(query))
	}},
	{"Trash leaves out what was deleted at Over or earlier", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(earlier, 3)
		s.delete(noon, 1)
		s.delete(noon.Add(time.Microsecond), 2)
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 9, Over: earlier.Add(-time.Microsecond)}), 2, 1, 3)
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 9, Over: earlier}), 2, 1)
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 9, Over: noon}), 2)
		page := s.trash(domain.TrashQuery{Limit: 1, Over: noon})
		if s.wantIDs(page, 2); page.More {
			t.Errorf("there is more in the trash than was deleted after Over")
		}
		s.wantIDs(s.trash(domain.TrashQuery{Limit: 9, Over: later}))
		s.wantTrash(2, 1, 3)
	}},
}
