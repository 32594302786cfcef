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

// Whoever asks for changes, and whoever follows events and is cut off at random,
// ends with exactly the owner's tasks, whatever others do meanwhile.
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
				asked := make(chan map[int]string, 1)
				go func() { asked <- h.askToTheEnd(t, rand.New(rand.NewPCG(seed, 9))) }()
				followed := h.followToTheEnd(t, rand.New(rand.NewPCG(seed, 8)))
				for how, got := range map[string]map[int]string{"events": followed, "changes": <-asked} {
					if diff := cmp.Diff(h.tasks(), got); diff != "" {
						t.Errorf("tasks (-there +told by %s):\n%s", how, diff)
					}
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
			var change toldChange
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

// toldChange is a change with its task as it stands there.
type toldChange struct {
	Type string
	Task text
	ID   int // of a task that was deleted
}

// askToTheEnd keeps u's tasks by changes alone, so many at a time.
func (h *hosted) askToTheEnd(t *testing.T, lots *rand.Rand) map[int]string {
	kept, since := map[int]string{}, ""
	for {
		answer := h.do("GET", fmt.Sprintf("/api/u/changes?limit=%d%s", 1+lots.IntN(9), since), as("u"))
		if answer.status == http.StatusGone {
			clear(kept)
			since = ""
			continue
		}
		var feed struct {
			Changes []toldChange
			Next    string
		}
		answer.want(200).decode(&feed)
		since = "&since=" + feed.Next
		for _, change := range feed.Changes {
			if change.Type == "deleted" {
				delete(kept, change.ID)
				continue
			}
			kept[idOf(change.Task)] = string(change.Task)
			var task struct{ Title string }
			if err := json.Unmarshal([]byte(change.Task), &task); err != nil {
				t.Error(err)
			}
			if task.Title == theEnd {
				return kept
			}
		}
	}
}
