package application_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

// desk is where an owner works on tasks of their own, with a clock to set.
type desk struct {
	t     *testing.T
	tasks *application.Tasks
	actor domain.AuthenticatedUserContext
	clock time.Time
}

func newDesk(t *testing.T, repository ports.TaskRepository, limits domain.Limits) *desk {
	t.Helper()
	desk := &desk{t: t, actor: user(t, "owner"), clock: noon}
	desk.tasks = application.NewTasks(repository, func() time.Time { return desk.clock }, limits)
	return desk
}

// create makes a task that the test is not about.
func (d *desk) create(draft application.Draft) domain.Task {
	d.t.Helper()
	task, err := d.tasks.Create(d.t.Context(), d.actor, "owner", draft)
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
func (d *desk) wantRefused(got domain.Task, err error, tasks int, fields ...string) {
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
	page, err := d.tasks.List(d.t.Context(), d.actor, "owner", domain.TaskQuery{Limit: 10})
	if got != (domain.Task{}) || len(page.Tasks) != tasks || err != nil {
		d.t.Errorf("the refusal came with %+v and left %d tasks, error %v", got, len(page.Tasks), err)
	}
}

func TestCreate(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	desk.clock = noon.Add(999).In(time.FixedZone("", 3600))
	text := " as it came\n"
	got, err := desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{Title: " trimmed ", Description: &text, Completed: true})
	desk.want(domain.Task{
		Owner: "owner", ID: 1, Title: title("trimmed"), Description: description(text), Completed: true,
		CreatedAt: noon, UpdatedAt: noon, Sequence: 1,
	}, got, err)

	desk.clock = noon.Add(time.Minute)
	got, err = desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{Title: "little"})
	desk.want(domain.Task{
		Owner: "owner", ID: 2, Title: title("little"), CreatedAt: desk.clock, UpdatedAt: desk.clock, Sequence: 2,
	}, got, err)
}

func TestCreateRefuses(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.Limits{Title: 3, Description: 4})
	fits, long := "four", "fives"
	for _, test := range []struct {
		draft  application.Draft
		fields []string
	}{
		{application.Draft{}, []string{"title"}},
		{application.Draft{Title: " "}, []string{"title"}},
		{application.Draft{Title: "four", Description: &fits}, []string{"title"}},
		{application.Draft{Title: "abc", Description: &long}, []string{"description"}},
		{application.Draft{Title: "four", Description: &long}, []string{"title", "description"}},
	} {
		got, err := desk.tasks.Create(t.Context(), desk.actor, "owner", test.draft)
		desk.wantRefused(got, err, 0, test.fields...)
	}
	desk.create(application.Draft{Title: "abc", Description: &fits})
}

func TestGet(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	created := desk.create(application.Draft{Title: "title"})
	got, err := desk.tasks.Get(t.Context(), desk.actor, "owner", created.ID)
	desk.want(created, got, err)
	if got, err := desk.tasks.Get(t.Context(), desk.actor, "owner", 2); !errors.Is(err, domain.ErrTaskNotFound) || got != (domain.Task{}) {
		t.Errorf("a task that is not there is %+v, error %v", got, err)
	}
}

func TestList(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	var created []domain.Task
	for _, name := range []string{"first", "second", "third"} {
		created = append(created, desk.create(application.Draft{Title: name, Completed: name == "second"}))
	}
	for _, test := range []struct {
		query domain.TaskQuery
		want  domain.TaskPage
	}{
		{domain.TaskQuery{Limit: 2}, domain.TaskPage{Tasks: []domain.Task{created[2], created[1]}, More: true}},
		{
			domain.TaskQuery{Limit: 2, Order: domain.OldestFirst, Completed: domain.Some(false), Skip: 1, Count: true},
			domain.TaskPage{Tasks: []domain.Task{created[2]}, Total: domain.Some(2)},
		},
		{domain.TaskQuery{Limit: 2, After: 2}, domain.TaskPage{Tasks: []domain.Task{created[0]}}},
	} {
		got, err := desk.tasks.List(t.Context(), desk.actor, "owner", test.query)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.want, got, cmpopts.EquateComparable(domain.Task{}, domain.Optional[int]{})); diff != "" {
			t.Errorf("List(%+v) (-want +got):\n%s", test.query, diff)
		}
	}
}

func TestUpdate(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	text, other, empty := "text", " other ", ""
	want := desk.create(application.Draft{Title: "title", Description: &text, Completed: true})
	for _, test := range []struct {
		revision application.Revision
		change   func(*domain.Task)
	}{
		{application.Revision{}, func(*domain.Task) {}},
		{application.Revision{Title: domain.Some(" new ")}, func(task *domain.Task) { task.Title = title("new") }},
		{application.Revision{Description: domain.Some(&other)}, func(task *domain.Task) { task.Description = description(other) }},
		{application.Revision{Description: domain.Some(&empty)}, func(task *domain.Task) { task.Description = description("") }},
		{application.Revision{Description: domain.Some[*string](nil)}, func(task *domain.Task) { task.Description = domain.Description{} }},
		{application.Revision{Completed: domain.Some(false)}, func(task *domain.Task) { task.Completed = false }},
		{
			application.Revision{Title: domain.Some("all"), Description: domain.Some(&text), Completed: domain.Some(true)},
			func(task *domain.Task) {
				task.Title, task.Description, task.Completed = title("all"), description("text"), true
			},
		},
	} {
		desk.clock = desk.clock.Add(time.Minute)
		test.change(&want)
		want.UpdatedAt, want.Sequence = desk.clock, want.Sequence+1
		got, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: want.Sequence - 1}, test.revision)
		desk.want(want, got, err)
	}
}

func TestUpdateRefuses(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.Limits{Title: 3, Description: 4})
	created := desk.create(application.Draft{Title: "abc"})
	long := "fives"
	for _, test := range []struct {
		revision application.Revision
		fields   []string
	}{
		{application.Revision{Title: domain.Some("")}, []string{"title"}},
		{application.Revision{Title: domain.Some("four")}, []string{"title"}},
		{application.Revision{Description: domain.Some(&long)}, []string{"description"}},
		{application.Revision{Title: domain.Some("four"), Description: domain.Some(&long), Completed: domain.Some(true)}, []string{"title", "description"}},
	} {
		// Bad input is told before whether there is such a task.
		for _, id := range []domain.TaskID{created.ID, 99} {
			got, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: id}, test.revision)
			desk.wantRefused(got, err, 1, test.fields...)
		}
	}
	desk.want(created, created, nil)
}

func TestComplete(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	want := desk.create(application.Draft{Title: "title"})
	for _, test := range []struct {
		to   domain.Optional[bool]
		want bool
	}{
		{domain.Some(true), true},
		{domain.Some(true), true},
		{domain.Optional[bool]{}, false},
		{domain.Optional[bool]{}, true},
		{domain.Some(false), false},
		{domain.Some(false), false},
	} {
		desk.clock = desk.clock.Add(time.Minute)
		want.Completed, want.UpdatedAt, want.Sequence = test.want, desk.clock, want.Sequence+1
		got, err := desk.tasks.Complete(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: want.Sequence - 1}, test.to)
		desk.want(want, got, err)
	}
}

func TestDelete(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	created := desk.create(application.Draft{Title: "title"})
	got, err := desk.tasks.Delete(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: created.Sequence})
	if got != created || err != nil {
		t.Errorf("Delete gave %+v, error %v; want %+v", got, err, created)
	}
	if _, err := desk.tasks.Get(t.Context(), desk.actor, "owner", 1); !errors.Is(err, domain.ErrTaskNotFound) {
		t.Errorf("the deleted task gives error %v", err)
	}
}

func TestChangesOfTasksThatAreNotAsExpected(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), domain.DefaultLimits)
	created := desk.create(application.Draft{Title: "title"})
	for _, test := range []struct {
		target domain.Target
		want   error
	}{
		{domain.Target{ID: 2}, domain.ErrTaskNotFound},
		{domain.Target{ID: 1, Expected: 9}, domain.ErrStaleTask},
	} {
		for name, change := range map[string]func() (domain.Task, error){
			"Update": func() (domain.Task, error) {
				return desk.tasks.Update(t.Context(), desk.actor, "owner", test.target, application.Revision{Title: domain.Some("new")})
			},
			"Complete, set": func() (domain.Task, error) {
				return desk.tasks.Complete(t.Context(), desk.actor, "owner", test.target, domain.Some(true))
			},
			"Complete, toggle": func() (domain.Task, error) {
				return desk.tasks.Complete(t.Context(), desk.actor, "owner", test.target, domain.Optional[bool]{})
			},
			"Delete": func() (domain.Task, error) {
				return desk.tasks.Delete(t.Context(), desk.actor, "owner", test.target)
			},
		} {
			if got, err := change(); !errors.Is(err, test.want) || got != (domain.Task{}) {
				t.Errorf("%s of %+v gave %+v, error %v; want %v", name, test.target, got, err, test.want)
			}
		}
	}
	desk.want(created, created, nil)
}

// TestRequestsReachTheRepository checks that each use case passes on its
// context and the owner, and gives back what the repository fails with.
func TestRequestsReachTheRepository(t *testing.T) {
	type key struct{}
	ctx := context.WithValue(t.Context(), key{}, "this request")
	for name, useCase := range useCases {
		t.Run(name, func(t *testing.T) {
			called := 0
			cause := errors.New("connection refused")
			tasks := application.NewTasks(failing(func(ctx context.Context, owner domain.UserID) error {
				called++
				if ctx.Value(key{}) != "this request" || owner != "owner" {
					t.Errorf("the repository was asked for the tasks of %q in another context", owner)
				}
				return domain.ErrUnavailable.Because(cause)
			}), func() time.Time { return noon }, domain.DefaultLimits)
			_, err := useCase.good(request{tasks, ctx, user(t, "owner"), "owner"})
			if !errors.Is(err, domain.ErrUnavailable) || !errors.Is(err, cause) || called != 1 {
				t.Errorf("after %d calls the error is %v", called, err)
			}
		})
	}
}

// failing is a repository that answers every call with an error.
type failing func(ctx context.Context, owner domain.UserID) error

func (f failing) Get(ctx context.Context, owner domain.UserID, _ domain.TaskID) (domain.Task, error) {
	return domain.Task{}, f(ctx, owner)
}

func (f failing) List(ctx context.Context, owner domain.UserID, _ domain.TaskQuery) (domain.TaskPage, error) {
	return domain.TaskPage{}, f(ctx, owner)
}

func (f failing) Apply(ctx context.Context, owner domain.UserID, _ domain.Batch) ([]domain.Task, error) {
	return nil, f(ctx, owner)
}

func TestReadsNeedNoClock(t *testing.T) {
	repository := memory.NewTasks()
	newDesk(t, repository, domain.DefaultLimits).create(application.Draft{Title: "title"})
	tasks := application.NewTasks(repository, func() time.Time {
		t.Error("the clock was read")
		return noon
	}, domain.DefaultLimits)
	for _, name := range []string{"Get", "List"} {
		if _, err := useCases[name].good(request{tasks, t.Context(), user(t, "owner"), "owner"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func title(text string) domain.Title {
	title, err := domain.DefaultLimits.ParseTitle(text)
	if err != nil {
		panic(err)
	}
	return title
}

func description(text string) domain.Description {
	description, err := domain.DefaultLimits.ParseDescription(text)
	if err != nil {
		panic(err)
	}
	return description
}
