package domain_test

import (
	"errors"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

func TestChanges(t *testing.T) {
	type task = domain.Task
	changed := func(before task, change func(*task)) task {
		before.UpdatedAt, before.Sequence = later, 6
		change(&before)
		return before
	}
	nothing := func(*task) {}
	complete := func(task *task) { task.Completed, task.CompletedAt = true, later }
	uncomplete := func(task *task) { task.Completed, task.CompletedAt = false, time.Time{} }
	little := task{
		Owner: "owner", ID: 5, Title: title("new"), Priority: domain.Medium, Position: domain.PositionOf(5),
		CreatedAt: later, UpdatedAt: later, Sequence: 6,
	}
	target := on(3)
	pending, done := stored(3), completed(stored(3))
	for name, test := range map[string]struct {
		before task
		change domain.Change
		want   task
	}{
		"create": {
			before: pending,
			change: domain.Create{
				Title: title("new"), Description: description("text"), Completed: true, Priority: domain.Low, Tags: tags("b", "a"),
				Due: due("2026-11-22T17:00:00+01:00", "Europe/Berlin"), Place: domain.Some(domain.At(position("4000000000000001V"))),
			},
			want: task{
				Owner: "owner", ID: 5, Title: title("new"), Description: description("text"), Completed: true, CompletedAt: later, Priority: domain.Low,
				Tags: tags("b", "a"), Due: due("2026-11-22T17:00:00+01:00", "Europe/Berlin"), Position: position("4000000000000001V"),
				CreatedAt: later, UpdatedAt: later, Sequence: 6,
			},
		},
		"create with a title alone": {pending, domain.Create{Title: title("new")}, little},
		"edit nothing":              {done, domain.Edit{Target: target}, changed(done, nothing)},
		"edit the title": {
			done,
			domain.Edit{Target: target, Title: domain.Some(title("after"))},
			changed(done, func(task *task) { task.Title = title("after") }),
		},
		"edit the description": {
			done,
			domain.Edit{Target: target, Description: domain.Some(description("after"))},
			changed(done, func(task *task) { task.Description = description("after") }),
		},
		"empty the description": {
			done,
			domain.Edit{Target: target, Description: domain.Some(description(""))},
			changed(done, func(task *task) { task.Description = description("") }),
		},
		"clear the description": {
			done,
			domain.Edit{Target: target, Description: domain.Some(domain.Description{})},
			changed(done, func(task *task) { task.Description = domain.Description{} }),
		},
		"edit the priority": {
			done,
			domain.Edit{Target: target, Priority: domain.Some(domain.Low)},
			changed(done, func(task *task) { task.Priority = domain.Low }),
		},
		"edit the tags": {
			done,
			domain.Edit{Target: target, Tags: domain.Some(tags("three"))},
			changed(done, func(task *task) { task.Tags = tags("three") }),
		},
		"clear the tags": {
			done,
			domain.Edit{Target: target, Tags: domain.Some(domain.Tags{})},
			changed(done, func(task *task) { task.Tags = domain.Tags{} }),
		},
		"edit the due date": {
			done,
			domain.Edit{Target: target, DueDate: domain.Some(date("2026-11-23"))},
			changed(done, func(task *task) { task.Due = due("2026-11-23", "Europe/Berlin") }),
		},
		"edit the zone": {
			done,
			domain.Edit{Target: target, DueZone: domain.Some(zone("Asia/Tokyo"))},
			changed(done, func(task *task) { task.Due = due("2026-11-22", "Asia/Tokyo") }),
		},
		"edit the due date and its zone": {
			done,
			domain.Edit{Target: target, DueDate: domain.Some(date("2026-11-23")), DueZone: domain.Some(zone("Asia/Tokyo"))},
			changed(done, func(task *task) { task.Due = due("2026-11-23", "Asia/Tokyo") }),
		},
		"clear the zone": {
			done,
			domain.Edit{Target: target, DueZone: domain.Some(domain.Zone{})},
			changed(done, func(task *task) { task.Due = must(domain.NewDue(date("2026-11-22"), domain.Zone{})) }),
		},
		"clear the due date, and so its zone": {
			done,
			domain.Edit{Target: target, DueDate: domain.Some(domain.DueDate{})},
			changed(done, func(task *task) { task.Due = domain.Due{} }),
		},
		"clear both": {
			done,
			domain.Edit{Target: target, DueDate: domain.Some(domain.DueDate{}), DueZone: domain.Some(domain.Zone{})},
			changed(done, func(task *task) { task.Due = domain.Due{} }),
		},
		"edit the place": {
			done,
			domain.Edit{Target: target, Place: domain.Some(domain.At(position("4000000000000001V")))},
			changed(done, func(task *task) { task.Position = position("4000000000000001V") }),
		},
		"edit to completed":           {pending, domain.Edit{Target: target, Completed: domain.Some(true)}, changed(pending, complete)},
		"edit to completed again":     {done, domain.Edit{Target: target, Completed: domain.Some(true)}, changed(done, nothing)},
		"edit to pending":             {done, domain.Edit{Target: target, Completed: domain.Some(false)}, changed(done, uncomplete)},
		"complete a pending task":     {pending, domain.SetCompleted{Target: target, Completed: true}, changed(pending, complete)},
		"complete a completed task":   {done, domain.SetCompleted{Target: target, Completed: true}, changed(done, nothing)},
		"uncomplete a completed task": {done, domain.SetCompleted{Target: target}, changed(done, uncomplete)},
		"uncomplete a pending task":   {pending, domain.SetCompleted{Target: target}, changed(pending, nothing)},
		"toggle a pending task":       {pending, domain.ToggleCompleted{Target: target}, changed(pending, complete)},
		"toggle a completed task":     {done, domain.ToggleCompleted{Target: target}, changed(done, uncomplete)},
		"delete":                      {done, domain.Delete{Target: target}, changed(done, func(task *task) { task.DeletedAt = later })},
		"restore":                     {deleted(done), domain.Restore{Target: target}, changed(done, nothing)},
		"purge":                       {deleted(done), domain.Purge{Target: target}, task{Owner: "owner", ID: 3, DeletedAt: noon, Sequence: 6}},
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(4, test.before)
			here.counters.Sequence = 5
			effects, err := domain.NewBatch(later, test.change).Play("owner", here.counters, here)
			if err != nil {
				t.Fatal(err)
			}
			wantEffects(t, effects, domain.Effects{
				Counters: domain.Counters{LastTaskID: max(4, test.want.ID), Sequence: 6},
				Saved:    []task{test.want},
				Results:  []task{test.want},
			})
		})
	}
}

func TestImports(t *testing.T) {
	before, between, after := noon.Add(-48*time.Hour), noon.Add(-24*time.Hour), noon.Add(24*time.Hour)
	done := domain.Create{Title: title("imported"), Completed: true}
	pending := domain.Create{Title: title("imported")}
	for name, test := range map[string]struct {
		change                      domain.Import
		created, updated, completed time.Time
	}{
		"no times":                    {domain.Import{Create: done}, noon, noon, noon},
		"all times":                   {domain.Import{Create: done, CreatedAt: before, UpdatedAt: noon, CompletedAt: between}, before, noon, between},
		"no time of completion":       {domain.Import{Create: done, CreatedAt: before, UpdatedAt: between}, before, between, noon},
		"pending, though completed":   {domain.Import{Create: pending, CreatedAt: before, CompletedAt: between}, before, before, time.Time{}},
		"only created":                {domain.Import{Create: pending, CreatedAt: before}, before, before, time.Time{}},
		"only updated":                {domain.Import{Create: pending, UpdatedAt: after}, noon, after, time.Time{}},
		"updated before its creation": {domain.Import{Create: pending, CreatedAt: between, UpdatedAt: before}, between, between, time.Time{}},
		"nanoseconds in another zone": {
			domain.Import{
				Create: done, CreatedAt: before.Add(999).In(time.FixedZone("", 3600)), UpdatedAt: noon.Add(1), CompletedAt: between.Add(500),
			},
			before, noon, between,
		},
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(0)
			got := here.must(t, test.change)[0]
			want := domain.Task{
				Owner: "owner", ID: 1, Title: title("imported"), Completed: test.change.Completed, CompletedAt: test.completed, Priority: domain.Medium,
				Position: domain.PositionOf(1), CreatedAt: test.created, UpdatedAt: test.updated, Sequence: 1,
			}
			if got != want {
				t.Errorf("imported is\n\t%+v, want\n\t%+v", got, want)
			}
		})
	}
}

func TestImportsKeepTheirIDs(t *testing.T) {
	here := newShelf(4)
	for _, test := range []struct{ liked, want domain.TaskID }{
		{0, 5}, {5, 6}, {1, 7}, {8, 8}, {100, 100}, {-1, 101}, {101, 102}, {domain.MaxTaskID + 1, 103}, {domain.MaxTaskID, domain.MaxTaskID},
	} {
		got := here.must(t, domain.Import{Create: domain.Create{Title: title("imported")}, ID: test.liked})[0]
		if got.ID != test.want || got.Position != domain.PositionOf(test.want) || here.counters.LastTaskID != test.want {
			t.Errorf("an import with the id %d got %+v", test.liked, got)
		}
	}
}

func TestDueDatesAndZonesThatDoNotFit(t *testing.T) {
	never := stored(3)
	never.Due = domain.Due{}
	for name, test := range map[string]struct {
		before domain.Task
		edit   domain.Edit
	}{
		"a zone alone":                     {never, domain.Edit{DueZone: domain.Some(zone("Asia/Tokyo"))}},
		"a zone while the date is cleared": {stored(3), domain.Edit{DueZone: domain.Some(zone("Asia/Tokyo")), DueDate: domain.Some(domain.DueDate{})}},
	} {
		t.Run(name, func(t *testing.T) {
			here := newShelf(3, test.before)
			test.edit.Target = on(3)
			results, err := here.play(later, test.edit)
			wantOnly(t, err, "due_zone", "needs a due_date")
			if results != nil || here.tasks[3] != test.before {
				t.Errorf("the edit failed and left %+v", here.tasks[3])
			}
		})
	}
	here := newShelf(3, never)
	if got := here.must(t, domain.Edit{Target: on(3), DueZone: domain.Some(domain.Zone{})})[0]; got.Due != (domain.Due{}) {
		t.Errorf("clearing the zone of a task that is never due left %+v", got.Due)
	}
}

func TestTargets(t *testing.T) {
	here := newShelf(9, stored(3), deleted(stored(5)), purged(stored(7)))
	live := []func(domain.Target) domain.Change{
		func(target domain.Target) domain.Change { return domain.Edit{Target: target} },
		func(target domain.Target) domain.Change { return domain.SetCompleted{Target: target} },
		func(target domain.Target) domain.Change { return domain.ToggleCompleted{Target: target} },
		func(target domain.Target) domain.Change { return domain.Delete{Target: target} },
	}
	trash := []func(domain.Target) domain.Change{
		func(target domain.Target) domain.Change { return domain.Restore{Target: target} },
		func(target domain.Target) domain.Change { return domain.Purge{Target: target} },
	}
	for name, test := range map[string]struct {
		target            domain.Target
		ofLive, ofDeleted error
	}{
		"a live task, whatever it is at":    {on(3), nil, domain.ErrTaskNotFound},
		"where it is":                       {domain.Target{ID: 3, Expected: 3}, nil, domain.ErrTaskNotFound},
		"where it was":                      {domain.Target{ID: 3, Expected: 2}, domain.ErrStaleTask, domain.ErrTaskNotFound},
		"where it will be":                  {domain.Target{ID: 3, Expected: 4}, domain.ErrStaleTask, domain.ErrTaskNotFound},
		"where it cannot be":                {domain.Target{ID: 3, Expected: -1}, domain.ErrStaleTask, domain.ErrTaskNotFound},
		"a deleted task, whatever it is at": {on(5), domain.ErrTaskNotFound, nil},
		"that, where it is":                 {domain.Target{ID: 5, Expected: 5}, domain.ErrTaskNotFound, nil},
		"that, where it was":                {domain.Target{ID: 5, Expected: 4}, domain.ErrTaskNotFound, domain.ErrStaleTask},
		"a purged task":                     {on(7), domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"that, somewhere":                   {domain.Target{ID: 7, Expected: 7}, domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"a task that is not there":          {on(4), domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"a task that there has never been":  {on(10), domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"no task":                           {on(0), domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"nothing that could be a task":      {on(-1), domain.ErrTaskNotFound, domain.ErrTaskNotFound},
	} {
		for want, changes := range map[error][]func(domain.Target) domain.Change{test.ofLive: live, test.ofDeleted: trash} {
			if test.ofLive == test.ofDeleted { //nolint:errorlint // they are the very same
				changes = append(append(changes[:0:0], live...), trash...)
			}
			for _, change := range changes {
				effects, err := domain.NewBatch(later, change(test.target)).Play("owner", here.counters, here)
				if !errors.Is(err, want) {
					t.Errorf("%T, %s: error %v, want %v", change(test.target), name, err, want)
				}
				if err != nil {
					wantEffects(t, effects, domain.Effects{})
				}
			}
		}
	}
}

func TestWhatIsNotInTheTrashAnyMore(t *testing.T) {
	here := newShelf(3, deleted(stored(3)))
	for _, test := range []struct {
		over time.Time
		want error
	}{
		{time.Time{}, nil},
		{noon.Add(-time.Microsecond), nil},
		{noon, domain.ErrTaskNotFound},
		{noon.Add(time.Microsecond), domain.ErrTaskNotFound},
	} {
		for _, change := range []domain.Change{domain.Restore{Target: on(3)}, domain.Purge{Target: on(3)}} {
			batch := domain.NewBatch(later, change).ForgettingTrash(test.over)
			if _, err := batch.Play("owner", here.counters, here); !errors.Is(err, test.want) {
				t.Errorf("%T of what was deleted at %v, over at %v: error %v, want %v", change, noon, test.over, err, test.want)
			}
		}
	}
	over := noon.Add(999).In(time.FixedZone("", 3600))
	if got := domain.NewBatch(later).ForgettingTrash(over).TrashOver(); got != noon {
		t.Errorf("the trash is over at %v, want the moment %v", got, noon)
	}
}

func TestUpdatedAtNeverGoesBack(t *testing.T) {
	for _, test := range []struct{ at, want time.Time }{
		{noon.Add(-time.Hour), noon},
		{noon.Add(-time.Microsecond), noon},
		{noon, noon},
		{noon.Add(time.Microsecond), noon.Add(time.Microsecond)},
	} {
		for change, before := range map[domain.Change]domain.Task{
			domain.Edit{Target: on(3)}:            stored(3),
			domain.SetCompleted{Target: on(3)}:    stored(3),
			domain.ToggleCompleted{Target: on(3)}: stored(3),
			domain.Delete{Target: on(3)}:          stored(3),
			domain.Restore{Target: on(3)}:         deleted(stored(3)),
		} {
			here := newShelf(3, before)
			results, err := here.play(test.at, change)
			if err != nil {
				t.Fatal(err)
			}
			if got := results[0]; got.UpdatedAt != test.want || got.CreatedAt != noon {
				t.Errorf("%T at %v left times %v and %v", change, test.at, got.CreatedAt, got.UpdatedAt)
			}
		}
	}
}
