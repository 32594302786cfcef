package bootstrap_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// SIGTERM: first /readyz says that no more requests should come, then none are taken, and those that have begun are finished.
func TestTerminationDrains(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+engine.database(t), "BETTER_AUTH_SECRET="+secret)
			ada := nextRoute(t)
			begun := server.as(ada).beginCreate(t, `{"title":"Begun before the end"}`)

			server.process.terminate(t)
			announced := false
			eventually(t, "the server takes no new requests", func() bool {
				answer, err := server.as(person{}).send(t.Context(), "GET", "/readyz", "")
				announced = announced || answer.status == 503
				return err != nil
			})
			if !announced {
				t.Error("the server stopped listening before /readyz said so")
			}
			begun.finish(t).expect(t, 201)
			server.process.expectCleanExit(t)

			server.start(t)
			server.await(t)
			titles := []string{}
			for _, task := range server.as(ada).allTasks(t) {
				titles = append(titles, task.Title)
			}
			if !slices.Equal(titles, []string{"Begun before the end"}) {
				t.Errorf("tasks after the restart: %q", titles)
			}
		})
	}
}

// A begunCreate is a request whose handler runs and waits for the body.
type begunCreate struct {
	connection net.Conn
	reader     *bufio.Reader
	body       string
}

// beginCreate sends a create without its body, and returns when the server asks for that: RFC 9110 section 10.1.1 lets a client
// wait for 100 Continue, which Go's server sends at the handler's first read.
func (c client) beginCreate(t *testing.T, body string) *begunCreate {
	t.Helper()
	connection, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimPrefix(c.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() }) // the server may have closed it
	if err := connection.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	confidences.noteBody(body)
	head := fmt.Sprintf("POST %s HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\nExpect: 100-continue\r\n\r\n", c.tasks(), c.person.token, len(body))
	if _, err := io.WriteString(connection, head); err != nil {
		t.Fatal(err)
	}
	begun := &begunCreate{connection, bufio.NewReader(connection), body}
	line, err := begun.reader.ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "HTTP/1.1 100") {
		t.Fatalf("the server does not ask for the body: %q, %v", line, err)
	}
	if _, err := begun.reader.ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return begun
}

// finish sends the body and reads the answer.
func (b *begunCreate) finish(t *testing.T) answer {
	t.Helper()
	if _, err := io.WriteString(b.connection, b.body); err != nil {
		t.Fatal(err)
	}
	response, err := http.ReadResponse(b.reader, nil)
	if err != nil {
		t.Fatalf("a request in flight was not answered: %v", err)
	}
	defer func() { _ = response.Body.Close() }() // it was read to its end
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{"POST in flight", response.StatusCode, response.Header, string(body)}
}
