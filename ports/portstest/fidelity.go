package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var fidelityRules = []rule{
	{"Get and List return every field as Apply stored it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for i := range hostileTitles {
			imported := hostileImport(i)
			s.wantTask(s.wantFields(noon, imported, imported.Create))
		}
		for i := range hostileTitles {
			other := hostileImport(len(hostileTitles) - 1 - i).Create
			s.wantTask(s.wantFields(later, domain.Edit{
				Target:      on(domain.TaskID(i + 1)),
				Title:       domain.Some(other.Title),
				Description: domain.Some(other.Description),
				Completed:   domain.Some(other.Completed),
				Priority:    domain.Some(other.Priority),
				Tags:        domain.Some(other.Tags),
				DueDate:     domain.Some(other.Due.Date()),
				DueZone:     domain.Some(other.Due.Zone()),
				Place:       other.Place,
			}, other))
		}
		s.wantTask(s.wantFields(later, bare("with nothing"), domain.Create{Title: title("with nothing"), Priority: domain.DefaultPriority}))
	}},
	{"Trash and Changes return every field as Apply stored it", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		for i := range hostileTitles {
			imported := hostileImport(i)
			stored := s.wantFields(noon, imported, imported.Create)
			s.wantAmong("Changes", s.changes(stored.Sequence-1, 1).Tasks, stored)
			deleted := s.wantFields(later, domain.Delete{Target: on(stored.ID)}, imported.Create)
			s.wantAmong("Trash", s.trash(domain.TrashQuery{Limit: plenty}).Tasks, deleted)
			restored := s.wantFields(later, domain.Restore{Target: on(stored.ID)}, imported.Create)
			s.wantAmong("Changes", s.changes(restored.Sequence-1, 1).Tasks, restored)
		}
		stored := s.wantFields(noon, bare("with nothing"), domain.Create{Title: title("with nothing"), Priority: domain.DefaultPriority})
		s.wantAmong("Changes", s.changes(stored.Sequence-1, 1).Tasks, stored)
		s.wantTrashed(s.delete(later, stored.ID)[0])
	}},
	{"Returned values are copies", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		once := keyed("key", "request", domain.NewBatch(noon, rich("first"), rich("second")))
		results := s.send(once)
		first, second := results[0], results[1]
		clear(results)
		results = s.apply(later, rich("third"), rich("fourth"), domain.Delete{Target: on(3)})
		fourth, deleted := results[1], results[2]
		for range 2 {
			clear(results)
			clear(s.all())
			clear(s.list(domain.TaskQuery{Limit: 1}).Tasks)
			clear(s.trash(domain.TrashQuery{Limit: plenty}).Tasks)
			clear(s.changes(0, plenty).Tasks)
			results = s.send(once)
		}
		if results[0] != first || results[1] != second {
			t.Errorf("Apply gave again %+v, and first %+v and %+v", results, first, second)
		}
		s.wantTask(first)
		s.wantTask(second)
		s.wantTask(fourth)
		s.wantTrashed(deleted)
		s.wantIDs(s.list(domain.TaskQuery{Limit: 10}), fourth.ID, second.ID, first.ID)
		s.wantFeed(s.changes(0, plenty), first.ID, second.ID, fourth.ID, deleted.ID)
	}},
}

// wantFields fails the test unless the change leaves a task with the fields of
// the create.
func (s scene) wantFields(at time.Time, change domain.Change, want domain.Create) domain.Task {
	s.t.Helper()
	got := s.apply(at, change)[0]
	same := got.Title == want.Title && got.Description == want.Description && got.Completed == want.Completed &&
		got.Priority == want.Priority && got.Tags == want.Tags && got.Due == want.Due &&
		want.Place.Or(domain.At(got.Position)) == domain.At(got.Position)
	if !same {
		s.t.Errorf("Apply gave\n\t%+v, want\n\t%+v", got, want)
	}
	return got
}

// hostileImport gives the task with the hostile title of that number and
// whatever else is hostile, in which no two are the same.
func hostileImport(number int) domain.Import {
	imported := domain.Import{
		Create: domain.Create{
			Title:     title(hostileTitles[number]),
			Completed: number%2 == 0,
			Priority:  []domain.Priority{domain.Low, domain.Medium, domain.High}[number%3],
			Place:     domain.Some(domain.At(position(hostilePositions[number%len(hostilePositions)]))),
		},
		CreatedAt:   time.Date(1, 2, 3, 4, 5, 6, 7000, time.UTC).AddDate(1000*number, 0, 0),
		UpdatedAt:   time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC).AddDate(-number, 0, 0),
		CompletedAt: time.Date(1969, 12, 31, 23, 59, 59, 999999000, time.UTC).AddDate(number, 0, 0),
	}
	if number < len(hostileDescriptions) {
		imported.Description = description(hostileDescriptions[number])
	}
	if number < len(hostileTags) {
		imported.Tags = tags(hostileTags[number]...)
	}
	if number < len(hostileDueDates) {
		date, name := hostileDueDates[number][0], hostileDueDates[number][1]
		imported.Due = due(date, name)
	}
	return imported
}
