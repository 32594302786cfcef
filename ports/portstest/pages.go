package portstest

import (
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// everySort gives each way to sort a list.
var everySort = []domain.Sort{domain.ByCreation, domain.ByChange, domain.ByDue, domain.ByPriority, domain.ByTitle, domain.ByPosition}

var pageRules = []rule{
	{"More tells whether others follow", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(1), Completed: true})
		for query, want := range map[domain.TaskQuery]bool{
			{Limit: 3}:                             true,
			{Limit: 4}:                             false,
			{Limit: 5}:                             false,
			{Limit: 0}:                             true,
			{Limit: 2, After: after(4)}:            true,
			{Limit: 3, After: after(4)}:            false,
			{Limit: 2, Skip: 1}:                    true,
			{Limit: 2, Skip: 2}:                    false,
			{Limit: 3, Completed: no}:              false,
			{Limit: 2, Completed: no}:              true,
			{Limit: 2, After: after(2), Order: up}: false,
			{Limit: 1, After: after(2), Order: up}: true,
		} {
			if got := s.list(query).More; got != want {
				t.Errorf("List(%+v) gave more %v", query, got)
			}
		}
	}},
	{"After resumes where a page ended, also when the task it names is gone", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(12)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(10)}), 9, 8)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(9), Order: up}), 10, 11)
		s.delete(later, 10, 9)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(10)}), 8, 7)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(9), Order: up}), 11, 12)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(1)}))
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, After: after(12), Order: up}))
		for _, by := range everySort {
			for _, order := range []domain.Order{domain.Descending, domain.Ascending} {
				s := newScene(t, tasks)
				s.apply(noon, motley()...)
				query := domain.TaskQuery{Sort: by, Order: order, Limit: plenty}
				all := s.list(query).Tasks
				for i, task := range all {
					query.After = domain.Some(query.Bookmark(task))
					s.wantIDs(s.list(query), ids(all[i+1:])...)
				}
				for i, task := range all {
					s.delete(later, task.ID)
					query.After = domain.Some(query.Bookmark(task))
					s.wantIDs(s.list(query), ids(all[i+1:])...)
				}
			}
		}
	}},
	{"Pages neither skip nor repeat a task while others are created and deleted", func(t reporter, tasks ports.TaskRepository) {
		for _, by := range everySort {
			for _, order := range []domain.Order{domain.Descending, domain.Ascending} {
				s := newScene(t, tasks)
				s.apply(noon, motley()...)
				query := domain.TaskQuery{Sort: by, Order: order, Limit: 2}
				ends := ids(s.list(domain.TaskQuery{Sort: by, Limit: plenty}).Tasks)
				passing := []domain.TaskID{ends[0], ends[len(ends)-1]} // so that the others move up in either order
				shown := map[domain.TaskID]int{}
				for more, pages := true, 1; more; pages++ {
					page := s.list(query)
					if len(page.Tasks) == 0 || pages > 20 {
						t.Fatalf("page %d by %d in order %d is empty, or there should be no such page: %v", pages, by, order, shown)
					}
					for _, task := range page.Tasks {
						shown[task.ID]++
					}
					query.After, more = domain.Some(query.Bookmark(page.Tasks[len(page.Tasks)-1])), page.More
					if len(passing) > 0 {
						s.apply(later, domain.Delete{Target: on(passing[0])}, bare("a passing one"))
						passing = passing[1:]
					}
				}
				for _, id := range ends[1 : len(ends)-1] {
					if shown[id] != 1 {
						t.Errorf("pages by %d in order %d show task %d %d times: %v", by, order, id, shown[id], shown)
					}
				}
			}
		}
	}},
	{"Skip leaves out the first tasks", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		s.apply(later, domain.SetCompleted{Target: on(4), Completed: true})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1}), 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1, Completed: no}), 2, 1)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1, After: after(4)}), 2, 1)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 3, Order: up}), 4)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 1, Sort: domain.ByPosition}), 3, 2)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 2, Skip: 4}))
	}},
	{"Sequence is the owner's, as of which the page is true, unless the page is empty", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(3)
		s.delete(later, 3)
		s.apply(later, domain.SetCompleted{Target: on(2), Completed: true})
		want := s.apply(later, domain.ToggleCompleted{Target: on(1)}, domain.ToggleCompleted{Target: on(1)}, domain.Create{Title: title("last")})[2].Sequence
		for _, query := range []domain.TaskQuery{
			{Limit: 9},
			{Limit: 1, Skip: 1},
			{Limit: 9, Completed: yes},
			{Limit: 1, After: after(2)},
			{Limit: 1, Order: up, Count: true},
			{Limit: 1, Sort: domain.ByTitle, Search: "many"},
		} {
			if got := s.list(query); len(got.Tasks) == 0 || got.Sequence != want {
				t.Errorf("List(%+v) gave %d tasks as of sequence %d, want %d", query, len(got.Tasks), got.Sequence, want)
			}
		}
		if got := s.list(domain.TaskQuery{Limit: 9, Search: "nowhere"}).Sequence; got != 0 && got != want {
			t.Errorf("an empty page is as of sequence %d, want %d or 0", got, want)
		}
		s.wantOneState()
	}},
}

// wantOneState fails the test unless each page, while its only task changes
// and changes, is as of that task's last change.
func (s scene) wantOneState() {
	s.t.Helper()
	s = newScene(s.t, s.tasks)
	only := on(s.create("the only one").ID)
	pages := together(s, func(member int) (domain.TaskPage, error) {
		if member%2 == 0 {
			_, err := s.tasks.Apply(s.t.Context(), s.owner, domain.NewBatch(later, domain.ToggleCompleted{Target: only}))
			return domain.TaskPage{}, err
		}
		return s.tasks.List(s.t.Context(), s.owner, domain.TaskQuery{Limit: 9})
	})
	for _, page := range slices.DeleteFunc(pages, func(page domain.TaskPage) bool { return page.Tasks == nil }) {
		if page.Sequence != page.Tasks[0].Sequence {
			s.t.Fatalf("a page as of sequence %d has %+v", page.Sequence, page.Tasks)
		}
	}
}

var yes, no = domain.Some(true), domain.Some(false)

// after marks a task in a list by creation.
func after(id domain.TaskID) domain.Optional[domain.Bookmark] {
	return domain.Some(domain.TaskQuery{}.Bookmark(domain.Task{ID: id}))
}

// motley makes tasks that differ in all that a list can be sorted by, and are
// the same in some.
func motley() []domain.Change {
	return []domain.Change{
		domain.Create{Title: title("b"), Priority: domain.High, Due: due("2026-11-22", "")},
		domain.Create{Title: title("D"), Priority: domain.Low},
		domain.Create{Title: title("Ä"), Priority: domain.High, Due: due("2026-11-21T23:00:00-02:00", "")},
		domain.Create{Title: title("c"), Due: due("2026-11-22T00:00:00Z", "")},
		domain.Create{Title: title("B"), Priority: domain.Low, Place: domain.Some(domain.Before(2))},
		domain.Create{Title: title("a"), Place: domain.Some(domain.Behind(2))},
		domain.Create{Title: title("d"), Priority: domain.High, Due: due("0001-01-01", "")},
		domain.ToggleCompleted{Target: on(4)},
	}
}

func reversed[T any](values []T) []T {
	values = slices.Clone(values)
	slices.Reverse(values)
	return values
}
