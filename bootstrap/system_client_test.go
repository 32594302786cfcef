package bootstrap_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// connections are made anew for each request: one that outlives a restart of the server would fail the next request by itself.
var connections = &http.Client{
	Timeout:       patience,
	Transport:     &http.Transport{DisableKeepAlives: true},
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// A client is one person's way to a server.
type client struct {
	url    string
	person person
}

func (s *server) as(p person) client {
	confidences.noteToken(p.token)
	return client{s.url, p}
}

// tasks is the path of the person's tasks.
func (c client) tasks() string { return "/api/" + url.PathEscape(c.person.id) + "/tasks" }

// task is the path of one of them.
func (c client) task(id int64) string { return fmt.Sprintf("%s/%d", c.tasks(), id) }

// send makes a request with the person's token and, if there is a body, as JSON. Headers are lines like "Prefer: handling=strict"; they
// replace what send would say of the same name.
func (c client) send(ctx context.Context, method, path, body string, headers ...string) (answer, error) {
	request, err := http.NewRequestWithContext(ctx, method, c.url+path, strings.NewReader(body))
	if err != nil {
		return answer{}, err
	}
	for _, line := range headers {
		name, value, _ := strings.Cut(line, ": ")
		request.Header.Add(name, value)
	}
	if request.Header["Authorization"] == nil && c.person.token != "" {
		request.Header.Set("Authorization", "Bearer "+c.person.token)
	}
	if request.Header["Content-Type"] == nil && body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	confidences.noteToken(strings.TrimPrefix(request.Header.Get("Authorization"), "Bearer "))
	confidences.noteBody(body)
	response, err := connections.Do(request)
	if err != nil {
		return answer{}, err
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	read, err := io.ReadAll(response.Body)
	return answer{method + " " + path, response.StatusCode, response.Header, string(read)}, err
}

// do is send for requests that have to be answered. It may be called from any goroutine.
func (c client) do(t *testing.T, method, path, body string, headers ...string) answer {
	t.Helper()
	answer, err := c.send(t.Context(), method, path, body, headers...)
	if err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	return answer
}

func (c client) get(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return c.do(t, "GET", path, "", headers...)
}

func (c client) post(t *testing.T, path, body string, headers ...string) answer {
	t.Helper()
	return c.do(t, "POST", path, body, headers...)
}

func (c client) put(t *testing.T, path, body string) answer {
	t.Helper()
	return c.do(t, "PUT", path, body)
}

func (c client) patch(t *testing.T, path, body string) answer {
	t.Helper()
	return c.do(t, "PATCH", path, body)
}

func (c client) delete(t *testing.T, path string, headers ...string) answer {
	t.Helper()
	return c.do(t, "DELETE", path, "", headers...)
}

// create makes a task of the person.
func (c client) create(t *testing.T, title string) task {
	t.Helper()
	body, err := json.Marshal(map[string]string{"title": title})
	if err != nil {
		t.Fatal(err)
	}
	return c.post(t, c.tasks(), string(body)).expect(t, 201).task(t)
}

var nextLink = regexp.MustCompile(`<([^>]+)>\s*;\s*rel="?next"?`)

// pages follows a list from its first page to the last, by its links.
func (c client) pages(t *testing.T, path string) [][]task {
	t.Helper()
	var pages [][]task
	for path != "" {
		answer := c.get(t, path).expect(t, 200)
		pages = append(pages, answer.tasks(t))
		path = ""
		if link := nextLink.FindStringSubmatch(answer.header.Get("Link")); link != nil {
			next, err := url.Parse(link[1])
			if err != nil {
				t.Fatalf("%s: next link: %v", answer.request, err)
			}
			path = next.RequestURI()
		}
		if len(pages) > 1000 {
			t.Fatalf("%s: the list has no end", answer.request)
		}
	}
	return pages
}

// allTasks lists all tasks of the person.
func (c client) allTasks(t *testing.T) []task {
	t.Helper()
	var all []task
	for _, page := range c.pages(t, c.tasks()) {
		all = append(all, page...)
	}
	return all
}
