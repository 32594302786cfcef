package bunstore_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

func TestRowThatIsNoTask(t *testing.T) {
	valid := func() bunstore.Row {
		return bunstore.Row{ID: 7, Title: "private", Priority: 2, Tags: []byte(`["private"]`)}
	}
	row := valid()
	if _, err := row.Task("owner"); err != nil {
		t.Fatal(err)
	}
	nul, wrong, date := "private\x00", "private", "2026-11-22"
	for name, spoil := range map[string]func(*bunstore.Row){
		"title":           func(row *bunstore.Row) { row.Title = "private\n" },
		"description":     func(row *bunstore.Row) { row.Description = &nul },
		"no priority":     func(row *bunstore.Row) { row.Priority = 0 },
		"priority":        func(row *bunstore.Row) { row.Priority = 258 },
		"tags":            func(row *bunstore.Row) { row.Tags = []byte(`["private", "private"]`) },
		"tags of numbers": func(row *bunstore.Row) { row.Tags = []byte(`[7]`) },
		"no tags":         func(row *bunstore.Row) { row.Tags = nil },
		"due date":        func(row *bunstore.Row) { row.DueDate = &wrong },
		"due zone":        func(row *bunstore.Row) { row.DueDate, row.DueZone = &date, &nul },
		"position":        func(row *bunstore.Row) { row.Position = &wrong },
	} {
		row := valid()
		spoil(&row)
		_, err := row.Task("owner")
		if err == nil || domain.KindOf(err) != domain.Internal {
			t.Errorf("%s: want an internal error, got %v", name, err)
		} else if !strings.Contains(err.Error(), "task 7") || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: want an error that names the task by its id alone, got %v", name, err)
		}
	}
}

func TestRowsHoldTasksExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for _, task := range anyTasks(t) {
			row := bunstore.RowOf(task)
			if got, err := row.Task(task.Owner); err != nil || got != task {
				t.Fatalf("want %+v, got %+v and error %v", task, got, err)
			}
		}
	})
}

// anyTasks are what batches of any changes leave of one owner's tasks.
func anyTasks(t *rapid.T) []domain.Task {
	course := begin(t, newHistory(t, "memory", memory.NewTasks()))
	course.change(t)
	course.change(t)
	tasks := course.known[course.turn]
	for i := range tasks {
		tasks[i].Owner = "owner"
	}
	return tasks
}

// A version that does not know the time of completion leaves it as it was.
func TestCompletionWithoutItsTime(t *testing.T) {
	row := bunstore.Row{ID: 7, Title: "title", Priority: 2, Tags: []byte(`[]`), Completed: true, UpdatedAt: bunstore.Instant{Time: noon}}
	if task, err := row.Task("owner"); err != nil || task.CompletedAt != noon {
		t.Errorf("want the time of the last change, got %+v and error %v", task, err)
	}
	row.Completed, row.CompletedAt = false, row.UpdatedAt
	if task, err := row.Task("owner"); err != nil || !task.CompletedAt.IsZero() {
		t.Errorf("want no time while the task is pending, got %+v and error %v", task, err)
	}
}
