package httpapi_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// ndjson is a body of tasks, one a line.
func ndjson(lines ...string) part {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", "application/x-ndjson")
		content(strings.Join(lines, "\n"))(r)
	}
}

// exported are the tasks of an export.
func exported(s *service, user string) (tasks []task) {
	s.t.Helper()
	for line := range bytes.Lines(s.do("GET", "/api/me/export", as(user)).want(200).body) {
		tasks = append(tasks, (&answer{t: s.t, body: line}).task())
	}
	return tasks
}

// What an import has read is in memory until its end, so that there are not
// many at a time.
func TestImportsAreBounded(t *testing.T) {
	s := serve(t)
	begin := func(user string) func() {
		reading, end, ended := make(chan struct{}), make(chan struct{}), make(chan struct{})
		go func() {
			defer close(ended)
			s.do("POST", "/api/me/import", as(user), ndjson(), func(r *http.Request) {
				r.Body = io.NopCloser(io.MultiReader(onRead(func() { close(reading) }), onRead(func() { <-end }), strings.NewReader(`{"title":"milk"}`)))
			}).want(200)
		}()
		<-reading
		return func() {
			close(end)
			<-ended
		}
	}
	ends := []func(){begin("u")}
	again := s.do("POST", "/api/me/import", as("u"), ndjson(`{"title":"milk"}`))
	again.refused(429, "too_many_imports")
	for i := range 7 {
		ends = append(ends, begin(fmt.Sprintf("other %d", i)))
	}
	one := s.do("POST", "/api/me/import", as("v"), ndjson(`{"title":"milk"}`))
	one.refused(503, "imports_exhausted")
	for _, answer := range []*answer{again, one} {
		if wait := answer.Get("Retry-After"); wait != "10" {
			t.Errorf("Retry-After %q", wait)
		}
	}
	for _, end := range ends {
		end()
	}
	for _, user := range []string{"u", "v"} {
		s.do("POST", "/api/me/import", as(user), ndjson(`{"title":"milk"}`)).want(200)
	}
}

// onRead is an empty body that tells when it is read.
type onRead func()

func (f onRead) Read([]byte) (int, error) {
	f()
	return 0, io.EOF
}

func TestExport(t *testing.T) {
	s := assorted(t)
	s.do("DELETE", "/api/u/tasks/3", as("u")).want(204)
	for _, path := range []string{"/api/u/export", "/api/me/export/"} {
		answer := s.do("GET", path, as("u")).want(200)
		var lines [][]byte
		for line := range bytes.Lines(answer.body) {
			lines = append(lines, line)
		}
		for i, id := range []int{1, 2, 4, 5, 6} {
			want := string(s.do("GET", fmt.Sprintf("/api/u/tasks/%d", id), as("u")).want(200).body) + "\n"
			if len(lines) != 5 || string(lines[i]) != want {
				t.Fatalf("%s answered %s, where the line %d should be %s", path, answer.body, i, want)
			}
		}
		for name, want := range map[string]string{
			"Content-Type": "application/x-ndjson", "Content-Disposition": `attachment; filename="tasks.ndjson"`, "Vary": "Origin,Accept",
		} {
			if got := strings.Join(answer.Values(name), ","); got != want {
				t.Errorf("%s: %s: %q, want %q", path, name, got, want)
			}
		}
	}
	if nothing := s.do("GET", "/api/w/export", as("w")).want(200); len(nothing.body) > 0 {
		t.Errorf("who has nothing exported %s", nothing.body)
	}
}

func TestAnExportGoesOnBeyondAPage(t *testing.T) {
	s := serve(t)
	s.do("POST", "/api/u/import", as("u"), ndjson(strings.Repeat(`{"title":"x"}`+"\n", 1203))).want(200)
	tasks := exported(s, "u")
	for i, task := range tasks {
		if task.ID != i+1 {
			t.Fatalf("%d is where %d should be", task.ID, i+1)
		}
	}
	if len(tasks) != 1203 {
		t.Errorf("%d tasks", len(tasks))
	}
}

func TestAnExportIsInTheFormatThatIsAccepted(t *testing.T) {
	s := assorted(t)
	for accept, media := range map[string]string{
		"":                                  "application/x-ndjson",
		"*/*":                               "application/x-ndjson",
		"application/json":                  "application/x-ndjson",
		"application/x-ndjson":              "application/x-ndjson",
		"text/calendar":                     "text/calendar; charset=utf-8",
		"TEXT/Calendar":                     "text/calendar; charset=utf-8",
		"text/calendar;charset=utf-8":       "text/calendar; charset=utf-8",
		"text/calendar, */*;q=0.1":          "text/calendar; charset=utf-8",
		"text/html,text/calendar;q=0.9":     "text/calendar; charset=utf-8",
		"text/calendar;q=0":                 "application/x-ndjson",
		"text/calendar; Q=0.0":              "application/x-ndjson",
		"text/calendar; charset=utf-8; q=0": "application/x-ndjson",
		"text/calendar;q=NaN":               "application/x-ndjson",
		"text/calendar;q=0.5, application/x-ndjson":             "application/x-ndjson",
		"application/x-ndjson;q=0.5 , text/calendar;q=0.6":      "text/calendar; charset=utf-8",
		"text/calendar, application/x-ndjson":                   "application/x-ndjson",
		"text/calendars, xtext/calendar, \"text/calendar\", ;,": "application/x-ndjson",
	} {
		for _, method := range []string{"GET", "HEAD"} {
			answer := s.do(method, "/api/u/export", as("u"), header("Accept", accept)).want(200)
			if got := answer.Get("Content-Type"); got != media {
				t.Errorf("%s for %q: %s", method, accept, got)
			}
			file := `attachment; filename="tasks.ndjson"`
			if strings.HasPrefix(media, "text/calendar") {
				file = `attachment; filename="tasks.ics"`
			}
			if got := answer.Get("Content-Disposition"); got != file {
				t.Errorf("%s for %q: %s", method, accept, got)
			}
			if method == "HEAD" && len(answer.body) > 0 {
				t.Errorf("HEAD sent %s", answer.body)
			}
		}
	}
}

// breaking is a choice for a store that lists so many pages and then fails.
func breaking(pages int, err error) func(*setup) {
	return func(s *setup) {
		store := s.repository
		s.repository = repository{TaskRepository: store, list: func(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
			if pages--; pages < 0 {
				return domain.TaskPage{}, err
			}
			return store.List(ctx, owner, query)
		}}
	}
}

func TestAnExportThatCannotBeginIsAProblem(t *testing.T) {
	s := serve(t, breaking(0, domain.ErrUnavailable))
	answer := s.do("GET", "/api/u/export", as("u"))
	answer.refused(503, "unavailable")
	if answer.Get("Content-Disposition") != "" {
		t.Errorf("Content-Disposition %q", answer.Get("Content-Disposition"))
	}
}

func TestAnExportThatCannotGoOnIsCutOff(t *testing.T) {
	secret := errors.New("a disk is gone")
	store := memory.NewTasks()
	filling := serve(t, func(s *setup) { s.repository = store })
	filling.do("POST", "/api/u/import", as("u"), ndjson(strings.Repeat(`{"title":"a title"}`+"\n", 501))).want(200)
	for _, accept := range []string{"application/x-ndjson", "text/calendar"} {
		s := serve(t, func(s *setup) { s.repository = store }, breaking(1, secret))
		server := httptest.NewServer(s)
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/api/u/export", nil)
		if err != nil {
			t.Fatal(err)
		}
		as("u")(request)
		request.Header.Set("Accept", accept)
		response, err := server.Client().Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err := response.Body.Close(); err != nil {
			t.Error(err)
		}
		if response.StatusCode != http.StatusOK || err == nil || bytes.Contains(body, []byte("END:VCALENDAR")) {
			t.Errorf("%s: answered %d and %d bytes, which end with %v", accept, response.StatusCode, len(body), err)
		}
		server.Close()
		log := s.log.String()
		if !strings.Contains(log, "a disk is gone") || strings.Contains(log, "a title") {
			t.Errorf("logged %s", log)
		}
	}
}

func TestAnExportWaitsForItsTokenNoLongerThanAnyRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := serve(t, func(s *setup) {
			s.verifier = hanging{}
			s.options.Deadline = 3 * time.Second
		})
		start := time.Now()
		s.do("GET", "/api/u/export", as("u")).refused(503, "deadline_exceeded")
		if took := time.Since(start); took != 3*time.Second {
			t.Errorf("took %v", took)
		}
	})
}

// hanging is a verifier that comes to no end by itself.
type hanging struct{}

func (hanging) Verify(ctx context.Context, _ string) (domain.AuthenticatedUserContext, error) {
	<-ctx.Done()
	return domain.AuthenticatedUserContext{}, ctx.Err()
}

func TestAClientThatLeavesAnExportIsNoError(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	s := serve(t, func(s *setup) {
		s.repository = repository{TaskRepository: s.repository, list: func(ctx context.Context, _ domain.UserID, _ domain.TaskQuery) (domain.TaskPage, error) {
			leave()
			return domain.TaskPage{}, ctx.Err()
		}}
	})
	s.unheld().do("GET", "/api/u/export", as("u"), func(r *http.Request) { *r = *r.WithContext(ctx) })
	if line := s.log.last(t); line["level"] != "INFO" || line["code"] != "client_gone" {
		t.Errorf("logged %v", line)
	}
}

// imported is what an import answers.
type imported struct{ Records, Imported int }

func TestAnExportCanBeImported(t *testing.T) {
	for _, user := range []string{"/api/w", "/api/me"} {
		s := assorted(t)
		s.do("PATCH", "/api/u/tasks/6/complete", as("u")).want(200)
		s.create("w", "has the id 1 already")
		export := s.do("GET", "/api/u/export", as("u")).want(200).body
		var got imported
		s.do("POST", user+"/import", as("w"), ndjson(string(export))).want(200).decode(&got)
		if got != (imported{6, 6}) {
			t.Errorf("answered %+v", got)
		}
		originals, copies := exported(s, "u"), exported(s, "w")[1:]
		for i := range copies {
			if copies[i].UserID != "w" || copies[i].ID != i+2 || copies[i].Version != i+2 {
				t.Errorf("made %+v", copies[i])
			}
			copies[i].UserID, copies[i].ID, copies[i].Version = originals[i].UserID, originals[i].ID, originals[i].Version
		}
		if diff := cmp.Diff(originals, copies); diff != "" {
			t.Errorf("exported (-), imported (+):\n%s", diff)
		}
	}
}

func TestWhatAnImportTakesAndGives(t *testing.T) {
	s := serve(t)
	for _, media := range []string{"application/x-ndjson", "application/ndjson", "application/jsonl", "Application/X-NDJSON; charset=UTF-8"} {
		s.do("POST", "/api/u/import", as("u"), content(`{"title":"x"}`), header("Content-Type", media)).want(200)
	}
	body := "\n\r\n" + `{"title":"a","id":77,"user_id":"v","version":9,"deleted_at":"2020-01-01T00:00:00Z","starred":1}` + "\r\n \t\n" +
		`{"title":"b","completed":true,"completed_at":"2020-01-03T00:00:00+01:00","created_at":"2020-01-01T00:00:00Z","updated_at":"2020-01-02T00:00:00Z"}` + "\n" +
		`{"title":"c","completed":false,"completed_at":"2020-01-03T00:00:00Z","created_at":null,"updated_at":"2020-01-02T00:00:00Z"}` + "\n" +
		`{"title":"d","created_at":"2020-01-01T00:00:00.1234567Z","updated_at":"2019-01-01T00:00:00Z","position":"0000000000000007"}`
	var got imported
	s.do("POST", "/api/u/import", as("u"), ndjson(body)).want(200).decode(&got)
	if got != (imported{4, 4}) {
		t.Errorf("answered %+v", got)
	}
	tasks := exported(s, "u")[4:]
	var moments []string
	for _, task := range tasks {
		completed := "never"
		if task.CompletedAt != nil {
			completed = task.CompletedAt.Format(time.RFC3339Nano)
		}
		moments = append(moments, fmt.Sprintf("%s created %s updated %s completed %s", task.Title, task.CreatedAt.Format(time.RFC3339Nano), task.UpdatedAt.Format(time.RFC3339Nano), completed))
	}
	want := []string{
		"a created 2026-01-02T03:04:10.6789Z updated 2026-01-02T03:04:10.6789Z completed never",
		"b created 2020-01-01T00:00:00Z updated 2020-01-02T00:00:00Z completed 2020-01-02T23:00:00Z",
		"c created 2026-01-02T03:04:10.6789Z updated 2026-01-02T03:04:10.6789Z completed never",
		"d created 2020-01-01T00:00:00.123456Z updated 2020-01-01T00:00:00.123456Z completed never",
	}
	if diff := cmp.Diff(want, moments); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]int{8, 1, 2, 3, 4, 5, 6, 7}, order(s)); diff != "" {
		t.Error(diff)
	}
	if tasks[0].UserID != "u" || tasks[0].Version != 5 || tasks[0].DeletedAt != nil {
		t.Errorf("made %+v", tasks[0])
	}
}

func TestADryRunOfAnImport(t *testing.T) {
	s := serve(t)
	var got imported
	s.do("POST", "/api/u/import?dry_run=true", as("u"), ndjson(`{"title":"x"}`, `{"title":"y"}`)).want(200).decode(&got)
	if got != (imported{2, 0}) || state(s, "u") != "[][]" {
		t.Errorf("answered %+v and left %s", got, state(s, "u"))
	}
	for _, body := range []string{`{"title":" "}`, `{"title":"x","due_zone":"UTC"}`, `{"title":"x","created_at":"x"}`} {
		wet, dry := s.do("POST", "/api/u/import?dry_run=false", as("u"), ndjson(body)), s.do("POST", "/api/u/import?dry_run=true", as("u"), ndjson(body))
		if a, b := wet.refused(422, "validation_failed"), dry.refused(422, "validation_failed"); a.Detail != b.Detail {
			t.Errorf("%s: %q, and in a dry run %q", body, a.Detail, b.Detail)
		}
	}
}

func TestImportsAtFault(t *testing.T) {
	s := serve(t)
	good := `{"title":"good"}`
	for name, test := range map[string]struct {
		body   part
		fields string
	}{
		"no title":             {ndjson(good, `{}`), "records/1/title"},
		"blank lines between":  {ndjson("", good, "", "", `{"title":5}`), "records/1/title"},
		"several":              {ndjson(`{"title":" "}`, good, `{"title":"x","priority":"y","tags":["a","a"]}`), "records/0/title records/2/priority records/2/tags"},
		"types before limits":  {ndjson(`{"title":" "}`, `{"title":5}`), "records/1/title"},
		"a date for a time":    {ndjson(`{"title":"x","created_at":"2020-01-01","updated_at":"x","completed_at":5}`), "records/0/created_at records/0/updated_at records/0/completed_at"},
		"a time beyond":        {ndjson(`{"title":"x","created_at":"9999-12-31T23:59:59-00:01"}`), "records/0/created_at"},
		"a time before":        {ndjson(`{"title":"x","created_at":"0001-01-01T00:00:00+00:01"}`), "records/0/created_at"},
		"a position":           {ndjson(`{"title":"x","position":"y"}`), "records/0/position"},
		"a place that is none": {ndjson(`{"title":"x","position":{"before":9}}`), "position"},
		"a zone":               {ndjson(`{"title":"x","due_zone":"UTC"}`), "records/0/due_zone"},
		"an array":             {ndjson(good, `[]`), "body"},
		"null":                 {ndjson(`null`), "body"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := s.do("POST", "/api/u/import", as("u"), test.body).refused(422, "validation_failed").fields(); got != test.fields {
				t.Errorf("found fault with %q, want %q", got, test.fields)
			}
		})
	}
	for query, fields := range map[string]string{"dry_run=1": "dry_run", "dry_run=true&dry_run=true": "dry_run"} {
		if got := s.do("POST", "/api/u/import?"+query, as("u"), ndjson(good)).refused(422, "validation_failed").fields(); got != fields {
			t.Errorf("%s: found fault with %q", query, got)
		}
		if got := s.do("POST", "/api/u/import?"+query, as("u"), ndjson(`{"title":1}`)).refused(422, "validation_failed").fields(); got != "records/0/title "+fields {
			t.Errorf("%s: found fault with %q", query, got)
		}
	}
	strict := s.do("POST", "/api/u/import?x=1", as("u"), header("Prefer", "handling=strict"), ndjson(good, `{"title":"x","starred":1}`)).refused(422, "validation_failed")
	if strict.fields() != "records/1/starred x" {
		t.Errorf("found fault with %q", strict.fields())
	}
	if state(s, "u") != "[][]" {
		t.Errorf("refused imports left %s", state(s, "u"))
	}
}

func TestAnImportNamesTheLineThatIsNoJSON(t *testing.T) {
	s := serve(t)
	good := `{"title":"good"}`
	for detail, body := range map[string]part{
		"Line 1: The body is not valid JSON.":             ndjson("\ufeff" + good),
		"Line 2: The body is not valid JSON.":             ndjson(good, `{"title":"x"`),
		"Line 4: The body is not valid JSON.":             ndjson("", good, " ", "{\"title\":\"\xff\"}"),
		"Line 3: The body names a member twice.":          ndjson(good, good, `{"title":"x","title":"y"}`),
		"Line 1: The body goes on after its JSON value.":  ndjson(good + good),
		"Line 2: The body is nested too deeply.":          ndjson(good, `{"title":"x","x":`+strings.Repeat("[", 40)),
		"This needs a body: a task in JSON on each line.": ndjson("", " ", "\t"),
		"The body did not arrive as announced.": func(r *http.Request) {
			ndjson()(r)
			r.Body = io.NopCloser(io.MultiReader(strings.NewReader(good+"\n"), brokenReader{}))
		},
	} {
		answer := s.do("POST", "/api/u/import", as("u"), body).want(400)
		if got := answer.problem().Detail; got != detail {
			t.Errorf("%q, want %q", got, detail)
		}
	}
	if state(s, "u") != "[][]" {
		t.Errorf("refused imports left %s", state(s, "u"))
	}
}

func TestImportsThatAreTooLarge(t *testing.T) {
	s := serve(t)
	line := `{"title":"x"}`
	padded := func(size int) string { return line[:12] + strings.Repeat(" ", size-len(line)) + "}" }
	for name, body := range map[string]part{
		"a line":                ndjson(line, padded(64<<10)),
		"a line without an end": ndjson(strings.Repeat("x", 70<<10)),
		"tasks":                 ndjson(strings.Repeat(line+"\n", 10_001)),
		"all of it":             ndjson(strings.Repeat(padded(60<<10)+"\n", 280)),
	} {
		t.Run(name, func(t *testing.T) {
			s.do("POST", "/api/u/import", as("u"), body).refused(413, "body_too_large")
		})
	}
	if state(s, "u") != "[][]" {
		t.Errorf("refused imports left %s", state(s, "u"))
	}
	s.do("POST", "/api/u/import?dry_run=true", as("u"), ndjson(strings.Repeat(line+"\n", 10_000))).want(200)
	s.do("POST", "/api/u/import", as("u"), ndjson(padded(64<<10-1))).want(200)
	// Who breaks a thousand rules is not told of each.
	for _, record := range []string{`{"title":5}`, `{"title":" "}`, `{"title":"x","position":{"before":99999}}`} {
		refusal := s.do("POST", "/api/u/import", as("u"), ndjson(strings.Repeat(record+"\n", 1000)))
		if refusal.want(422); len(refusal.body) > 64<<10 {
			t.Errorf("%s: answered %d bytes", record, len(refusal.body))
		}
	}
}

func TestImportsThatAreNotAnnouncedAsNDJSON(t *testing.T) {
	s := serve(t)
	for _, media := range []string{"", "application/json", "text/plain", "application/x-ndjson; charset=latin1", "application/x-ndjson, text/plain", "multipart/form-data"} {
		s.do("POST", "/api/u/import", as("u"), content(`{"title":"x"}`), header("Content-Type", media)).refused(415, "unsupported_media_type")
	}
	s.do("POST", "/api/u/import", as("u"), ndjson(`{"title":"x"}`), header("Content-Encoding", "gzip")).refused(415, "unsupported_media_type")
	s.do("POST", "/api/u/import", as("u"), content(`{"title":"x"}`)).refused(415, "unsupported_media_type")
}
