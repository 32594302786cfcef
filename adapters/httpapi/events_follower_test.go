package httpapi_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
)

// follower is a client that reads a stream of events as browsers do: HTML
// standard, section 9.2.6.
type follower struct {
	*http.Response
	t        testing.TB
	lines    *bufio.Reader
	name     string // of the event that is being read
	data     []string
	id       string
	lastID   string // with which to come back
	comments int
	leave    context.CancelFunc
}

type event struct{ name, id, data string }

// follow begins to read a stream as u.
func (h *hosted) follow(t testing.TB, path string, parts ...part) *follower {
	t.Helper()
	answer := h.ask(t, path, parts...)
	if answer.StatusCode != http.StatusOK {
		body, err := io.ReadAll(answer.Body)
		t.Fatalf("answered %d: %s, %v", answer.StatusCode, body, err)
	}
	return answer
}

// ask is follow for an answer that may be another.
func (h *hosted) ask(t testing.TB, path string, parts ...part) *follower {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://taskward"+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		part(request)
	}
	if request.Header.Get("Authorization") == "" {
		as("u")(request)
	}
	response, err := h.client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		leave()
		_ = response.Body.Close() // it may have been cut off
	})
	return &follower{Response: response, t: t, lines: bufio.NewReader(response.Body), leave: leave}
}

// next reads up to the next event, or to the end, which is io.EOF if it is one.
func (f *follower) next() (event, error) {
	for {
		line, err := f.lines.ReadString('\n')
		if err != nil {
			return event{}, errors.Join(err, f.Body.Close())
		}
		field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		value = strings.TrimPrefix(value, " ")
		switch {
		case field == "id":
			f.id = value
		case field == "event":
			f.name = value
		case field == "data":
			f.data = append(f.data, value)
		case field == "" && line != "\n":
			f.comments++
		case field == "":
			got := event{f.name, f.id, strings.Join(f.data, "\n")}
			f.lastID, f.name, f.data = f.id, "", nil
			return got, nil
		}
	}
}

// want reads the next event, which has to have this name.
func (f *follower) want(name string) event {
	f.t.Helper()
	got, err := f.next()
	if err != nil {
		f.t.Fatalf("instead of an event %s: %v", name, err)
	}
	if got.name != name {
		f.t.Fatalf("an event %s, want %s: %s", got.name, name, got.data)
	}
	return got
}

// wantEnd reads to the end, which has to come next and to be one.
func (f *follower) wantEnd() {
	f.t.Helper()
	if got, err := f.next(); !errors.Is(err, io.EOF) {
		f.t.Errorf("instead of the end: %+v %v", got, err)
	}
}

// changeData is what an event of a change tells.
type changeData struct {
	Type string
	Task task
	ID   int // of a task that was deleted
}

func (e event) change(t testing.TB) (got changeData) {
	t.Helper()
	if err := json.Unmarshal([]byte(e.data), &got); err != nil {
		t.Fatalf("%v: %s", err, e.data)
	}
	return got
}
