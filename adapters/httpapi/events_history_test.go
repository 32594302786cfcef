package httpapi_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Whoever follows events and is cut off at random ends with exactly the owner's
// tasks, whatever others do meanwhile.
func TestFollowersEndWithExactlyTheTasks(t *testing.T) {
	const histories = 50
	for seed := range uint64(histories) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			inBubble(t, func(t *testing.T, h *hosted) {
				var writers sync.WaitGroup
				for writer := range uint64(8) {
					writers.Go(func() { h.write(rand.New(rand.NewPCG(seed, writer))) })
				}
				go func() {
					writers.Wait()
					h.create("u", theEnd)
				}()
				got := h.followToTheEnd(t, rand.New(rand.NewPCG(seed, 8)))
				if diff := cmp.Diff(h.tasks(), got); diff != "" {
					t.Errorf("tasks (-there +told):\n%s", diff)
				}
			}, quiet, func(s *setup) { s.options.UserStreams = 1000 })
		})
	}
}

// theEnd is the title of the last task of a history.
const theEnd = "the end"

// write does this and that to u's tasks.
func (h *hosted) write(lots *rand.Rand) {
	for range 5 + lots.IntN(15) {
		id := strconv.Itoa(1 + lots.IntN(20))
		switch lots.IntN(20) {
		case 0:
			h.try("DELETE", "/api/u/tasks?confirm=all", "")
		case 1, 2, 3:
			h.try("DELETE", "/api/u/tasks/"+id, "")
		case 4, 5:
			h.try("POST", "/api/u/trash/"+id+"/restore", "")
		case 6:
			h.try("DELETE", "/api/u/trash/"+id, "")
		case 7, 8, 9, 10, 11:
			h.try("PATCH", "/api/u/tasks/"+id, fmt.Sprintf(`{"title":"%d"}`, lots.Int()))
		case 12, 13, 14:
			h.try("PATCH", "/api/u/tasks/"+id+"/complete", "{}")
		default:
			h.try("POST", "/api/u/tasks", fmt.Sprintf(`{"title":"%d"}`, lots.Int()))
		}
	}
}

// try asks as u for what may or may not be there.
func (h *hosted) try(method, path, body string) {
	request := httptest.NewRequestWithContext(h.t.Context(), method, path, nil)
	as("u")(request)
	raw(body)(request)
	h.ServeHTTP(httptest.NewRecorder(), request)
}

// tasks are u's tasks as JSON, by their ids.
func (h *hosted) tasks() map[int]string {
	var list []text
	h.do("GET", "/api/u/tasks", as("u")).want(200).decode(&list)
	tasks := map[int]string{}
	for _, json := range list {
		tasks[idOf(json)] = string(json)
	}
	return tasks
}

func idOf(task text) int {
	var identified struct{ ID int }
	if err := json.Unmarshal([]byte(task), &identified); err != nil {
		panic(err)
	}
	return identified.ID
}

// followToTheEnd keeps u's tasks by events alone, on one connection after the
// other, each of which it leaves after so many events.
func (h *hosted) followToTheEnd(t *testing.T, lots *rand.Rand) map[int]string {
	kept, last := map[int]string{}, ""
	for {
		events := h.ask(t, "/api/u/events", header("Last-Event-ID", last))
		if events.StatusCode == http.StatusGone {
			clear(kept)
			last = ""
			events.leave()
			continue
		}
		for range lots.IntN(12) {
			next, err := events.next()
			if err != nil {
				t.Fatal(err)
			}
			last = next.id
			var change struct {
				Task text
				ID   int
			}
			if err := json.Unmarshal([]byte(next.data), &change); err != nil {
				t.Fatal(err)
			}
			switch next.name {
			case "task":
				kept[idOf(change.Task)] = string(change.Task)
			case "deleted":
				delete(kept, change.ID)
			case "reset":
				clear(kept)
			}
			if next.name == "reset" {
				break
			}
			if next.name == "task" && next.change(t).Task.Title == theEnd {
				events.leave()
				return kept
			}
		}
		events.leave()
	}
}
