package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var fieldRules = []rule{
	{"A create stores its fields and the batch's time", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		full := rich("with all")
		full.Completed, full.Place = true, domain.Some(domain.At(position("3fffffffffffffffV")))
		for i, create := range []domain.Create{
			full,
			bare("with little"),
			{Title: title("with an empty description"), Description: description(""), Priority: domain.Low, Due: due("2026-11-22", "")},
		} {
			got := s.apply(noon, create)[0]
			want := asCreated(s.owner, domain.TaskID(i+1), create, got.Sequence)
			if got != want {
				t.Errorf("Apply gave\n\t%+v, want\n\t%+v", got, want)
			}
			s.wantTask(want)
		}
	}},
	{"An import stores its own times and keeps its id if no higher one was given", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		done, first, second := rich("done"), noon.Add(time.Microsecond), noon.Add(2*time.Microsecond)
		done.Completed = true
		for i, step := range []struct {
			imported                        domain.Import
			createdAt, updatedAt, completed time.Time
		}{
			{domain.Import{Create: done, CreatedAt: noon, UpdatedAt: second, CompletedAt: first}, noon, second, first},
			{domain.Import{Create: rich("pending"), CreatedAt: noon, UpdatedAt: second, CompletedAt: first}, noon, second, time.Time{}},
			{domain.Import{Create: done, CreatedAt: noon}, noon, noon, later},
			{domain.Import{Create: done}, later, later, later},
			{domain.Import{Create: rich("from the future"), CreatedAt: later.Add(time.Hour), UpdatedAt: later.Add(2 * time.Hour)}, later.Add(time.Hour), later.Add(2 * time.Hour), time.Time{}},
			{domain.Import{Create: done, CreatedAt: noon.In(time.FixedZone("", 3600)), CompletedAt: noon.Add(999)}, noon, noon, noon},
		} {
			got := s.apply(later, step.imported)[0]
			want := asCreated(s.owner, domain.TaskID(i+1), step.imported.Create, got.Sequence)
			want.CreatedAt, want.UpdatedAt, want.CompletedAt = step.createdAt, step.updatedAt, step.completed
			if got != want {
				t.Errorf("Apply gave\n\t%+v, want\n\t%+v", got, want)
			}
			s.wantTask(want)
		}
		s = newScene(t, tasks)
		for _, step := range []struct{ liked, want domain.TaskID }{
			{7, 7}, {0, 8}, {9, 9}, {3, 10}, {10, 11}, {-5, 12}, {1 << 53, 13}, {domain.MaxTaskID, domain.MaxTaskID},
		} {
			got := s.apply(noon, domain.Import{Create: rich("with an id"), ID: step.liked})[0]
			want := asCreated(s.owner, step.want, rich("with an id"), got.Sequence)
			if got != want {
				t.Errorf("the import of task %d gave\n\t%+v, want\n\t%+v", step.liked, got, want)
			}
			s.wantTask(want)
		}
		if next := s.create("the next one").ID; next != domain.MaxTaskID+1 {
			t.Errorf("the task after the imports got id %d, want %d", next, domain.MaxTaskID+1)
		}
	}},
	{"An edit replaces what it names and keeps the rest", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		create := rich("before")
		create.Completed = true
		s.create("beside")
		want := s.apply(noon, create)[0]
		for _, step := range []struct {
			edit   domain.Edit
			expect func(*domain.Task)
		}{
			{domain.Edit{Title: domain.Some(title("after"))}, func(task *domain.Task) { task.Title = title("after") }},
			{domain.Edit{Description: domain.Some(description("after"))}, func(task *domain.Task) { task.Description = description("after") }},
			{domain.Edit{Description: domain.Some(description(""))}, func(task *domain.Task) { task.Description = description("") }},
			{domain.Edit{Completed: no}, func(task *domain.Task) { task.Completed, task.CompletedAt = false, time.Time{} }},
			{domain.Edit{Description: domain.Some(domain.Description{})}, func(task *domain.Task) { task.Description = domain.Description{} }},
			{domain.Edit{Priority: domain.Some(domain.Low)}, func(task *domain.Task) { task.Priority = domain.Low }},
			{domain.Edit{Tags: domain.Some(tags("b", "a"))}, func(task *domain.Task) { task.Tags = tags("b", "a") }},
			{domain.Edit{Tags: domain.Some(domain.Tags{})}, func(task *domain.Task) { task.Tags = domain.Tags{} }},
			{domain.Edit{DueDate: domain.Some(dueDate("2027-01-02"))}, func(task *domain.Task) { task.Due = due("2027-01-02", "Europe/Berlin") }},
			{domain.Edit{DueZone: domain.Some(zone("Asia/Tokyo"))}, func(task *domain.Task) { task.Due = due("2027-01-02", "Asia/Tokyo") }},
			{domain.Edit{DueZone: domain.Some(domain.Zone{})}, func(task *domain.Task) { task.Due = due("2027-01-02", "") }},
			{domain.Edit{DueDate: domain.Some(dueDate("2027-01-03T04:05:06Z")), DueZone: domain.Some(zone("Etc/UTC"))}, func(task *domain.Task) { task.Due = due("2027-01-03T04:05:06Z", "Etc/UTC") }},
			{domain.Edit{DueDate: domain.Some(domain.DueDate{})}, func(task *domain.Task) { task.Due = domain.Due{} }},
			{domain.Edit{Place: domain.Some(domain.At(position("3fffffffffffffffV")))}, func(task *domain.Task) { task.Position = position("3fffffffffffffffV") }},
			{domain.Edit{}, func(*domain.Task) {}},
			{
				domain.Edit{
					Title: domain.Some(title("all")), Description: domain.Some(description("all")), Completed: yes,
					Priority: domain.Some(domain.High), Tags: domain.Some(tags("all")), DueDate: domain.Some(dueDate("2027-02-03")),
				},
				func(task *domain.Task) {
					task.Title, task.Description, task.Completed, task.CompletedAt = title("all"), description("all"), true, later
					task.Priority, task.Tags, task.Due = domain.High, tags("all"), due("2027-02-03", "")
				},
			},
		} {
			step.edit.Target = on(want.ID)
			got := s.apply(later, step.edit)[0]
			step.expect(&want)
			want.UpdatedAt, want.Sequence = later, got.Sequence
			if got != want {
				t.Errorf("after %+v the task is\n\t%+v, want\n\t%+v", step.edit, got, want)
			}
			s.wantTask(want)
		}
	}},
	{"Completion is set or toggled", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		for i, step := range []struct {
			change domain.Change
			want   bool
		}{
			{domain.SetCompleted{Target: on(1), Completed: true}, true},
			{domain.SetCompleted{Target: on(1), Completed: true}, true},
			{domain.ToggleCompleted{Target: on(1)}, false},
			{domain.ToggleCompleted{Target: on(1)}, true},
			{domain.SetCompleted{Target: on(1), Completed: false}, false},
			{domain.SetCompleted{Target: on(1), Completed: false}, false},
		} {
			if got := s.apply(later, step.change)[0]; got.Completed != step.want || s.get(1) != got {
				t.Errorf("step %d, %+v, left %+v", i, step.change, got)
			}
			if s.get(2).Completed {
				t.Errorf("step %d, %+v, completed another task", i, step.change)
			}
		}
	}},
	{"CompletedAt is when the task was last completed", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		done := rich("done from the start")
		done.Completed = true
		if got := s.apply(earlier, done)[0]; got.CompletedAt != earlier {
			t.Errorf("a task that was created completed has CompletedAt %v, want %v", got.CompletedAt, earlier)
		}
		want, at := earlier, noon
		for i, step := range []struct {
			change  domain.Change
			expects func()
		}{
			{domain.SetCompleted{Target: on(1), Completed: true}, func() {}},
			{domain.Edit{Target: on(1), Title: domain.Some(title("edited"))}, func() {}},
			{domain.ToggleCompleted{Target: on(1)}, func() { want = time.Time{} }},
			{domain.Edit{Target: on(1), Title: domain.Some(title("edited again"))}, func() {}},
			{domain.ToggleCompleted{Target: on(1)}, func() { want = at }},
			{domain.Edit{Target: on(1), Completed: yes}, func() {}},
			{domain.Delete{Target: on(1)}, func() {}},
			{domain.Restore{Target: on(1)}, func() {}},
			{domain.Edit{Target: on(1), Completed: no}, func() { want = time.Time{} }},
			{domain.Edit{Target: on(1), Completed: yes}, func() { want = at }},
			{domain.SetCompleted{Target: on(1)}, func() { want = time.Time{} }},
			{domain.SetCompleted{Target: on(1), Completed: true}, func() { want = at }},
		} {
			at = at.Add(time.Microsecond)
			step.expects()
			got := s.apply(at, step.change)[0]
			if got.CompletedAt != want {
				t.Errorf("step %d, %+v, left CompletedAt %v, want %v", i, step.change, got.CompletedAt, want)
			}
			if got.IsLive() {
				s.wantTask(got)
			}
		}
	}},
	{"A change's time becomes UpdatedAt, which never goes back", func(t reporter, tasks ports.TaskRepository) {
		s := newScene(t, tasks)
		s.createMany(2)
		for _, change := range []domain.Change{
			domain.Edit{Target: on(1), Title: domain.Some(title("edited"))},
			domain.Edit{Target: on(1), Place: domain.Some(domain.Behind(2))},
			domain.SetCompleted{Target: on(1), Completed: true},
			domain.ToggleCompleted{Target: on(1)},
		} {
			before := s.get(1)
			want := before.UpdatedAt.Add(time.Microsecond)
			for _, at := range []time.Time{want, earlier} {
				got := s.apply(at, change)[0]
				if got.UpdatedAt != want || got.CreatedAt != noon {
					t.Errorf("%T at %v left times %v and %v, want %v and %v", change, at, got.CreatedAt, got.UpdatedAt, noon, want)
				}
				s.wantTask(got)
			}
		}
		for _, at := range []time.Time{later, earlier} {
			for _, change := range []domain.Change{domain.Delete{Target: on(1)}, domain.Restore{Target: on(1)}} {
				if got := s.apply(at, change)[0]; got.UpdatedAt != later {
					t.Errorf("%T at %v left UpdatedAt %v, want %v", change, at, got.UpdatedAt, later)
				}
			}
		}
		if other := s.get(2); !other.UpdatedAt.Equal(noon) {
			t.Errorf("a task that nobody changed was updated at %v", other.UpdatedAt)
		}
	}},
}

// asCreated is the task that a create makes at noon.
func asCreated(owner domain.UserID, id domain.TaskID, create domain.Create, sequence domain.Sequence) domain.Task {
	task := domain.Task{
		Owner: owner, ID: id, Title: create.Title, Description: create.Description, Completed: create.Completed,
		Priority: create.Priority, Tags: create.Tags, Due: create.Due, Position: domain.PositionOf(id),
		CreatedAt: noon, UpdatedAt: noon, Sequence: sequence,
	}
	if task.Priority == 0 {
		task.Priority = domain.DefaultPriority
	}
	if task.Completed {
		task.CompletedAt = noon
	}
	if _, placed := create.Place.Get(); placed {
		task.Position = position("3fffffffffffffffV")
	}
	return task
}
