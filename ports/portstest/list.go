package portstest

import (
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// up is the order of what is listed from the lowest.
const up = domain.Ascending

var listRules = []rule{
	{"List returns tasks in the order asked for, at most Limit of them", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(12) // two digits, so that an order by text shows
		s.apply(later, domain.ToggleCompleted{Target: on(5)}, domain.ToggleCompleted{Target: on(11)})
		s.wantIDs(s.list(domain.TaskQuery{Limit: 4}), 12, 11, 10, 9)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 4, Order: up}), 1, 2, 3, 4)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 0}))
		s.wantIDs(s.list(domain.TaskQuery{Limit: 20}), 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1)
		for _, sorted := range sortedLists {
			s := newScene(t, tasks)
			s.apply(noon, sorted.creates...)
			s.apply(later, sorted.then...)
			s.wantIDs(s.list(domain.TaskQuery{Sort: sorted.by, Order: up, Limit: 9}), sorted.upwards...)
			s.wantIDs(s.list(domain.TaskQuery{Sort: sorted.by, Limit: 9}), reversed(sorted.upwards)...)
			s.wantIDs(s.list(domain.TaskQuery{Sort: sorted.by, Limit: 2}), reversed(sorted.upwards)[:2]...)
		}
	}},
	{"Tasks that are the same in what List sorts by stand in the order of their ids", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		there := domain.Some(domain.At(position("4000000000000001k")))
		for _, due := range []domain.Due{due("2026-11-22T00:00:00Z", "Etc/UTC"), due("2026-11-22", ""), due("2026-11-22T01:00:00+01:00", "")} {
			s.apply(noon, domain.Create{Title: title("the SAME"), Priority: domain.High, Due: due, Place: there})
		}
		s.apply(noon, domain.Create{Title: title("The samé"), Priority: domain.High, Due: due("2026-11-22", ""), Place: there})
		s.apply(later, domain.ToggleCompleted{Target: on(3)}, domain.ToggleCompleted{Target: on(1)})
		for _, by := range []domain.Sort{domain.ByDue, domain.ByPriority, domain.ByTitle, domain.ByPosition} {
			s.wantIDs(s.list(domain.TaskQuery{Sort: by, Order: up, Limit: 9}), 1, 2, 3, 4)
			s.wantIDs(s.list(domain.TaskQuery{Sort: by, Limit: 9}), 4, 3, 2, 1)
		}
	}},
	{"Tasks that are never due come last in either order", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.apply(noon, bare("never"), domain.Create{Title: title("old"), Due: due("0001-01-01", "")},
			domain.Create{Title: title("far"), Due: due("9999-12-31T23:59:59.999999Z", "")}, bare("never either"))
		s.wantIDs(s.list(domain.TaskQuery{Sort: domain.ByDue, Order: up, Limit: 9}), 2, 3, 1, 4)
		s.wantIDs(s.list(domain.TaskQuery{Sort: domain.ByDue, Limit: 9}), 3, 2, 4, 1)
	}},
	{"An owner without tasks has an empty list", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for _, order := range []domain.Order{domain.Descending, domain.Ascending} {
			page := s.list(domain.TaskQuery{Limit: 10, Count: true, Order: order})
			if total, ok := page.Total.Get(); len(page.Tasks) != 0 || page.More || !ok || total != 0 {
				t.Errorf("List gave %d tasks, more %v, total %d (%v)", len(page.Tasks), page.More, total, ok)
			}
		}
	}},
}

// sortedLists are lists in which what they are sorted by differs from task to
// task, and in an order that stores are known to get wrong.
var sortedLists = []struct {
	by            domain.Sort
	creates, then []domain.Change
	upwards       []domain.TaskID
}{
	{
		by:      domain.ByChange,
		creates: []domain.Change{bare("one"), bare("two"), bare("three")},
		then: []domain.Change{
			domain.Edit{Target: on(2), Title: domain.Some(title("edited"))},
			domain.ToggleCompleted{Target: on(1)},
		},
		upwards: []domain.TaskID{3, 2, 1},
	},
	{
		by: domain.ByDue,
		creates: []domain.Change{
			domain.Create{Title: title("in the evening, far in the west"), Due: due("2026-11-21T19:00:00-08:00", "America/Los_Angeles")},
			domain.Create{Title: title("a microsecond into the day"), Due: due("2026-11-22T00:00:00.000001Z", "")},
			domain.Create{Title: title("in the morning, far in the east"), Due: due("2026-11-22T08:00:00+13:00", "")},
			domain.Create{Title: title("on the day"), Due: due("2026-11-22", "Pacific/Auckland")},
			domain.Create{Title: title("before the epoch"), Due: due("1969-12-31", "")},
		},
		upwards: []domain.TaskID{5, 3, 4, 2, 1},
	},
	{
		by: domain.ByPriority,
		creates: []domain.Change{
			domain.Create{Title: title("high"), Priority: domain.High},
			domain.Create{Title: title("low"), Priority: domain.Low},
			bare("as it is by default"),
		},
		upwards: []domain.TaskID{2, 3, 1},
	},
	{
		by: domain.ByTitle,
		creates: []domain.Change{
			bare("zebra"), bare("Éclair"), bare("eclipse"), bare("Zebra crossing"), bare("a_b"), bare("aB"), bare("A b"),
			bare("😀"), bare("\uffee"),
		},
		upwards: []domain.TaskID{7, 5, 6, 2, 3, 1, 4, 9, 8},
	},
	{
		by:      domain.ByPosition,
		creates: []domain.Change{bare("one"), standing("4000000000000001B"), standing("4000000000000001a"), standing("00000000000000009"), bare("five")},
		then:    []domain.Change{domain.Edit{Target: on(5), Place: domain.Some(domain.Behind(1))}},
		upwards: []domain.TaskID{4, 1, 5, 2, 3},
	},
}

// standing is a create at a position.
func standing(text string) domain.Change {
	return domain.Create{Title: title("stands at " + text), Place: domain.Some(domain.At(position(text)))}
}
