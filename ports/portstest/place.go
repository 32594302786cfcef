package portstest

import (
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var placeRules = []rule{
	{"A task is placed right before or behind another, and no other moves", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(4)
		order := []domain.TaskID{1, 2, 3, 4}
		step := func(id, anchor domain.TaskID, place func(domain.TaskID) domain.Place) {
			before := s.all()
			s.apply(later, domain.Edit{Target: on(id), Place: domain.Some(place(anchor))})
			order = moved(order, id, anchor, place)
			s.wantOrder(order...)
			for _, task := range before {
				if task.ID != id {
					s.wantTask(task)
				}
			}
		}
		for _, move := range [][2]domain.TaskID{{4, 2}, {1, 3}, {2, 1}, {3, 4}, {1, 1}, {4, 1}, {2, 4}} {
			step(move[0], move[1], domain.Before)
			step(move[1], move[0], domain.Behind)
			step(move[0], move[1], domain.Behind)
		}
		for range 30 { // again and again into the same gap
			step(order[3], order[0], domain.Behind)
		}
		for range 30 {
			step(order[0], order[3], domain.Before)
		}
		s.delete(later, order[1])
		order = slices.Delete(order, 1, 2)
		step(order[2], order[0], domain.Behind)

		for _, place := range []func(domain.TaskID) domain.Place{domain.Before, domain.Behind} {
			create := rich("placed at once")
			create.Place = domain.Some(place(order[1]))
			created := s.apply(later, create)[0].ID
			order = moved(append(order, created), created, order[1], place)
			s.wantOrder(order...)
		}

		// In a batch each sees where those before it went.
		batched := newScene(t, tasks)
		batched.createMany(3)
		batched.apply(later,
			domain.Edit{Target: on(1), Place: domain.Some(domain.Behind(3))},
			domain.Create{Title: title("fourth"), Place: domain.Some(domain.Before(1))},
			domain.Edit{Target: on(2), Place: domain.Some(domain.Behind(4))},
			domain.Create{Title: title("fifth"), Place: domain.Some(domain.Before(4))},
		)
		batched.wantOrder(3, 5, 4, 2, 1)
	}},
}

// wantOrder fails the test unless these are all tasks in the manual order.
func (s scene) wantOrder(want ...domain.TaskID) {
	s.t.Helper()
	s.wantIDs(s.list(domain.TaskQuery{Sort: domain.ByPosition, Order: up, Limit: plenty}), want...)
}

// moved is an order with one task placed at another.
func moved(order []domain.TaskID, id, anchor domain.TaskID, place func(domain.TaskID) domain.Place) []domain.TaskID {
	if id == anchor {
		return order
	}
	order = slices.DeleteFunc(slices.Clone(order), func(other domain.TaskID) bool { return other == id })
	at := slices.Index(order, anchor)
	if place(anchor) == domain.Behind(anchor) {
		at++
	}
	return slices.Insert(order, at, id)
}
