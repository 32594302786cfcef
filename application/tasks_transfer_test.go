package application_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// export gives what is exported up to the first error, at most so much.
func (d *desk) export(most int) (exported []domain.Task, err error) {
	for task, err := range d.tasks.Export(d.t.Context(), d.actor, "owner") {
		if err != nil || len(exported) == most {
			return exported, err
		}
		exported = append(exported, task)
	}
	return exported, nil
}

// paged notes how much is asked for at once, and fails from a page on.
type paged struct {
	ports.TaskRepository
	limits []int
	fails  int
}

func (p *paged) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	p.limits = append(p.limits, query.Limit)
	if len(p.limits) == p.fails {
		return domain.TaskPage{}, domain.ErrUnavailable
	}
	return p.TaskRepository.List(ctx, owner, query)
}

func TestExport(t *testing.T) {
	repository := &paged{TaskRepository: memory.NewTasks()}
	desk := newDesk(t, repository, application.TasksOptions{})
	if got, err := desk.export(10); len(got) != 0 || err != nil {
		t.Errorf("of an owner without tasks %d are exported, error %v", len(got), err)
	}
	var want []domain.Task
	for i := range 1203 {
		task := desk.create(application.Draft{Title: "task " + strconv.Itoa(i), Completed: i%2 == 0})
		if i%100 == 7 {
			desk.delete(task.ID)
		} else {
			want = append(want, task)
		}
	}
	repository.limits = nil
	got, err := desk.export(2000)
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d are exported, error %v; want all %d live tasks, the oldest first", len(got), err, len(want))
	}
	if want := []int{500, 500, 500}; !slices.Equal(repository.limits, want) {
		t.Errorf("the pages were of %v, want %v", repository.limits, want)
	}
	repository.limits = nil
	if got, err := desk.export(10); len(got) != 10 || err != nil || len(repository.limits) != 1 {
		t.Errorf("who stopped after 10 got %d, error %v, of %d pages", len(got), err, len(repository.limits))
	}
	repository.limits, repository.fails = nil, 2
	if got, err := desk.export(2000); len(got) != 500 || !errors.Is(err, domain.ErrUnavailable) {
		t.Errorf("where the second page fails, %d came, error %v", len(got), err)
	}
}

// record is what somebody imports again that was exported.
func record(task domain.Task) application.Record {
	record := application.Record{
		Draft: application.Draft{
			Title: task.Title.String(), Completed: task.Completed, Priority: new(task.Priority.String()), Tags: task.Tags.Names(),
			Place: domain.Some(domain.At(task.Position)),
		},
		CreatedAt: task.CreatedAt, UpdatedAt: task.UpdatedAt, CompletedAt: task.CompletedAt,
	}
	if text, present := task.Description.Text(); present {
		record.Description = &text
	}
	if task.Due != (domain.Due{}) {
		record.DueDate = new(task.Due.Date().String())
	}
	if task.Due.Zone() != (domain.Zone{}) {
		record.DueZone = new(task.Due.Zone().String())
	}
	return record
}

func TestImportTakesBackWhatWasExported(t *testing.T) {
	here, there := newDesk(t, memory.NewTasks(), application.TasksOptions{}), newDesk(t, memory.NewTasks(), application.TasksOptions{})
	here.create(application.Draft{Title: "deleted"})
	here.delete(1)
	here.create(application.Draft{Title: "first", Description: new(""), Completed: true, Priority: new("low"), Tags: []string{"b", "a"}, DueDate: new("2026-11-22"), DueZone: new("Europe/Berlin")})
	here.clock = noon.Add(time.Minute)
	here.create(application.Draft{Title: "second", DueDate: new("2026-11-22T17:00:00.5+01:00"), Place: domain.Some(domain.Before(2))})
	if _, err := here.tasks.Update(t.Context(), here.actor, "owner", domain.Target{ID: 2}, application.Revision{Title: domain.Some("renamed")}); err != nil {
		t.Fatal(err)
	}
	exported, err := here.export(10)
	if err != nil {
		t.Fatal(err)
	}
	records := make([]application.Record, len(exported))
	for i, task := range exported {
		records[i] = record(task)
	}
	there.clock = noon.Add(time.Hour)
	if err := there.tasks.CheckImport(t.Context(), there.actor, "owner", records); err != nil {
		t.Fatal(err)
	}
	if all := there.all(); len(all) != 0 {
		t.Fatalf("a check imported %d tasks", len(all))
	}
	imported, err := there.tasks.Import(t.Context(), there.actor, "owner", records)
	if err != nil || len(imported) != len(exported) {
		t.Fatalf("%d were imported, error %v", len(imported), err)
	}
	for i, want := range exported {
		want.ID, want.Sequence = domain.TaskID(i+1), domain.Sequence(i+1)
		there.want(want, imported[i], nil)
	}
}

func TestImportIsAllOrNone(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Limits: domain.Limits{Title: 5, Description: 5}})
	good := application.Record{Draft: application.Draft{Title: "good"}}
	past := func(year int) time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
	for name, test := range map[string]struct {
		records []application.Record
		fields  []string
	}{
		"one of several": {[]application.Record{good, good, {}, good}, []string{"records/2/title"}},
		"several": {
			[]application.Record{{Draft: application.Draft{Title: "good", Tags: []string{""}}}, good, {Draft: application.Draft{Description: new("too long"), DueZone: new("UTC")}}},
			[]string{"records/0/tags", "records/2/title", "records/2/description"},
		},
		"times that cannot be told": {
			[]application.Record{good, {Draft: good.Draft, CreatedAt: past(0), UpdatedAt: past(10000), CompletedAt: past(9999).AddDate(1, 0, 0)}},
			[]string{"records/1/created_at", "records/1/updated_at", "records/1/completed_at"},
		},
		"times that cannot be told in UTC": {
			[]application.Record{{Draft: good.Draft, CreatedAt: past(1).Add(1).In(time.FixedZone("", 3600)), UpdatedAt: past(10000).Add(-time.Second).In(time.FixedZone("", 3600)), CompletedAt: past(1).Add(-1)}},
			[]string{"records/0/completed_at"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			imported, err := desk.tasks.Import(t.Context(), desk.actor, "owner", test.records)
			desk.wantRefused(err, 0, test.fields...)
			if imported != nil {
				t.Errorf("the refusal came with %+v", imported)
			}
			desk.wantRefused(desk.tasks.CheckImport(t.Context(), desk.actor, "owner", test.records), 0, test.fields...)
		})
	}
	nowhere := application.Record{Draft: application.Draft{Title: "abc", Place: domain.Some(domain.Before(99))}}
	_, err := desk.tasks.Import(t.Context(), desk.actor, "owner", []application.Record{good, nowhere, nowhere})
	var failed *domain.BatchError
	if !errors.As(err, &failed) || len(failed.Failures) != 2 || failed.Failures[0].Index != 1 || failed.Failures[1].Index != 2 {
		t.Errorf("records that find no place give error %v", err)
	}
	if all := desk.all(); len(all) != 0 {
		t.Errorf("%d were imported all the same", len(all))
	}
}
