package application_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

func TestCreate(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	desk.clock = noon.Add(999).In(time.FixedZone("", 3600))
	got, err := desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{
		Title: " trimmed ", Description: new(" as it came\n"), Completed: true, Priority: new("high"), Tags: []string{" b ", "a"},
		DueDate: new("2026-11-22T17:00:00+01:00"), DueZone: new("Europe/Berlin"),
	}, application.Once{})
	want := bare(1, "trimmed", noon)
	want.Description, want.Completed, want.CompletedAt, want.Priority = description(" as it came\n"), true, noon, domain.High
	want.Tags, want.Due = tags("b", "a"), due("2026-11-22T17:00:00+01:00", "Europe/Berlin")
	desk.want(want, got, err)

	desk.clock = noon.Add(time.Minute)
	got, err = desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{Title: "little"}, application.Once{})
	desk.want(bare(2, "little", desk.clock), got, err)

	got, err = desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{Title: "placed", Place: domain.Some(domain.Before(1))}, application.Once{})
	if err != nil || got.Position.Compare(want.Position) >= 0 {
		t.Errorf("a task placed before the first is at %q, error %v", got.Position, err)
	}
}

func TestCreateRefuses(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Limits: domain.Limits{Title: 3, Description: 4}})
	for _, test := range []struct {
		draft  application.Draft
		fields []string
	}{
		{application.Draft{}, []string{"title"}},
		{application.Draft{Title: " "}, []string{"title"}},
		{application.Draft{Title: "four", Description: new("four")}, []string{"title"}},
		{application.Draft{Title: "abc", Description: new("fives")}, []string{"description"}},
		{application.Draft{Title: "abc", Priority: new("")}, []string{"priority"}},
		{application.Draft{Title: "abc", Tags: []string{"a", "a"}}, []string{"tags"}},
		{application.Draft{Title: "abc", DueDate: new("")}, []string{"due_date"}},
		{application.Draft{Title: "abc", DueDate: new("2026-11-22"), DueZone: new("Local")}, []string{"due_zone"}},
		{application.Draft{Title: "abc", DueZone: new("Europe/Berlin")}, []string{"due_zone"}},
		{application.Draft{Title: "abc", Place: domain.Some(domain.Behind(7))}, []string{"position"}},
		{
			application.Draft{Title: "four", Description: new("fives"), Priority: new("urgent"), Tags: []string{""}, DueDate: new("tomorrow"), DueZone: new("here")},
			[]string{"title", "description", "priority", "tags", "due_date", "due_zone"},
		},
	} {
		got, err := desk.tasks.Create(t.Context(), desk.actor, "owner", test.draft, application.Once{})
		desk.wantRefused(err, 0, test.fields...)
		if got != (domain.Task{}) {
			t.Errorf("the refusal came with %+v", got)
		}
	}
	desk.create(application.Draft{Title: "abc", Description: new("four")})
}

func TestLimitsUnlessTold(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	desk.create(application.Draft{Title: strings.Repeat("a", 200), Description: new(strings.Repeat("a", 1000))})
	_, err := desk.tasks.Create(t.Context(), desk.actor, "owner", application.Draft{Title: strings.Repeat("a", 201)}, application.Once{})
	desk.wantRefused(err, 1, "title")
}

func TestGet(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	created := desk.create(application.Draft{Title: "title"})
	got, err := desk.tasks.Get(t.Context(), desk.actor, "owner", created.ID)
	desk.want(created, got, err)
	if got, err := desk.tasks.Get(t.Context(), desk.actor, "owner", 2); !errors.Is(err, domain.ErrTaskNotFound) || got != (domain.Task{}) {
		t.Errorf("a task that is not there is %+v, error %v", got, err)
	}
}

func TestList(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	var created []domain.Task
	for _, name := range []string{"first", "Zweites Äpfelchen", "third"} {
		created = append(created, desk.create(application.Draft{Title: name, Completed: name != "first" && name != "third"}))
	}
	for _, test := range []struct {
		query domain.TaskQuery
		want  domain.TaskPage
	}{
		{domain.TaskQuery{Limit: 2}, domain.TaskPage{Tasks: []domain.Task{created[2], created[1]}, More: true, Sequence: 3}},
		{
			domain.TaskQuery{Limit: 2, Order: domain.Ascending, Completed: domain.Some(false), Skip: 1, Count: true},
			domain.TaskPage{Tasks: []domain.Task{created[2]}, Total: domain.Some(2), Sequence: 3},
		},
		{domain.TaskQuery{Limit: 2, After: domain.Some(domain.Bookmark{ID: 2})}, domain.TaskPage{Tasks: []domain.Task{created[0]}, Sequence: 3}},
		{domain.TaskQuery{Limit: 2, Search: "APFÉL"}, domain.TaskPage{Tasks: []domain.Task{created[1]}, Sequence: 3}},
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

func TestState(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	for i, want := range []domain.Counters{{}, {LastTaskID: 1, Sequence: 1}, {LastTaskID: 2, Sequence: 2}} {
		if got, err := desk.tasks.State(t.Context(), desk.actor, "owner"); got != want || err != nil {
			t.Errorf("after %d changes the state is %+v, error %v", i, got, err)
		}
		desk.create(application.Draft{Title: "title"})
	}
}

func TestUpdate(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	want := desk.create(application.Draft{Title: "title", Description: new("text"), Completed: true, Priority: new("low"), DueDate: new("2026-11-22"), DueZone: new("Europe/Berlin")})
	for _, test := range []struct {
		revision application.Revision
		change   func(*domain.Task)
	}{
		{application.Revision{}, func(*domain.Task) {}},
		{application.Revision{Title: domain.Some(" new ")}, func(task *domain.Task) { task.Title = title("new") }},
		{application.Revision{Description: domain.Some(new(" other "))}, func(task *domain.Task) { task.Description = description(" other ") }},
		{application.Revision{Description: domain.Some(new(""))}, func(task *domain.Task) { task.Description = description("") }},
		{application.Revision{Description: domain.Some[*string](nil)}, func(task *domain.Task) { task.Description = domain.Description{} }},
		{application.Revision{Completed: domain.Some(false)}, func(task *domain.Task) { task.Completed, task.CompletedAt = false, time.Time{} }},
		{application.Revision{Priority: domain.Some(new("high"))}, func(task *domain.Task) { task.Priority = domain.High }},
		{application.Revision{Priority: domain.Some[*string](nil)}, func(task *domain.Task) { task.Priority = domain.Medium }},
		{application.Revision{Tags: domain.Some([]string{"b", " a"})}, func(task *domain.Task) { task.Tags = tags("b", "a") }},
		{application.Revision{Tags: domain.Some[[]string](nil)}, func(task *domain.Task) { task.Tags = domain.Tags{} }},
		{application.Revision{DueDate: domain.Some(new("2026-11-23"))}, func(task *domain.Task) { task.Due = due("2026-11-23", "Europe/Berlin") }},
		{application.Revision{DueZone: domain.Some(new("Asia/Tokyo"))}, func(task *domain.Task) { task.Due = due("2026-11-23", "Asia/Tokyo") }},
		{application.Revision{DueZone: domain.Some[*string](nil)}, func(task *domain.Task) { task.Due = due("2026-11-23", "") }},
		{application.Revision{DueDate: domain.Some[*string](nil)}, func(task *domain.Task) { task.Due = domain.Due{} }},
		{
			application.Revision{
				Title: domain.Some("all"), Description: domain.Some(new("text")), Completed: domain.Some(true), Priority: domain.Some(new("low")),
				Tags: domain.Some([]string{"c"}), DueDate: domain.Some(new("2026-11-24T00:00:00Z")), DueZone: domain.Some(new("UTC")),
			},
			func(task *domain.Task) {
				task.Title, task.Description, task.Completed, task.CompletedAt = title("all"), description("text"), true, task.UpdatedAt
				task.Priority, task.Tags, task.Due = domain.Low, tags("c"), due("2026-11-24T00:00:00Z", "UTC")
			},
		},
	} {
		desk.clock = desk.clock.Add(time.Minute)
		want.UpdatedAt, want.Sequence = desk.clock, want.Sequence+1
		test.change(&want)
		got, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: want.Sequence - 1}, test.revision)
		desk.want(want, got, err)
	}
	desk.create(application.Draft{Title: "other"})
	got, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: 1}, application.Revision{Place: domain.Some(domain.Behind(2))})
	if err != nil || got.Position.Compare(domain.PositionOf(2)) <= 0 {
		t.Errorf("a task moved behind the last is at %q, error %v", got.Position, err)
	}
}

func TestUpdateRefuses(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Limits: domain.Limits{Title: 3, Description: 4}})
	created := desk.create(application.Draft{Title: "abc"})
	for _, test := range []struct {
		revision application.Revision
		fields   []string
	}{
		{application.Revision{Title: domain.Some("")}, []string{"title"}},
		{application.Revision{Title: domain.Some("four")}, []string{"title"}},
		{application.Revision{Description: domain.Some(new("fives"))}, []string{"description"}},
		{application.Revision{Priority: domain.Some(new("HIGH"))}, []string{"priority"}},
		{application.Revision{Tags: domain.Some([]string{" "})}, []string{"tags"}},
		{application.Revision{DueDate: domain.Some(new("2026-02-30"))}, []string{"due_date"}},
		{application.Revision{DueZone: domain.Some(new("Mars/Olympus"))}, []string{"due_zone"}},
		{
			application.Revision{
				Title: domain.Some("four"), Description: domain.Some(new("fives")), Completed: domain.Some(true), Priority: domain.Some(new("")),
				Tags: domain.Some([]string{""}), DueDate: domain.Some(new("")), DueZone: domain.Some(new("")),
			},
			[]string{"title", "description", "priority", "tags", "due_date", "due_zone"},
		},
	} {
		// Bad input is told before whether there is such a task.
		for _, id := range []domain.TaskID{created.ID, 99} {
			got, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: id}, test.revision)
			desk.wantRefused(err, 1, test.fields...)
			if got != (domain.Task{}) {
				t.Errorf("the refusal came with %+v", got)
			}
		}
	}
	_, err := desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: 1}, application.Revision{DueZone: domain.Some(new("UTC"))})
	desk.wantRefused(err, 1, "due_zone")
	_, err = desk.tasks.Update(t.Context(), desk.actor, "owner", domain.Target{ID: 1}, application.Revision{Place: domain.Some(domain.Before(2))})
	desk.wantRefused(err, 1, "position")
	desk.want(created, created, nil)
}

func TestComplete(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
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
		switch {
		case !test.want:
			want.CompletedAt = time.Time{}
		case !want.Completed:
			want.CompletedAt = desk.clock
		}
		want.Completed, want.UpdatedAt, want.Sequence = test.want, desk.clock, want.Sequence+1
		got, err := desk.tasks.Complete(t.Context(), desk.actor, "owner", domain.Target{ID: 1, Expected: want.Sequence - 1}, test.to)
		desk.want(want, got, err)
	}
}

func TestChangesOfTasksThatAreNotAsExpected(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	created := desk.create(application.Draft{Title: "title"})
	desk.create(application.Draft{Title: "deleted"})
	deleted := desk.delete(2)
	for _, test := range []struct {
		target        domain.Target
		live, inTrash error
	}{
		{domain.Target{ID: 3}, domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		{domain.Target{ID: 1, Expected: 9}, domain.ErrStaleTask, domain.ErrTaskNotFound},
		{domain.Target{ID: 2, Expected: 2}, domain.ErrTaskNotFound, domain.ErrStaleTask},
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
			"Restore": func() (domain.Task, error) {
				return desk.tasks.Restore(t.Context(), desk.actor, "owner", test.target)
			},
			"Purge": func() (domain.Task, error) {
				return domain.Task{}, desk.tasks.Purge(t.Context(), desk.actor, "owner", test.target)
			},
		} {
			want := test.live
			if name == "Restore" || name == "Purge" {
				want = test.inTrash
			}
			if got, err := change(); !errors.Is(err, want) || got != (domain.Task{}) {
				t.Errorf("%s of %+v gave %+v, error %v; want %v", name, test.target, got, err, want)
			}
		}
	}
	desk.want(created, created, nil)
	page, err := desk.tasks.Trash(t.Context(), desk.actor, "owner", domain.TrashQuery{Limit: 2})
	if err != nil || !slices.Equal(page.Tasks, []domain.Task{deleted}) {
		t.Errorf("the trash has %+v, error %v", page.Tasks, err)
	}
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
			}), unwoken{memory.NewWakeups(), t}, func() time.Time { return noon }, application.TasksOptions{})
			_, err := useCase.good(request{tasks, ctx, user(t, "owner"), "owner"})
			if name == "CheckImport" {
				if err != nil || called != 0 {
					t.Errorf("after %d calls the error is %v", called, err)
				}
				return
			}
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

func (f failing) Trash(ctx context.Context, owner domain.UserID, _ domain.TrashQuery) (domain.TaskPage, error) {
	return domain.TaskPage{}, f(ctx, owner)
}

func (f failing) Changes(ctx context.Context, owner domain.UserID, _ domain.Mark, _ int) (domain.Feed, error) {
	return domain.Feed{}, f(ctx, owner)
}

func (f failing) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	return domain.Counters{}, f(ctx, owner)
}

func (f failing) Apply(ctx context.Context, owner domain.UserID, _ domain.Batch) ([]domain.Task, error) {
	return nil, f(ctx, owner)
}

func (f failing) Erase(ctx context.Context, owner domain.UserID) error { return f(ctx, owner) }

// unwoken are wakeups by which nobody may be woken.
type unwoken struct {
	*memory.Wakeups
	t *testing.T
}

func (u unwoken) Wake(context.Context, domain.UserID) {
	u.t.Error("somebody was woken, though nothing happened")
}

// counting are wakeups that count who was woken.
type counting struct {
	*memory.Wakeups
	woken map[domain.UserID]int
}

func (c counting) Wake(ctx context.Context, owner domain.UserID) {
	c.woken[owner]++
	c.Wakeups.Wake(ctx, owner)
}

// TestChangesWake checks that each use case that changes something wakes those
// who follow the owner's changes, once, and no other use case does.
func TestChangesWake(t *testing.T) {
	changing := []string{"Batch", "Complete", "Create", "Delete", "Erase", "Import", "Purge", "Restore", "Update"}
	for name, useCase := range useCases {
		t.Run(name, func(t *testing.T) {
			wakeups := counting{memory.NewWakeups(), map[domain.UserID]int{}}
			tasks := application.NewTasks(memory.NewTasks(), wakeups, func() time.Time { return noon }, application.TasksOptions{})
			r := request{tasks, t.Context(), user(t, "owner"), "owner"}
			for _, before := range append([]string{"Create"}, useCase.before...) {
				if _, err := useCases[before].good(r); err != nil {
					t.Fatal(err)
				}
			}
			clear(wakeups.woken)
			if _, err := useCase.good(r); err != nil {
				t.Fatal(err)
			}
			want := map[domain.UserID]int{}
			if slices.Contains(changing, name) {
				want["owner"] = 1
			}
			if !maps.Equal(wakeups.woken, want) {
				t.Errorf("woken were %v, want %v", wakeups.woken, want)
			}
		})
	}
}

func TestReadsNeedNoClock(t *testing.T) {
	repository := memory.NewTasks()
	newDesk(t, repository, application.TasksOptions{}).create(application.Draft{Title: "title"})
	tasks := application.NewTasks(repository, memory.NewWakeups(), func() time.Time {
		t.Error("the clock was read")
		return noon
	}, application.TasksOptions{})
	for _, name := range []string{"Get", "List", "State", "Changes", "Export", "CheckImport"} {
		if _, err := useCases[name].good(request{tasks, t.Context(), user(t, "owner"), "owner"}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOnce(t *testing.T) {
	once := func(key domain.OnceKey, request byte) application.Once {
		return domain.Some(domain.Once{Key: key, Request: [32]byte{request}})
	}
	for name, create := range map[string]func(d *desk, text string, once application.Once) (domain.Task, error){
		"Create": func(d *desk, text string, once application.Once) (domain.Task, error) {
			return d.tasks.Create(t.Context(), d.actor, "owner", application.Draft{Title: text}, once)
		},
		"Batch": func(d *desk, text string, once application.Once) (domain.Task, error) {
			results, err := d.tasks.Batch(t.Context(), d.actor, "owner", []application.Operation{application.CreateTask{Draft: application.Draft{Title: text}}}, once)
			if err != nil {
				return domain.Task{}, err
			}
			return results[0], nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
			first, err := create(desk, "first", once("key", 1))
			desk.want(bare(1, "first", noon), first, err)
			desk.clock = noon.Add(24*time.Hour - time.Microsecond)
			if again, err := create(desk, "first", once("key", 1)); again != first || err != nil {
				t.Errorf("within a day the retry gave %+v, error %v", again, err)
			}
			if other, err := create(desk, "other", once("key", 2)); !errors.Is(err, domain.ErrKeyReused) || other != (domain.Task{}) {
				t.Errorf("another request with the key gave %+v, error %v", other, err)
			}
			other, err := create(desk, "other", once("other key", 1))
			desk.want(bare(2, "other", desk.clock), other, err)
			desk.clock = noon.Add(24 * time.Hour)
			afresh, err := create(desk, "afresh", once("key", 2))
			desk.want(bare(3, "afresh", desk.clock), afresh, err)
			if all := desk.all(); len(all) != 3 {
				t.Errorf("there are %d tasks, want 3", len(all))
			}
		})
	}
}

func TestBatch(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	desk.create(application.Draft{Title: "first"})
	second := desk.create(application.Draft{Title: "second"})
	desk.clock = noon.Add(time.Minute)
	results, err := desk.tasks.Batch(t.Context(), desk.actor, "owner", []application.Operation{
		application.CreateTask{Draft: application.Draft{Title: "third", Priority: new("high")}},
		application.UpdateTask{Target: domain.Target{ID: 1, Expected: 1}, Revision: application.Revision{Title: domain.Some("renamed")}},
		application.CompleteTask{Target: domain.Target{ID: 1}},
		application.CompleteTask{Target: domain.Target{ID: 3}, Completed: domain.Some(true)},
		application.CompleteTask{Target: domain.Target{ID: 3, Expected: 6}, Completed: domain.Some(false)},
		application.DeleteTask{Target: domain.Target{ID: 2, Expected: second.Sequence}},
	}, application.Once{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, task := range results {
		got = append(got, fmt.Sprintf("%d %s %v %v %d", task.ID, task.Title, task.Completed, task.IsLive(), task.Sequence))
	}
	want := []string{
		"3 third false true 3", "1 renamed false true 4", "1 renamed true true 5", "3 third true true 6", "3 third false true 7", "2 second false false 8",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("results (-want +got):\n%s", diff)
	}
	desk.want(results[4], results[4], nil)
	desk.want(results[2], results[2], nil)
	if all := desk.all(); len(all) != 2 {
		t.Errorf("there are %d tasks, want 2", len(all))
	}
}

func TestBatchRefuses(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	created := desk.create(application.Draft{Title: "title"})
	results, err := desk.tasks.Batch(t.Context(), desk.actor, "owner", []application.Operation{
		application.DeleteTask{Target: domain.Target{ID: 1}},
		application.CreateTask{Draft: application.Draft{Priority: new("urgent")}},
		application.CreateTask{Draft: application.Draft{Title: "good"}},
		application.UpdateTask{Target: domain.Target{ID: 99}, Revision: application.Revision{Tags: domain.Some([]string{""})}},
	}, application.Once{})
	desk.wantRefused(err, 1, "operations/1/title", "operations/1/priority", "operations/3/tags")
	if results != nil {
		t.Errorf("the refusal came with %+v", results)
	}
	desk.want(created, created, nil)
}

func TestBatchFails(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	created := desk.create(application.Draft{Title: "title"})
	operations := []application.Operation{
		application.DeleteTask{Target: domain.Target{ID: 1}},
		application.CompleteTask{Target: domain.Target{ID: 1}},
		application.CreateTask{Draft: application.Draft{Title: "good"}},
		application.UpdateTask{Target: domain.Target{ID: 2, Expected: 1}},
		application.CreateTask{Draft: application.Draft{Title: "nowhere", Place: domain.Some(domain.Before(99))}},
	}
	results, err := desk.tasks.Batch(t.Context(), desk.actor, "owner", operations, application.Once{})
	var failed *domain.BatchError
	if !errors.As(err, &failed) || results != nil {
		t.Fatalf("the batch gave %+v, error %v", results, err)
	}
	want := []domain.ChangeFailure{{Index: 1, Err: domain.ErrTaskNotFound}, {Index: 3, Err: domain.ErrStaleTask}, {Index: 4, Err: domain.Invalidity()}}
	if diff := cmp.Diff(want, failed.Failures, cmpopts.EquateErrors()); diff != "" {
		t.Errorf("failures (-want +got):\n%s", diff)
	}
	desk.want(created, created, nil)
	if state, err := desk.tasks.State(t.Context(), desk.actor, "owner"); state != (domain.Counters{LastTaskID: 1, Sequence: 1}) || err != nil {
		t.Errorf("the failed batch left %+v, error %v", state, err)
	}
	if results, err := desk.tasks.Batch(t.Context(), desk.actor, "owner", nil, application.Once{}); len(results) != 0 || err != nil {
		t.Errorf("a batch of nothing gave %+v, error %v", results, err)
	}
}
