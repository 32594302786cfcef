package httpapi_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/httpapi"
)

// writes are the requests that take a body.
var writes = []struct{ method, path string }{
	{"POST", "/api/u/tasks"},
	{"PUT", "/api/u/tasks/1"},
	{"PATCH", "/api/u/tasks/1"},
	{"PATCH", "/api/u/tasks/1/complete"},
}

func TestBodiesThatAreNotJSON(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for name, body := range map[string]string{
		"white space":        " \n",
		"truncated":          `{"title":"milk`,
		"half an object":     `{"title":"milk"`,
		"trailing data":      `{"title":"milk"}{}`,
		"trailing text":      `{"title":"milk"} x`,
		"two values":         `{} {}`,
		"a member twice":     `{"title":"milk","title":"bread"}`,
		"same name escaped":  `{"title":"milk","t\u0069tle":"bread"}`,
		"twice further down": `{"title":"milk","x":{"a":1,"a":2}}`,
		"not UTF-8":          "{\"title\":\"\xff\"}",
		"UTF-16":             "\xff\xfe{\x00}\x00",
		"byte order mark":    "\ufeff{}",
		"lone surrogate":     `{"title":"\ud800"}`,
		"reversed pair":      `{"title":"\udc00\ud800"}`,
		"raw control":        "{\"title\":\"a\tb\"}",
		"raw NUL":            "{\"title\":\"a\x00b\"}",
		"comment":            `{"title":"milk"/**/}`,
		"trailing comma":     `{"title":"milk",}`,
		"single quotes":      `{'title':'milk'}`,
		"NaN":                `{"title":"milk","x":NaN}`,
		"a form":             `title=milk`,
		"nested too deeply":  `{"title":"milk","x":` + strings.Repeat("[", 32) + strings.Repeat("]", 32) + `}`,
		"nested for ever":    `{"title":"milk","x":` + strings.Repeat("[", 60_000),
	} {
		for _, write := range writes {
			t.Run(name+"/"+write.method+write.path, func(t *testing.T) {
				s.do(write.method, write.path, as("u"), raw(body)).refused(400, "invalid_json")
			})
		}
	}
	deep := `{"title":"milk","x":` + strings.Repeat("[", 31) + strings.Repeat("]", 31) + `}`
	s.do("POST", "/api/u/tasks", as("u"), raw(deep)).want(201)
}

func TestPeopleAreToldWhatIsWrongWithABody(t *testing.T) {
	s := serve(t)
	for body, detail := range map[string]string{
		`{`:                     "The body is not valid JSON.",
		`{"a":1,"a":1}`:         "The body names a member twice.",
		`{}{}`:                  "The body goes on after its JSON value.",
		strings.Repeat("[", 33): "The body is nested too deeply.",
	} {
		if got := s.do("POST", "/api/u/tasks", as("u"), raw(body)).refused(400, "invalid_json").Detail; got != detail {
			t.Errorf("%s: %q, want %q", body, got, detail)
		}
	}
	for body, detail := range map[string]string{
		`[]`:                               "body must be a JSON object",
		`{}`:                               "title is required",
		`{"title":null,"completed":"yes"}`: "title must be a string; completed must be true or false",
	} {
		if got := s.do("POST", "/api/u/tasks", as("u"), raw(body)).refused(422, "validation_failed").Detail; got != detail {
			t.Errorf("%s: %q, want %q", body, got, detail)
		}
	}
}

func TestBodiesThatAreJSONButWrong(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for body, fields := range map[string]string{
		`null`:                         "body",
		`[]`:                           "body",
		`[{"title":"milk"}]`:           "body",
		`"milk"`:                       "body",
		`42`:                           "body",
		` true `:                       "body",
		`{"title":null}`:               "title",
		`{"title":5}`:                  "title",
		`{"title":["milk"]}`:           "title",
		`{"title":{"text":"milk"}}`:    "title",
		`{"title":""}`:                 "title",
		`{"title":" \t\u00a0\u200b "}`: "title",
		`{"title":"a\u0000b"}`:         "title",
		`{"title":"a\nb"}`:             "title",
		`{"title":"` + strings.Repeat("é", 201) + `"}`:                       "title",
		`{"title":"milk","description":"a\u0000b"}`:                          "description",
		`{"title":"milk","description":7}`:                                   "description",
		`{"title":"milk","description":"` + strings.Repeat("é", 1001) + `"}`: "description",
		`{"title":"milk","completed":"yes"}`:                                 "completed",
		`{"title":"milk","completed":null}`:                                  "completed",
		`{"title":"milk","completed":1}`:                                     "completed",
		`{"title":false,"description":false,"completed":[]}`:                 "title description completed",
		`{"title":" ","description":"` + strings.Repeat("x", 1001) + `"}`:    "title description",
	} {
		for _, write := range writes {
			if strings.HasSuffix(write.path, "complete") && fields != "body" {
				continue // takes no title and no description
			}
			t.Run(fmt.Sprintf("%.40s/%s", body, write.method), func(t *testing.T) {
				refusal := s.do(write.method, write.path, as("u"), raw(body)).refused(422, "validation_failed")
				if refusal.fields() != fields {
					t.Errorf("found fault with %q, want %q", refusal.fields(), fields)
				}
				for _, fault := range refusal.Errors {
					if !strings.Contains(refusal.Detail, fault.Field+" "+fault.Detail) {
						t.Errorf("detail %q does not tell of %v", refusal.Detail, fault)
					}
				}
			})
		}
	}
	if fields := s.do("POST", "/api/u/tasks", as("u"), raw(`{}`)).refused(422, "validation_failed").fields(); fields != "title" {
		t.Errorf("a draft without a title: found fault with %q", fields)
	}
	if got := s.do("GET", "/api/u/tasks", as("u")).ids(); len(got) != 1 {
		t.Errorf("refused bodies left tasks %v", got)
	}
	if got := s.do("GET", "/api/u/tasks/1", as("u")).task(); got.Title != "milk" || !got.CreatedAt.Equal(got.UpdatedAt) {
		t.Errorf("refused bodies left %+v", got)
	}
}

func TestTextsAtTheirLimits(t *testing.T) {
	s := serve(t)
	title, description := strings.Repeat("𝄞", 200), strings.Repeat("\n", 999)+"𝄞"
	got := s.do("POST", "/api/u/tasks", as("u"), sending(map[string]any{"title": title, "description": description})).want(201).task()
	if got.Title != title || *got.Description != description {
		t.Errorf("got %+v", got)
	}
}

func TestAMissingBody(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for _, write := range writes[:3] {
		s.do(write.method, write.path, as("u")).refused(400, "body_missing")
		s.do(write.method, write.path, as("u"), header("Content-Type", "application/json")).refused(400, "body_missing")
		s.do(write.method, write.path, as("u"), header("Content-Type", "text/plain")).refused(400, "body_missing")
	}
}

func TestBodiesThatAreNotAnnouncedAsJSON(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	for name, headers := range map[string]http.Header{
		"nothing":       {},
		"text":          {"Content-Type": {"text/plain"}},
		"a form":        {"Content-Type": {"application/x-www-form-urlencoded"}},
		"text that is":  {"Content-Type": {"text/json"}},
		"json-like":     {"Content-Type": {"application/jsonp"}},
		"patch":         {"Content-Type": {"application/json-patch+json"}},
		"broken":        {"Content-Type": {"application/json; charset"}},
		"latin":         {"Content-Type": {"application/json; charset=iso-8859-1"}},
		"two":           {"Content-Type": {"application/json", "application/json"}},
		"wrapped":       {"Content-Type": {"application/json"}, "Content-Encoding": {"gzip"}},
		"comma":         {"Content-Type": {"application/json, text/plain"}},
		"charset twice": {"Content-Type": {"application/json; charset=utf-8; charset=latin1"}},
	} {
		for _, write := range writes {
			t.Run(name+"/"+write.method+write.path, func(t *testing.T) {
				for _, body := range []string{`{"title":"milk"}`, `x`, strings.Repeat("x", 65<<10)} {
					s.do(write.method, write.path, as("u"), content(body), func(r *http.Request) { r.Header = merged(r.Header, headers) }).
						refused(415, "unsupported_media_type")
				}
			})
		}
	}
}

func merged(a, b http.Header) http.Header {
	for name, values := range b {
		a[name] = values
	}
	return a
}

func TestBodiesThatAreTooLarge(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	padded := func(size int) string {
		return `{"title":"milk"` + strings.Repeat(" ", size-len(`{"title":"milk"}`)) + `}`
	}
	s.do("POST", "/api/u/tasks", as("u"), raw(padded(64<<10))).want(201)
	for _, write := range writes {
		s.do(write.method, write.path, as("u"), raw(padded(64<<10+1))).refused(413, "body_too_large")
		s.do(write.method, write.path, as("u"), raw(padded(65<<10))).refused(413, "body_too_large")
		chunked := func(r *http.Request) { r.ContentLength = -1 }
		s.do(write.method, write.path, as("u"), raw(padded(65<<10)), chunked).refused(413, "body_too_large")
	}
	small := serve(t, func(s *setup) { s.options.BodyLimit = 20 })
	small.do("POST", "/api/u/tasks", as("u"), raw(padded(20))).want(201)
	small.do("POST", "/api/u/tasks", as("u"), raw(padded(21))).refused(413, "body_too_large")
}

func TestAChunkedBodyMayTurnOutEmpty(t *testing.T) {
	s := serve(t)
	s.create("u", "milk")
	chunked := func(r *http.Request) { r.Body, r.ContentLength = io.NopCloser(strings.NewReader("")), -1 }
	if !s.do("PATCH", "/api/u/tasks/1/complete", as("u"), chunked).want(200).task().Completed {
		t.Error("not toggled")
	}
	s.do("POST", "/api/u/tasks", as("u"), chunked).refused(400, "body_missing")
}

func TestABodyThatBreaksOff(t *testing.T) {
	s := serve(t)
	broken := func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"title"`), brokenReader{}))
		r.ContentLength = 100
	}
	s.do("POST", "/api/u/tasks", as("u"), broken).refused(400, "body_unreadable")
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestABodyIsNotReadForAStranger(t *testing.T) {
	s := serve(t)
	for name, parts := range map[string][]part{
		"no token":      {},
		"a bad token":   {header("Authorization", "Bearer x")},
		"another token": {as("v")},
	} {
		body := &meter{Reader: bytes.NewReader([]byte(`{"title":"milk"}`))}
		for _, write := range writes {
			s.do(write.method, write.path, append(parts, func(r *http.Request) { r.Body, r.ContentLength = body, 16 })...)
		}
		if body.read > 0 {
			t.Errorf("%s: %d bytes were read", name, body.read)
		}
	}
}

// meter counts what is read of a body.
type meter struct {
	io.Reader
	read int
}

func (m *meter) Read(p []byte) (int, error) {
	n, err := m.Reader.Read(p)
	m.read += n
	return n, err
}

func (*meter) Close() error { return nil }

func TestOptionsThatMakeNoSense(t *testing.T) {
	for name, options := range map[string]httpapi.Options{
		"body limit":  {BodyLimit: -1},
		"deadline":    {Deadline: -1},
		"drain delay": {DrainDelay: -1},
		"connections": {Connections: -1},
	} {
		if _, err := httpapi.New(nil, nil, nil, nil, options); err == nil {
			t.Errorf("a negative %s was taken", name)
		}
	}
}
