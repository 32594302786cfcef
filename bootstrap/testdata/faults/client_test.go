package faults_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// longestWait is more than any request may take.
const longestWait = 20 * time.Second

var connections = &http.Client{
	Timeout:       longestWait,
	Transport:     &http.Transport{MaxIdleConnsPerHost: 64},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// A client is one person's way to a service.
type client struct {
	url    string
	person person
}

// An answer is a response, read to its end, or why there is none.
type answer struct {
	request string
	status  int // 0 without an answer
	header  http.Header
	body    string
	err     error
	took    time.Duration
}

// send makes a request with the person's token and, if there is a body, as JSON. Headers are lines like `If-Match: "1"`.
func (c client) send(ctx context.Context, method, path, body string, headers ...string) answer {
	began := time.Now()
	a := c.receive(ctx, method, path, body, headers)
	a.request, a.took = method+" "+path, time.Since(began)
	return a
}

func (c client) receive(ctx context.Context, method, path, body string, headers []string) answer {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return answer{err: err}
	}
	if c.person.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.person.token)
	}
	if body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Set(name, value)
	}
	response, err := connections.Do(request)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	read, err := io.ReadAll(response.Body)
	if err != nil {
		return answer{err: err}
	}
	return answer{status: response.StatusCode, header: response.Header, body: string(read)}
}

// failed tells whether the request got no answer, or one that says to try again.
func (a answer) failed() bool {
	switch a.status {
	case 0, http.StatusServiceUnavailable, http.StatusGatewayTimeout, http.StatusTooManyRequests:
		return true
	}
	return false
}

// malformed tells what is wrong with an answer that says to try again, nothing if it is in order.
func (a answer) malformed() string {
	var problem struct{ Code string }
	switch {
	case a.status == 0 || !a.failed():
		return ""
	case a.header.Get("Retry-After") == "" && a.status != http.StatusGatewayTimeout:
		return "no Retry-After"
	case a.header.Get("Content-Type") != "application/problem+json" || json.Unmarshal([]byte(a.body), &problem) != nil || problem.Code == "":
		return "no problem details"
	}
	return ""
}

func (a answer) String() string {
	if a.err != nil {
		return fmt.Sprintf("%s: %v", a.request, a.err)
	}
	return fmt.Sprintf("%s: %d %s", a.request, a.status, a.body)
}

func (a answer) expect(t *testing.T, status int) answer {
	t.Helper()
	if a.status != status {
		t.Fatalf("%v, want %d", a, status)
	}
	return a
}

// expectLater wants the answer that asks for patience.
func (a answer) expectLater(t *testing.T) {
	t.Helper()
	if flaw := a.malformed(); a.status != http.StatusServiceUnavailable || flaw != "" {
		t.Errorf("%v, want 503: %s", a, flaw)
	}
}

// A task is what the API says of one.
type task struct {
	ID          int64  `json:"id"`
	UserID      string `json:"user_id"`
	Title       string `json:"title"`
	Description string `json:"description"`
	Completed   bool   `json:"completed"`
	Version     int64  `json:"version"`
}

func (a answer) task() (task, error) {
	var t task
	err := json.Unmarshal([]byte(a.body), &t)
	return t, err
}

func (a answer) tasks() ([]task, error) {
	var t []task
	err := json.Unmarshal([]byte(a.body), &t)
	return t, err
}
