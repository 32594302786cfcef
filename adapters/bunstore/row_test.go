package bunstore_test

import (
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

func TestRowThatIsNoTask(t *testing.T) {
	nul := "private\x00"
	for name, row := range map[string]bunstore.Row{
		"title":       {ID: 7, Title: "private\n"},
		"description": {ID: 7, Title: "private", Description: &nul},
	} {
		_, err := row.Task("owner")
		if err == nil || domain.KindOf(err) != domain.Internal {
			t.Errorf("%s: want an internal error, got %v", name, err)
		} else if !strings.Contains(err.Error(), "task 7") || strings.Contains(err.Error(), "private") {
			t.Errorf("%s: want an error that names the task by its id alone, got %v", name, err)
		}
	}
}

func TestInstant(t *testing.T) {
	want := time.Date(2026, 2, 3, 4, 5, 6, 789_012_000, time.UTC)
	for _, source := range []any{want, want.In(time.FixedZone("", 3600)), want.UnixMicro()} {
		var got bunstore.Instant
		if err := got.Scan(source); err != nil || got.Time != want {
			t.Errorf("from %v: want %v, got %v and error %v", source, want, got, err)
		}
	}
	var got bunstore.Instant
	if err := got.Scan("yesterday"); err == nil {
		t.Error("a time is read from a word")
	}
}
