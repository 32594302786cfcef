package faults_test

import (
	"context"
	"fmt"
	"math"
	lots "math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
)

// A history is what clients asked for and what they got, and when.
type history struct {
	length int
	began  time.Time
	people []person
	made   atomic.Int64
	half   chan struct{}
	tally  *tally

	mu         sync.Mutex
	operations []porcupine.Operation
}

// persons are few, so that clients get in each other's way.
const persons = 24

func newHistory(length int) *history {
	h := &history{length: length, began: time.Now(), half: make(chan struct{}), tally: &tally{}}
	for range persons {
		h.people = append(h.people, newPerson())
	}
	return h
}

func (h *history) awaitHalf() { <-h.half }

func (h *history) halved() bool {
	select {
	case <-h.half:
		return true
	default:
		return false
	}
}

// record has clients work, each with one of the services, until the history is long enough.
func (h *history) record(t *testing.T, urls ...string) {
	t.Helper()
	var working sync.WaitGroup
	for i := range writers {
		url := urls[i%len(urls)]
		working.Go(func() {
			for {
				switch n := h.made.Add(1); {
				case n > int64(h.length):
					return
				case n == int64(h.length/2):
					close(h.half)
				}
				if !h.operate(t.Context(), i, url) {
					// What is not answered stays open to the end: there should be little of it.
					client{url: url}.untilReady(t.Context())
				}
			}
		})
	}
	working.Wait()
}

func (c client) untilReady(ctx context.Context) {
	for c.send(ctx, "GET", "/readyz", "").status != 200 && ctx.Err() == nil {
		select {
		case <-time.After(calm):
		case <-ctx.Done():
		}
	}
}

// operate makes one request and notes it.
func (h *history) operate(ctx context.Context, clientID int, url string) bool {
	person := lots.N(persons)
	in := input{person: person, verb: draw(), id: 1 + lots.N(tasksPerPerson), title: lots.Int()}
	c := client{url, h.people[person]}
	call := time.Since(h.began)
	a := in.send(ctx, c)
	end := time.Since(h.began)
	answered := h.tally.take(a)
	out := output{unknown: !answered}
	if answered {
		var err error
		if out, err = in.read(a); err != nil {
			h.tally.wrong("%v: %v", a, err)
			return true
		}
		if in.verb != get && a.status < 300 {
			h.tally.acknowledge()
		}
	} else if in.verb == get || in.verb == look {
		return false
	}
	operation := porcupine.Operation{ClientId: clientID, Input: in, Call: int64(call), Output: out, Return: int64(end)}
	if out.unknown {
		operation.Return = math.MaxInt64 // its effect may come at any time
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.operations = append(h.operations, operation)
	return answered
}

func (h *history) check() porcupine.CheckResult {
	return porcupine.CheckOperationsTimeout(sequential, h.operations, checkFor)
}

// An input is what a client asks for.
type input struct {
	person, id, title int
	verb              verb
}

type verb int

const (
	create verb = iota
	get
	look // at all tasks
	patch
	complete
	reopen
	remove
	restore
)

// draw has reading come most often, and making seldom: of a person's tasks only the first can be changed.
func draw() verb {
	return []verb{create, get, get, get, get, look, look, patch, patch, patch, complete, complete, reopen, remove, restore}[lots.N(15)]
}

func (in input) send(ctx context.Context, c client) answer {
	const tasks = "/api/me/tasks"
	path := fmt.Sprintf("%s/%d", tasks, in.id)
	title := fmt.Sprintf(`{"title":"%d"}`, in.title)
	switch in.verb {
	case create:
		return c.send(ctx, "POST", tasks, title)
	case get:
		return c.send(ctx, "GET", path, "")
	case look:
		return c.send(ctx, "GET", tasks+"?limit=200&sort=created&order=asc", "")
	case patch:
		return c.send(ctx, "PATCH", path, title)
	case complete:
		return c.send(ctx, "PATCH", path+"/complete", `{"completed":true}`)
	case reopen:
		return c.send(ctx, "PATCH", path+"/complete", `{"completed":false}`)
	case remove:
		return c.send(ctx, "DELETE", path, "")
	case restore:
		return c.send(ctx, "POST", fmt.Sprintf("/api/me/trash/%d/restore", in.id), "")
	}
	return answer{}
}

// An output is what a client got.
type output struct {
	unknown bool
	missing bool // the task
	id      int  // of what was made
	cell    cell
	board   board
}

func (in input) read(a answer) (output, error) {
	if a.status == http.StatusNotFound && in.verb != create && in.verb != look {
		return output{missing: true}, nil
	}
	want := http.StatusOK
	switch in.verb {
	case create:
		want = http.StatusCreated
	case remove:
		want = http.StatusNoContent
	case get, look, patch, complete, reopen, restore:
	}
	if a.status != want {
		return output{}, fmt.Errorf("want %d", want)
	}
	switch in.verb {
	case remove:
		return output{}, nil
	case look:
		tasks, err := a.tasks()
		var seen board
		for _, task := range tasks {
			seen.put(int(task.ID), cellOf(task))
			seen.last = 0 // a list does not tell
		}
		return output{board: seen}, err
	case create, get, patch, complete, reopen, restore:
	}
	task, err := a.task()
	return output{id: int(task.ID), cell: cellOf(task)}, err
}
