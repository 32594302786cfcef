package bootstrap_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// An answer is a response, read to its end.
type answer struct {
	request string // method and path, for messages
	status  int
	header  http.Header
	body    string
}

func (a answer) expect(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%s: status %d, want %d: %s", a.request, a.status, status, a.body)
	}
	return a
}

// A task is what the API says of one.
type task struct {
	ID          int64     `json:"id"`
	UserID      string    `json:"user_id"`
	Title       string    `json:"title"`
	Description *string   `json:"description"`
	Completed   bool      `json:"completed"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func (a answer) task(t *testing.T) task {
	t.Helper()
	a.expectJSON(t)
	return parseTask(t, []byte(a.body))
}

func (a answer) tasks(t *testing.T) []task {
	t.Helper()
	a.expectJSON(t)
	var elements []json.RawMessage
	if err := json.Unmarshal([]byte(a.body), &elements); err != nil || elements == nil {
		t.Fatalf("%s: not an array (%v): %s", a.request, err, a.body)
	}
	tasks := make([]task, len(elements))
	for i, element := range elements {
		tasks[i] = parseTask(t, element)
	}
	return tasks
}

func (a answer) expectJSON(t *testing.T) {
	t.Helper()
	if got := a.header.Get("Content-Type"); got != "application/json" && got != "application/json; charset=UTF-8" {
		t.Errorf("%s: Content-Type %q", a.request, got)
	}
}

func parseTask(t *testing.T, text []byte) task {
	t.Helper()
	var members map[string]any
	var parsed task
	if err := json.Unmarshal(text, &members); err != nil {
		t.Fatalf("not a task (%v): %s", err, text)
	}
	if err := json.Unmarshal(text, &parsed); err != nil {
		t.Fatalf("not a task (%v): %s", err, text)
	}
	for _, name := range []string{"id", "user_id", "title", "description", "completed", "created_at", "updated_at"} {
		if _, there := members[name]; !there {
			t.Errorf("a task without %s: %s", name, text)
		}
	}
	for _, name := range []string{"created_at", "updated_at"} {
		if moment, ok := members[name].(string); !ok || !strings.HasSuffix(moment, "Z") {
			t.Errorf("%s is not in UTC: %s", name, text)
		}
	}
	return parsed
}

// A user is what the API says of one.
type user struct {
	ID    string `json:"id"`
	Email string `json:"email"`
	Name  string `json:"name"`
}

func (a answer) user(t *testing.T) user {
	t.Helper()
	a.expectJSON(t)
	var parsed user
	if err := json.Unmarshal([]byte(a.body), &parsed); err != nil {
		t.Fatalf("%s: not a user (%v): %s", a.request, err, a.body)
	}
	return parsed
}

// A problem is an answer of RFC 9457, with Taskward's own members.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	Code      string `json:"code"`
	RequestID string `json:"request_id"`
	Errors    []struct {
		Field  string `json:"field"`
		Detail string `json:"detail"`
	} `json:"errors"`
}

var stableCode = regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)

// expectProblem wants an answer of RFC 9457 with one of the statuses.
func (a answer) expectProblem(t *testing.T, statuses ...int) problem {
	t.Helper()
	var p problem
	if !slices.Contains(statuses, a.status) {
		t.Fatalf("%s: status %d, want %v: %s", a.request, a.status, statuses, a.body)
	}
	if got := a.header.Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("%s: Content-Type %q of a problem", a.request, got)
	}
	if err := json.Unmarshal([]byte(a.body), &p); err != nil {
		t.Fatalf("%s: not a problem (%v): %s", a.request, err, a.body)
	}
	if p.Type == "" || p.Title == "" || p.Detail == "" || p.Status != a.status || !stableCode.MatchString(p.Code) ||
		p.RequestID == "" || p.RequestID != a.header.Get("X-Request-Id") {
		t.Errorf("%s: an incomplete problem: %s (X-Request-Id %q)", a.request, a.body, a.header.Get("X-Request-Id"))
	}
	for _, violation := range p.Errors {
		if violation.Field == "" || violation.Detail == "" {
			t.Errorf("%s: an incomplete violation: %s", a.request, a.body)
		}
	}
	if a.status == 401 && a.header.Get("WWW-Authenticate") == "" {
		t.Errorf("%s: 401 without a challenge", a.request)
	}
	return p
}

// expectSameProblem wants two problems that differ in nothing but the request.
func expectSameProblem(t *testing.T, one, other problem) {
	t.Helper()
	one.RequestID, other.RequestID = "", ""
	if diff := cmp.Diff(one, other); diff != "" {
		t.Errorf("the answers tell the two apart:\n%s", diff)
	}
}
