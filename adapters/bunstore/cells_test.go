package bunstore

import (
	"reflect"
	"slices"
	"testing"
	"time"
)

// Each column is read from all that a driver may give for it, and from nothing
// else.
func TestCells(t *testing.T) {
	zero, at := Line{}, time.Unix(1e9, 0).UTC()
	for column, test := range map[string]struct {
		good map[any]any // by source
		bad  []any
	}{
		"id":           {map[any]any{int64(7): int64(7), nil: int64(0)}, []any{"7", 7.0, true}},
		"title":        {map[any]any{"milk": "milk", nil: ""}, []any{int64(1), at}},
		"completed":    {map[any]any{true: true, false: false, int64(1): true, int64(0): false, nil: false}, []any{"true", at}},
		"tags":         {map[any]any{`["a"]`: `["a"]`, "[]": "[]", nil: ""}, []any{int64(1)}},
		"completed_at": {map[any]any{at: at, nil: time.Time{}}, []any{"now"}},
		"due_date":     {map[any]any{"2026-11-28": "2026-11-28", "": "", nil: nil}, []any{int64(1)}},
	} {
		line := zero
		cell := line.cell(column)
		for source, want := range test.good {
			if err := cell.Scan(source); err != nil || !reflect.DeepEqual(read(line, column), want) {
				t.Errorf("%s of %#v is %#v, error %v", column, source, read(line, column), err)
			}
		}
		for _, source := range test.bad {
			if err := cell.Scan(source); err == nil {
				t.Errorf("%s is read from %#v", column, source)
			}
		}
	}
	if zero.cell("colour") != nil {
		t.Error("there is a place for any column")
	}
}

func read(line Line, column string) any {
	switch column {
	case "id":
		return line.ID
	case "title":
		return line.Title
	case "completed":
		return line.Completed
	case "tags":
		return string(line.Tags)
	case "completed_at":
		return line.CompletedAt.Time
	}
	if line.DueDate == nil {
		return nil
	}
	return *line.DueDate
}

// What a driver gives as bytes it writes to again for the next line.
func TestTasksKeepNoBytesOfTheDrivers(t *testing.T) {
	line := Line{Row: Row{ID: 7, Priority: 2}}
	tags, title := []byte(`["home"]`), []byte("milk")
	for column, bytes := range map[string][]byte{"tags": tags, "title": title, "description": title} {
		if err := line.cell(column).Scan(bytes); err != nil {
			t.Fatal(err)
		}
	}
	task, err := line.Task("owner")
	clear(tags)
	clear(title)
	description, _ := task.Description.Text()
	if err != nil || !slices.Equal(task.Tags.Names(), []string{"home"}) || task.Title.String() != "milk" || description != "milk" {
		t.Errorf("the task became %+v, error %v", task, err)
	}
}

// Whatever a line has to be read into is named by some column.
func TestEachFieldOfALineHasItsColumn(t *testing.T) {
	var line Line
	cells := 0
	for _, column := range []string{
		"id", "title", "description", "completed", "completed_at", "priority", "tags", "due_date", "due_zone", "position", "created_at",
		"updated_at", "sequence", "deleted_at", "purged", "total", "last_task_id", "owner_sequence", "forgotten", "anchor", "below", "above",
	} {
		if line.cell(column) == nil {
			t.Errorf("%s has no place", column)
		}
		cells++
	}
	row, own := reflect.TypeFor[Row](), reflect.TypeFor[Line]()
	const derived = 3 // which are written alone
	if fields := row.NumField() - derived + own.NumField() - 1; fields != cells {
		t.Errorf("%d columns for %d fields", cells, fields)
	}
}
