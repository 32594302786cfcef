package ports_test

import (
	"go/doc/comment"
	"go/parser"
	"go/token"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func open(t *testing.T) *store {
	t.Helper()
	return &store{owners: map[domain.UserID]ledger{}}
}

func TestTasks(t *testing.T) {
	portstest.TestTaskRepository(t,
		func(t *testing.T) ports.TaskRepository { return open(t) },
		portstest.Closed(func(t *testing.T) ports.TaskRepository {
			store := open(t)
			if err := store.Close(); err != nil {
				t.Fatal(err)
			}
			return store
		}),
	)
}

// TestGuide holds the code that the guide shows to be code that runs: of the
// example, of the tests above, or of the adapter that was written from it. And
// it has to know of every field that a store keeps.
func TestGuide(t *testing.T) {
	var sources string
	for _, file := range []string{"example_test.go", "guide_test.go", "../bootstrap/testdata/boltstore/cmd/taskward/main.go"} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources += flat(string(text))
	}
	guide, err := parser.ParseFile(token.NewFileSet(), "doc.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	blocks := 0
	for _, block := range new(comment.Parser).Parse(guide.Doc.Text()).Content {
		code, ok := block.(*comment.Code)
		if !ok {
			continue
		}
		blocks++
		if !strings.Contains(sources, flat(code.Text)) {
			t.Errorf("the guide shows what no file has:\n%s", code.Text)
		}
	}
	if blocks == 0 {
		t.Error("the guide shows no code")
	}
	_, fields, _ := strings.Cut(guide.Doc.Text(), "Its fields, ")
	fields, _, _ = strings.Cut(fields, "A tombstone ")
	for field := range reflect.TypeFor[domain.Task]().Fields() {
		if !strings.Contains(fields, field.Name) {
			t.Errorf("the guide does not say how a store keeps the %s of a task", field.Name)
		}
	}
}

// flat is text without the white space at the ends of its lines.
func flat(text string) string {
	var flat strings.Builder
	for line := range strings.Lines(text) {
		flat.WriteString(strings.TrimSpace(line) + "\n")
	}
	return flat.String()
}
