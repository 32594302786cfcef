package bunstore_test

import (
	"context"
	"fmt"
	"go/format"
	"os"
	"runtime"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// What a history prints is what was called, to the letter: this test is the
// program of its own history.
func TestHistoriesAreTheirOwnPrograms(t *testing.T) {
	h := newHistory(t, "memory", engines["memory"](t))
	h.apply("a", domain.NewBatch(at("2026-02-03T12:04:05.678901Z"), domain.Create{Title: title("Über \"x\" 🦉"), Description: description(""), Completed: true, Priority: domain.High, Tags: tags("a", "日本"), Due: due("2026-11-22", "Europe/Berlin"), Place: domain.Some(domain.At(position("4000000000000007V")))}))
	h.apply("a ", domain.NewBatch(at("2026-02-03T12:04:05Z"), domain.Create{Title: title("a"), Description: description("b\n c")}, domain.Import{Create: domain.Create{Title: title("b"), Place: domain.Some(domain.Before(1))}, ID: 7, CreatedAt: at("2026-01-01T00:00:00Z")}).Once(domain.Once{Key: "key", Request: request(1), Until: at("2026-02-03T13:00:00Z"), Brief: true}))
	h.apply("a", domain.NewBatch(at("2026-02-03T12:04:06Z"), domain.Edit{Target: domain.Target{ID: 1, Expected: 1}, Title: domain.Some(title("c")), Description: domain.Some(domain.Description{}), Completed: domain.Some(false), Priority: domain.Some(domain.Low), Tags: domain.Some(tags()), DueDate: domain.Some(dueDate("2026-11-23")), DueZone: domain.Some(zone("")), Place: domain.Some(domain.Behind(1))}))
	h.apply("a", domain.NewBatch(at("2026-02-03T12:04:07Z"), domain.SetCompleted{Target: domain.Target{ID: 1}, Completed: true}, domain.ToggleCompleted{Target: domain.Target{ID: 1}}, domain.Delete{Target: domain.Target{ID: 1}}, domain.Restore{Target: domain.Target{ID: 1}}, domain.Purge{Target: domain.Target{ID: 2}}).ForgettingTrash(at("2026-02-03T12:00:00Z")))
	h.erase("a ")
	h.list("a", domain.TaskQuery{Completed: domain.Some(true), Priority: domain.Some(domain.Medium), Tags: tags("a"), DueFrom: at("2026-02-03T12:00:00.000000001Z"), Search: "x", Sort: domain.ByDue, Order: domain.Ascending, After: domain.Some(domain.Bookmark{Number: 9223372036854775807, Text: "x", ID: 1}), Skip: 1, Limit: 2, Count: true})

	_, file, _, _ := runtime.Caller(0)
	want, last := program(t, file, t.Name())
	got, err := format.Source([]byte(h.program(last)))
	if err != nil || string(got) != want {
		t.Errorf("the program is, with error %v,\n%s\nwant\n%s", err, got, want)
	}
}

// program gives the beginning of a test, up to an empty line, as the program
// that it should be, and the last call of that.
func program(t *testing.T, file, test string) (text, last string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ = strings.Cut(string(source), "\nfunc "+test+"(")
	text, _, found := strings.Cut(text, "\n\n")
	if !found {
		t.Fatalf("%s has no test %s", file, test)
	}
	return "func TestFoundHistory(" + text + "\n}", strings.TrimSpace(text[strings.LastIndex(text, "\n"):])
}

// A store that does not do what the model does is told by the calls that led
// to it.
func TestHistoriesTellWhoIsWrong(t *testing.T) {
	told := failure(t, func(t rapid.TB) {
		h := newHistory(t, "forgetful", forgetful{memory.NewTasks()})
		h.apply("a", domain.NewBatch(noon, domain.Create{Title: title("first")}))
		h.get("a", 1)
		h.apply("a", domain.NewBatch(noon, domain.Create{Title: title("second"), Tags: tags("x")}))
		h.get("a", 2)
	})
	for _, want := range []string{
		"h.get(\"a\", 2): want -, got +",
		`
	h := newHistory(t, "forgetful", engines["forgetful"](t))
	h.apply("a", domain.NewBatch(at("2026-02-03T12:04:05.678901Z"), domain.Create{Title: title("first")}))
	h.apply("a", domain.NewBatch(at("2026-02-03T12:04:05.678901Z"), domain.Create{Title: title("second"), Tags: tags("x")}))
	h.get("a", 2)
}`,
	} {
		if !strings.Contains(told, want) {
			t.Errorf("the failure is\n%s\nwant in it\n%s", told, want)
		}
	}
}

// forgetful gives tasks without their tags.
type forgetful struct{ *memory.Tasks }

func (f forgetful) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	task, err := f.Tasks.Get(ctx, owner, id)
	task.Tags = domain.Tags{}
	return task, err
}

// failure gives what a test that fails says.
func failure(t *testing.T, test func(rapid.TB)) string {
	t.Helper()
	recorder := &recorder{TB: t}
	done := make(chan struct{})
	go func() {
		defer close(done)
		test(recorder)
	}()
	<-done
	return recorder.told
}

// recorder is a test whose failure is no failure of the one around it.
type recorder struct {
	rapid.TB
	told string
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.told = fmt.Sprintf(format, args...)
	runtime.Goexit()
}
