package httpapi_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"flag"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/google/go-cmp/cmp"
	"github.com/oasdiff/yaml"
)

var update = flag.Bool("update", false, "write openapi.json anew")

// document is the description as it is in the repository.
var document = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromFile("openapi.yaml")
	if err != nil {
		return nil, err
	}
	for _, media := range []string{"application/x-ndjson", "text/calendar"} {
		openapi3filter.RegisterBodyDecoder(media, openapi3filter.PlainBodyDecoder)
	}
	return doc, doc.Validate(openapi3.NewLoader().Context)
})

// hold fails the test if openapi.yaml does not allow the answer.
func (s *service) hold(request *http.Request, status int, header http.Header, body []byte) {
	s.t.Helper()
	doc, err := document()
	if err != nil {
		s.t.Fatal(err)
	}
	item := pathItem(doc, request.URL.EscapedPath())
	operation := operationOf(item, request.Method)
	switch {
	case operation != nil:
	case status >= http.StatusBadRequest: // 404 and 405 belong to no operation
		operation = &openapi3.Operation{Responses: openapi3.NewResponses(
			openapi3.WithStatus(status, doc.Components.Responses["NotFound"]),
		)}
	case request.Method == http.MethodOptions:
		return
	default:
		s.t.Errorf("%s %s answered %d and is not in openapi.yaml", request.Method, request.URL.Path, status)
		return
	}
	err = openapi3filter.ValidateResponse(request.Context(), &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{
			Request: request,
			Route:   &routers.Route{Spec: doc, PathItem: item, Method: request.Method, Operation: operation},
		},
		Status:  status,
		Header:  header,
		Body:    io.NopCloser(bytes.NewReader(decoded(s.t, header, body))),
		Options: &openapi3filter.Options{IncludeResponseStatus: true},
	})
	if err != nil {
		reason, _, _ := strings.Cut(err.Error(), "\n")
		s.t.Errorf("%s %s answered %d: %s", request.Method, request.URL.Path, status, reason)
	}
}

// decoded is a body as it was before it was compressed.
func decoded(t testing.TB, header http.Header, body []byte) []byte {
	t.Helper()
	if header.Get("Content-Encoding") != "gzip" || len(body) == 0 {
		return body
	}
	reader, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// pathItem is the one that path, without a trailing slash, belongs to, or nil.
// A literal segment wins over a parameter.
func pathItem(doc *openapi3.T, path string) *openapi3.PathItem {
	segments := strings.Split(path, "/")
	var best string
	for _, template := range doc.Paths.Keys() {
		parts := strings.Split(template, "/")
		if slices.EqualFunc(segments, parts, func(segment, part string) bool {
			return segment == part || segment != "" && strings.HasPrefix(part, "{")
		}) && (best == "" || strings.Count(template, "{") < strings.Count(best, "{")) {
			best = template
		}
	}
	return doc.Paths.Value(best)
}

func operationOf(item *openapi3.PathItem, method string) *openapi3.Operation {
	if item == nil {
		return nil
	}
	if method == http.MethodHead {
		method = http.MethodGet
	}
	return item.Operations()[method]
}

func TestOpenAPIDescribesExactlyTheRoutes(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for path, item := range doc.Paths.Map() {
		for method := range item.Operations() {
			described[method+" "+path] = true
			if method == http.MethodGet {
				described["HEAD "+path] = true
			}
		}
	}
	served := map[string]bool{}
	for _, route := range serve(t, ownKeys, withPage).Routes() {
		served[route.Method+" "+braced(route.Path)] = true
	}
	if diff := cmp.Diff(slices.Sorted(maps.Keys(described)), slices.Sorted(maps.Keys(served))); diff != "" {
		t.Errorf("described (-) and served (+) differ:\n%s", diff)
	}
}

// braced writes Echo's :parameter as OpenAPI's {parameter}.
func braced(path string) string {
	segments := strings.Split(path, "/")
	for i, segment := range segments {
		if name, ok := strings.CutPrefix(segment, ":"); ok {
			segments[i] = "{" + name + "}"
		}
	}
	return strings.Join(segments, "/")
}

func TestOpenAPIDescribesExactlyTheParametersOfLists(t *testing.T) {
	doc, err := document()
	if err != nil {
		t.Fatal(err)
	}
	s := serve(t)
	for _, path := range []string{"/api/{user_id}/tasks", "/api/me/tasks"} {
		described := map[string]bool{}
		for _, parameter := range doc.Paths.Value(path).Get.Parameters {
			if parameter.Value.In == openapi3.ParameterInQuery {
				described[parameter.Value.Name] = true
			}
		}
		for _, name := range []string{
			"status", "completed", "priority", "tag", "due_after", "due_before", "updated_since", "search",
			"sort", "sort_by", "order", "sort_order", "limit", "cursor", "offset", "skip", "count", "page", "user_id",
		} {
			// A value that no parameter takes: the answer tells whether its name is known.
			refusal := s.do("GET", "/api/me/tasks?"+name+"=%00", as("u"), header("Prefer", "handling=strict")).want(422)
			known := !bytes.Contains(refusal.body, []byte("is not known here"))
			if known != described[name] {
				t.Errorf("%s of %s: known %t, described %t", name, path, known, described[name])
			}
			delete(described, name)
		}
		if len(described) > 0 {
			t.Errorf("%s: the test does not know of %v", path, slices.Collect(maps.Keys(described)))
		}
	}
}

func TestOpenAPIIsServed(t *testing.T) {
	s := serve(t)
	for path, file := range map[string]string{"/openapi.yaml": "openapi.yaml", "/openapi.json": "openapi.json"} {
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.do("GET", path).want(200).body; !bytes.Equal(got, want) {
			t.Errorf("%s is not the file %s", path, file)
		}
	}
}

// TestOpenAPIJSON is what `go generate` runs, with -update, too.
func TestOpenAPIJSON(t *testing.T) {
	source, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	compact, err := yaml.YAMLToJSON(source)
	if err != nil {
		t.Fatal(err)
	}
	var want bytes.Buffer
	if err := json.Indent(&want, compact, "", "  "); err != nil {
		t.Fatal(err)
	}
	want.WriteByte('\n')
	if *update {
		if err := os.WriteFile("openapi.json", want.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile("openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want.Bytes()) {
		t.Error("openapi.json is not what openapi.yaml says: run go generate ./adapters/httpapi")
	}
}

// TestHoldBites shows that an answer which openapi.yaml does not allow fails a
// test: the guard above would otherwise be worth nothing.
func TestHoldBites(t *testing.T) {
	plain := http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"r"}, "Etag": {`"7"`}}
	task := `{"id":1,"user_id":"u","title":"t","description":null,"completed":false,"completed_at":null,` +
		`"priority":"low","tags":[],"due_date":null,"due_zone":null,"position":"4000000000000001","version":7,` +
		`"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:05Z"}`
	for name, wrong := range map[string]struct {
		status int
		header http.Header
		body   string
	}{
		"id as a string":          {200, plain, strings.Replace(task, `1`, `"1"`, 1)},
		"time not in UTC":         {200, plain, strings.Replace(task, `05Z`, `05+02:00`, 1)},
		"no description":          {200, plain, strings.Replace(task, `"description":null,`, ``, 1)},
		"status not described":    {202, plain, task},
		"media type of a problem": {200, http.Header{"Content-Type": {"application/problem+json"}, "X-Request-Id": {"r"}}, task},
		"no request id":           {200, http.Header{"Content-Type": {"application/json"}, "Etag": {`"7"`}}, task},
		"no entity tag":           {200, http.Header{"Content-Type": {"application/json"}, "X-Request-Id": {"r"}}, task},
		"due on no date":          {200, plain, strings.Replace(task, `"due_date":null`, `"due_date":"tomorrow"`, 1)},
		"a priority of ours":      {200, plain, strings.Replace(task, `"low"`, `"urgent"`, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			watched := &witness{TB: t}
			(&service{t: watched}).hold(httptest.NewRequestWithContext(t.Context(), "GET", "/api/u/tasks/1", nil), wrong.status, wrong.header, []byte(wrong.body))
			if !watched.failed {
				t.Error("was let through")
			}
		})
	}
	watched := &witness{TB: t}
	(&service{t: watched}).hold(httptest.NewRequestWithContext(t.Context(), "GET", "/api/u/tasks/1", nil), 200, plain, []byte(task))
	if watched.failed {
		t.Error("a right answer was not let through")
	}
}

// witness notes that a test would have failed.
type witness struct {
	testing.TB
	failed bool
}

func (w *witness) Errorf(string, ...any) { w.failed = true }
