package application_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

// desk is where an owner works on tasks of their own, with a clock to set.
type desk struct {
	t       *testing.T
	tasks   *application.Tasks
	wakeups *memory.Wakeups
	actor   domain.AuthenticatedUserContext
	clock   time.Time
}

func newDesk(t *testing.T, repository ports.TaskRepository, options application.TasksOptions) *desk {
	t.Helper()
	desk := &desk{t: t, wakeups: memory.NewWakeups(), actor: user(t, "owner"), clock: noon}
	desk.tasks = application.NewTasks(repository, desk.wakeups, func() time.Time { return desk.clock }, options)
	return desk
}

// create makes a task that the test is not about.
func (d *desk) create(draft application.Draft) domain.Task {
	d.t.Helper()
	task, err := d.tasks.Create(d.t.Context(), d.actor, "owner", draft, application.Once{})
	if err != nil {
		d.t.Fatal(err)
	}
	return task
}

// delete moves a task to the trash that the test is not about.
func (d *desk) delete(id domain.TaskID) domain.Task {
	d.t.Helper()
	task, err := d.tasks.Delete(d.t.Context(), d.actor, "owner", domain.Target{ID: id})
	if err != nil {
		d.t.Fatal(err)
	}
	return task
}

// want fails the test unless the task is the one wanted, returned and stored.
func (d *desk) want(want, got domain.Task, err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	if got != want {
		d.t.Errorf("the task is\n\t%+v, want\n\t%+v", got, want)
	}
	if stored, err := d.tasks.Get(d.t.Context(), d.actor, "owner", want.ID); stored != want || err != nil {
		d.t.Errorf("stored is\n\t%+v, error %v, want\n\t%+v", stored, err, want)
	}
}

// wantRefused fails the test unless the input was refused for these fields and
// the owner has as many tasks as before.
func (d *desk) wantRefused(err error, tasks int, fields ...string) {
	d.t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Kind != domain.Invalid {
		d.t.Fatalf("error is %v, want domain.Invalid", err)
	}
	var violated []string
	for _, violation := range failure.Violations {
		violated = append(violated, violation.Field)
	}
	if !slices.Equal(violated, fields) {
		d.t.Errorf("violated are %q, want %q", violated, fields)
	}
	if all := d.all(); len(all) != tasks {
		d.t.Errorf("the refusal left %d tasks, want %d", len(all), tasks)
	}
}

// all lists the owner's tasks, the newest first.
func (d *desk) all() []domain.Task {
	d.t.Helper()
	page, err := d.tasks.List(d.t.Context(), d.actor, "owner", domain.TaskQuery{Limit: 10_000})
	if err != nil {
		d.t.Fatal(err)
	}
	return page.Tasks
}

// bare is a task as a title alone makes it.
func bare(id domain.TaskID, text string, at time.Time) domain.Task {
	return domain.Task{
		Owner: "owner", ID: id, Title: title(text), Priority: domain.Medium, Position: domain.PositionOf(id), CreatedAt: at, UpdatedAt: at,
		Sequence: domain.Sequence(id),
	}
}

func title(text string) domain.Title { return must(domain.DefaultLimits.ParseTitle(text)) }

func description(text string) domain.Description {
	return must(domain.DefaultLimits.ParseDescription(text))
}

func tags(names ...string) domain.Tags { return must(domain.ParseTags(names)) }

func due(date, zone string) domain.Due {
	return must(domain.NewDue(must(domain.ParseDueDate(date)), must(domain.RestoreZone(zone))))
}

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}
