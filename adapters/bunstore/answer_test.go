package bunstore_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

func TestResultsAreKeptExactly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := anyTasks(t)
		encoded, err := bunstore.EncodeResults(want)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := bunstore.DecodeResults("owner", encoded); err != nil || !slices.Equal(got, want) {
			t.Fatalf("%s: want %+v, got %+v and error %v", encoded, want, got, err)
		}
	})
}

// Whatever is read as results is kept exactly as well.
func FuzzDecodeResults(f *testing.F) {
	tasks := rapid.Custom(anyTasks)
	for seed := range 8 {
		encoded, err := bunstore.EncodeResults(tasks.Example(seed))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(encoded)
	}
	f.Add(`null`)
	f.Add(`[{"ID": 1, "Tags": null}]`)
	f.Fuzz(func(t *testing.T, encoded string) {
		results, err := bunstore.DecodeResults("owner", encoded)
		if err != nil || slices.ContainsFunc(results, isNothing) {
			return
		}
		again, err := bunstore.EncodeResults(results)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := bunstore.DecodeResults("owner", again); err != nil || !slices.Equal(got, results) {
			t.Errorf("want %+v, got %+v and error %v", results, got, err)
		}
	})
}

// isNothing is true for what is purged and was never deleted: no batch leaves that.
func isNothing(task domain.Task) bool { return task.IsLive() && task.Title == domain.Title{} }
