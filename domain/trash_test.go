package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

func TestTrash(t *testing.T) {
	tasks := []domain.Task{stored(1), deleted(stored(2)), purged(stored(3)), deleted(stored(4)), deleted(stored(5)), deleted(stored(6))}
	tasks[1].Sequence, tasks[1].DeletedAt = 9, noon.Add(time.Hour)
	tasks[5].DeletedAt = noon.Add(-time.Microsecond)
	for name, test := range map[string]struct {
		query domain.TrashQuery
		want  []domain.TaskID
		more  bool
	}{
		"all":                        {domain.TrashQuery{Limit: 10}, []domain.TaskID{2, 6, 5, 4}, false},
		"just as many":               {domain.TrashQuery{Limit: 4}, []domain.TaskID{2, 6, 5, 4}, false},
		"one less":                   {domain.TrashQuery{Limit: 3}, []domain.TaskID{2, 6, 5}, true},
		"before":                     {domain.TrashQuery{Before: 6, Limit: 10}, []domain.TaskID{5, 4}, false},
		"before, a part":             {domain.TrashQuery{Before: 9, Limit: 1}, []domain.TaskID{6}, true},
		"before the first":           {domain.TrashQuery{Before: 4, Limit: 10}, nil, false},
		"over":                       {domain.TrashQuery{Limit: 10, Over: noon.Add(-time.Microsecond)}, []domain.TaskID{2, 5, 4}, false},
		"over at that very moment":   {domain.TrashQuery{Limit: 10, Over: noon}, []domain.TaskID{2}, false},
		"over, and no more than one": {domain.TrashQuery{Limit: 1, Over: noon}, []domain.TaskID{2}, false},
		"all over":                   {domain.TrashQuery{Limit: 10, Over: later}, nil, false},
	} {
		t.Run(name, func(t *testing.T) {
			before := slices.Clone(tasks)
			page := test.query.Page(tasks)
			if got := idsOf(page.Tasks); !slices.Equal(got, test.want) || page.More != test.more {
				t.Errorf("the trash has %v, more %v; want %v, %v", got, page.More, test.want, test.more)
			}
			if !slices.Equal(tasks, before) {
				t.Error("Page changed the tasks it was given")
			}
		})
	}
}

func TestStates(t *testing.T) {
	for _, test := range []struct {
		task            domain.Task
		live, tombstone bool
	}{
		{stored(1), true, false},
		{deleted(stored(1)), false, false},
		{purged(stored(1)), false, true},
	} {
		if test.task.IsLive() != test.live || test.task.IsTombstone() != test.tombstone {
			t.Errorf("%+v is live: %v, a tombstone: %v", test.task, test.task.IsLive(), test.task.IsTombstone())
		}
	}
}
