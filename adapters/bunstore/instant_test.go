package bunstore_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
)

func TestInstant(t *testing.T) {
	want := time.Date(2026, 2, 3, 4, 5, 6, 789_012_000, time.UTC)
	for _, source := range []any{want, want.In(time.FixedZone("", 3600)), want.UnixMicro()} {
		var got bunstore.Instant
		if err := got.Scan(source); err != nil || got.Time != want {
			t.Errorf("from %v: want %v, got %v and error %v", source, want, got, err)
		}
	}
	got := bunstore.Instant{Time: want}
	if err := got.Scan(nil); err != nil || !got.IsZero() {
		t.Errorf("from null: got %v and error %v", got, err)
	}
	if err := got.Scan("yesterday"); err == nil {
		t.Error("a time is read from a word")
	}
}

func TestInstantInJSON(t *testing.T) {
	for _, want := range []time.Time{{}, noon, time.UnixMicro(-1).UTC(), time.Date(10_000, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC)} {
		encoded, err := json.Marshal(bunstore.Instant{Time: want})
		if err != nil {
			t.Fatal(err)
		}
		var got bunstore.Instant
		if err := json.Unmarshal(encoded, &got); err != nil || got.Time != want {
			t.Errorf("%s: want %v, got %v and error %v", encoded, want, got, err)
		}
	}
	var got bunstore.Instant
	if err := json.Unmarshal([]byte(`"yesterday"`), &got); err == nil {
		t.Error("a time is read from a word")
	}
}
