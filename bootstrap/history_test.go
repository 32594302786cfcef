package bootstrap_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/bootstrap"
	"github.com/taskward/taskward/ports"
)

// TestSameHistorySameAnswers sends the same requests to a service on each
// store. The answers have to be the same, byte for byte but for the times.
func TestSameHistorySameAnswers(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out the tests that need PostgreSQL")
	}
	inMemory := bootstrap.Use[ports.TaskRepository](func(context.Context) (ports.TaskRepository, error) { return memory.NewTasks(), nil })
	services := map[string]string{
		"memory":     host(t, []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "unused.db")}, inMemory),
		"SQLite":     host(t, []string{"DATABASE_URL=sqlite:" + filepath.Join(t.TempDir(), "tasks.db")}),
		"PostgreSQL": host(t, []string{"DATABASE_URL=" + postgrestest.Database(t)}),
	}
	var histories atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		who := personWithID(t, fmt.Sprintf("history-%d", histories.Add(1)))
		history := slices.Concat(
			rapid.SliceOfN(rapid.Custom(drawCreate), 4, 8).Draw(rt, "beginning"),
			rapid.SliceOfN(rapid.Custom(drawRequest), 20, 40).Draw(rt, "history"),
		)
		for i, request := range history {
			answers := map[string][]string{}
			for store, address := range services {
				answers[store] = request.sendTo(t, client{address, who})
			}
			for _, store := range []string{"SQLite", "PostgreSQL"} {
				if diff := cmp.Diff(answers["memory"], answers[store]); diff != "" {
					rt.Fatalf("request %d, %s %s %s (-memory +%s):\n%s", i, request.method, request.path, request.body, store, diff)
				}
			}
		}
	})
}

// host runs a service within this process until the test ends and gives its URL.
func host(t *testing.T, settings []string, use ...bootstrap.Module) string {
	t.Helper()
	config, problems := bootstrap.ReadConfig(append(settings,
		"BETTER_AUTH_SECRET="+secret, "TASKWARD_ADDR=127.0.0.1:0", "TASKWARD_DRAIN_DELAY=1ns",
	))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	app, err := bootstrap.New(t.Context(), config, slog.New(slog.DiscardHandler), use...)
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(running) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return "http://" + app.Address().String()
}

// episode is a request in a history. Where its answer leads to a next one, that is
// sent, too.
type episode struct{ method, path, body, header string }

func (r episode) sendTo(t *testing.T, c client) []string {
	t.Helper()
	var answers []string
	for pages := 0; r.path != "" && pages < 20; pages++ {
		var headers []string
		if r.header != "" {
			headers = append(headers, r.header)
		}
		if strings.HasSuffix(r.path, "/import") {
			headers = append(headers, "Content-Type: application/x-ndjson")
		}
		answer := c.do(t, r.method, "/api/me"+r.path, r.body, headers...)
		answers = append(answers, canonical(answer))
		r.path = following(r, answer)
	}
	return answers
}

var (
	anyTime      = regexp.MustCompile(`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z`)
	anyRequestID = regexp.MustCompile(`"request_id":"[^"]+"`)
	nextToken    = regexp.MustCompile(`"next":"([^"]+)","more":true`)
)

func canonical(a answer) string {
	text := fmt.Sprintf("%d %s", a.status, anyRequestID.ReplaceAllString(anyTime.ReplaceAllString(a.body, "(time)"), "(request id)"))
	for _, name := range []string{"Content-Type", "ETag", "Location", "Link", "X-Total-Count", "Allow"} {
		text += "\n" + name + ": " + a.header.Get(name)
	}
	return text
}

// following is where the next page of an answer is, if there is one.
func following(r episode, a answer) string {
	if link := nextLink.FindStringSubmatch(a.header.Get("Link")); link != nil {
		return strings.TrimPrefix(link[1], "/api/me")
	}
	if token := nextToken.FindStringSubmatch(a.body); token != nil {
		path, query, _ := strings.Cut(r.path, "?")
		values, _ := url.ParseQuery(query) // we made it
		values.Set("since", token[1])
		return path + "?" + values.Encode()
	}
	return ""
}

func drawCreate(t *rapid.T) episode { return episode{"POST", "/tasks", drawDraft(t), ""} }

func drawRequest(t *rapid.T) episode {
	pick := func(of ...string) string { return rapid.SampledFrom(of).Draw(t, "choice") }
	id := fmt.Sprint(rapid.IntRange(1, 9).Draw(t, "id"))
	condition := ""
	if rapid.Bool().Draw(t, "conditional") {
		condition = fmt.Sprintf(`If-Match: "%d"`, rapid.IntRange(1, 15).Draw(t, "version"))
	}
	switch rapid.IntRange(0, 17).Draw(t, "kind") {
	case 0, 1, 2, 3:
		key := pick("", "", "", "Idempotency-Key: one", "Idempotency-Key: two")
		return episode{"POST", "/tasks", drawDraft(t), key}
	case 4, 5:
		return episode{pick("PUT", "PATCH"), "/tasks/" + id, drawMembers(t), condition}
	case 6:
		return episode{"PATCH", "/tasks/" + id + "/complete", pick("", "", `{"completed":true}`, `{"completed":false}`), condition}
	case 7, 8:
		return episode{"DELETE", "/tasks/" + id, "", condition}
	case 9:
		return episode{"GET", "/tasks/" + id, "", ""}
	case 10, 11, 12:
		return episode{"GET", "/tasks?" + drawQuery(t), "", pick("", "", `If-None-Match: "3"`)}
	case 13:
		return episode{"GET", "/trash?limit=" + pick("1", "2", "50"), "", ""}
	case 14:
		return episode{"POST", "/trash/" + id + "/restore", "", condition}
	case 15:
		return episode{"DELETE", pick("/trash/"+id, "/trash/"+id, "/trash/"+id, "/tasks?confirm=all"), "", ""}
	case 16:
		return episode{"GET", pick("/changes?limit=1", "/changes?limit=3", "/export"), "", ""}
	default:
		return episode{"POST", pick("/tasks/batch", "/import"), drawSeveral(t), pick("", "Idempotency-Key: three")}
	}
}

// field is a member or parameter that one in so many requests has, with one of
// the values.
type field struct {
	name   string
	often  int
	values []string
}

var memberFields = []field{
	{"title", 3, []string{`"Über"`, `"uber b"`, `"a"`, `"Zebra 🦓"`, `""`}},
	{"description", 4, []string{`null`, `""`, `"crème BRÛLÉE"`, `"  two\nlines "`}},
	{"completed", 4, []string{`true`, `false`}},
	{"priority", 4, []string{`"low"`, `"medium"`, `"high"`, `null`, `"urgent"`}},
	{"tags", 4, []string{`[]`, `null`, `["home"]`, `["home","garden"]`, `["a","a"]`}},
	{"due_date", 3, []string{`null`, `"2026-11-22"`, `"2026-11-22T01:30:00+02:00"`, `"1969-12-31"`, `"2026-13-01"`}},
	{"due_zone", 6, []string{`null`, `"Europe/Berlin"`, `"Mars/Olympus"`}},
	{"position", 4, []string{`{"before":1}`, `{"behind":2}`, `{"behind":8}`, `null`, `"4000000000000002"`}},
}

var queryFields = []field{
	{"status", 5, []string{"all", "pending", "completed"}},
	{"priority", 6, []string{"low", "high"}},
	{"tag", 6, []string{"home", "garden"}},
	{"due_after", 6, []string{"2026-11-22", "1900-01-01"}},
	{"due_before", 6, []string{"2026-11-22", "2100-01-01"}},
	{"updated_since", 6, []string{"2020-01-01", "2100-01-01T00:00:00Z"}},
	{"search", 6, []string{"UBER", "creme", "%", "🦓"}},
	{"sort", 1, []string{"created", "updated", "due", "priority", "title", "position"}},
	{"order", 2, []string{"asc", "desc"}},
	{"limit", 1, []string{"1", "2", "200"}},
	{"offset", 6, []string{"0", "1", "5"}},
	{"count", 3, []string{"true"}},
}

// draw gives a value, and false if the request is one without the field.
func (f field) draw(t *rapid.T) (string, bool) {
	if rapid.IntRange(1, f.often).Draw(t, "has "+f.name) > 1 {
		return "", false
	}
	return rapid.SampledFrom(f.values).Draw(t, f.name), true
}

func drawMembers(t *rapid.T) string {
	var members []string
	for _, field := range memberFields {
		if value, has := field.draw(t); has {
			members = append(members, fmt.Sprintf("%q:%s", field.name, value))
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// drawDraft draws members that mostly are enough for a task.
func drawDraft(t *rapid.T) string {
	members := drawMembers(t)
	if strings.Contains(members, `"title"`) {
		return members
	}
	return strings.Replace(strings.Replace(members, "{", `{"title":"task",`, 1), ",}", "}", 1)
}

func drawQuery(t *rapid.T) string {
	query := url.Values{}
	for _, field := range queryFields {
		if value, has := field.draw(t); has {
			query.Set(field.name, value)
		}
	}
	return query.Encode()
}

// drawSeveral draws what is a batch and, read line by line, an import.
func drawSeveral(t *rapid.T) string {
	if rapid.Bool().Draw(t, "lines") {
		return `{"title":"imported","created_at":"2001-02-03T04:05:06Z","completed":true,"tags":["home"]}` + "\n" + drawDraft(t)
	}
	var operations []string
	for range rapid.IntRange(1, 4).Draw(t, "operations") {
		id := rapid.IntRange(1, 9).Draw(t, "id")
		operations = append(operations, rapid.SampledFrom([]string{
			`{"op":"create","title":"in a batch","position":{"before":1}}`,
			fmt.Sprintf(`{"op":"update","id":%d,"priority":"high","position":{"behind":1}}`, id),
			fmt.Sprintf(`{"op":"update","id":%d,"title":"guarded","if_match":"\"4\""}`, id),
			fmt.Sprintf(`{"op":"complete","id":%d}`, id),
			fmt.Sprintf(`{"op":"delete","id":%d}`, id),
		}).Draw(t, "operation"))
	}
	return `{"operations":[` + strings.Join(operations, ",") + `]}`
}
