package bootstrap_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
)

// A stream is somebody's stream of events.
type stream struct {
	lines *bufio.Reader
	leave context.CancelFunc
}

type event struct{ name, id, data string }

// follow begins to read events, after the one with the id that is given.
func (c client) follow(t *testing.T, last string) *stream {
	t.Helper()
	ctx, leave := context.WithTimeout(t.Context(), patience)
	t.Cleanup(leave)
	request, err := http.NewRequestWithContext(ctx, "GET", c.url+"/api/me/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+c.person.token)
	request.Header.Set("Last-Event-ID", last)
	response, err := connections.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = response.Body.Close() }) // it may have been cut off
	if response.StatusCode != http.StatusOK {
		body, err := io.ReadAll(response.Body)
		t.Fatalf("the stream was answered %d: %s, %v", response.StatusCode, body, err)
	}
	s := &stream{bufio.NewReader(response.Body), leave}
	if first, err := s.next(); err != nil || first.name != "start" {
		t.Fatalf("the stream began with %+v, %v", first, err)
	}
	return s
}

func (s *stream) next() (event, error) {
	var next event
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			return event{}, err
		}
		switch field, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": "); field {
		case "event":
			next.name = value
		case "id":
			next.id = value
		case "data":
			next.data = value
		case "":
			return next, nil
		}
	}
}

// expectTask reads the next event, which has to be about this task and soon.
func (s *stream) expectTask(t *testing.T, want task, within time.Duration) event {
	t.Helper()
	start := time.Now()
	next, err := s.next()
	if err != nil {
		t.Fatalf("instead of an event: %v", err)
	}
	var got struct{ Task task }
	if err := json.Unmarshal([]byte(next.data), &got); err != nil {
		t.Fatalf("%v: %s", err, next.data)
	}
	if diff := cmp.Diff(want, got.Task); diff != "" {
		t.Errorf("the event (-made +told):\n%s", diff)
	}
	if took := time.Since(start); took > within {
		t.Errorf("the event came after %v, want %v", took, within)
	}
	return next
}

// Replicas wake each other: what changes on one is told on the other long before that would look by itself. Where they cannot, they look.
func TestEventsReachOtherReplicas(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for name, test := range map[string]struct {
		settings []string
		within   time.Duration
	}{
		"PostgreSQL":                        {[]string{"DATABASE_URL=" + postgrestest.Database(t), "TASKWARD_EVENTS_POLL=15s"}, time.Second},
		"PostgreSQL, behind a pooler":       {[]string{"DATABASE_URL=" + postgrestest.Database(t), "TASKWARD_DB_PREPARE=off", "TASKWARD_EVENTS_POLL=100ms"}, patience},
		"SQLite, two processes on one file": {[]string{"DATABASE_URL=" + engines[0].database(t), "TASKWARD_EVENTS_POLL=100ms"}, patience},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			settings := append(test.settings, "BETTER_AUTH_SECRET="+secret)
			ada := nextRoute(t)
			here, there := serve(t, settings...).as(ada), serve(t, settings...).as(ada)
			made := here.create(t, "one")
			for _, pair := range [][2]client{{here, there}, {there, here}, {here, here}} {
				stream := pair[1].follow(t, "")
				last := stream.expectTask(t, made, patience)
				for _, title := range []string{"two", "three"} {
					path := pair[0].task(made.ID)
					made = pair[0].put(t, path, fmt.Sprintf(`{"title":%q}`, title)).expect(t, 200).task(t)
					last = stream.expectTask(t, made, test.within)
				}
				stream.leave()
				made = pair[0].put(t, pair[0].task(made.ID), `{"title":"four"}`).expect(t, 200).task(t)
				resumed := pair[0].follow(t, last.id)
				resumed.expectTask(t, made, patience)
				resumed.leave()
			}
		})
	}
}

// A service that is told to stop does not wait for streams, and ends them as they should end.
func TestTerminationEndsStreams(t *testing.T) {
	t.Parallel()
	needBinary(t)
	for _, engine := range engines {
		t.Run(engine.name, func(t *testing.T) {
			t.Parallel()
			server := serve(t, "DATABASE_URL="+engine.database(t), "BETTER_AUTH_SECRET="+secret, "TASKWARD_DRAIN_DELAY=0s")
			stream := server.as(nextRoute(t)).follow(t, "")
			start := time.Now()
			server.process.terminate(t)
			if next, err := stream.next(); !errors.Is(err, io.EOF) {
				t.Errorf("instead of the end: %+v, %v", next, err)
			}
			server.process.expectCleanExit(t)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v to stop", took)
			}
		})
	}
}

// Whoever follows events and comes back at random, to whichever replica, ends with exactly the owner's tasks.
func TestFollowersOfReplicasEndWithExactlyTheTasks(t *testing.T) {
	t.Parallel()
	needBinary(t)
	settings := []string{"DATABASE_URL=" + postgrestest.Database(t), "BETTER_AUTH_SECRET=" + secret}
	servers := []*server{serve(t, settings...), serve(t, settings...)}
	for history := range uint64(5) {
		t.Run(fmt.Sprint(history), func(t *testing.T) {
			t.Parallel()
			ada := nextRoute(t)
			go func() {
				var writers sync.WaitGroup
				for writer := range uint64(8) {
					writers.Go(func() { servers[writer%2].as(ada).write(t, rand.New(rand.NewPCG(history, writer))) })
				}
				writers.Wait()
				servers[0].as(ada).post(t, "/api/me/tasks", `{"title":"the end"}`)
			}()
			lots := rand.New(rand.NewPCG(history, 8))
			kept, last, ended := map[int64]task{}, "", false
			for !ended {
				stream := servers[lots.IntN(2)].as(ada).follow(t, last)
				for range lots.IntN(8) {
					next, err := stream.next()
					if err != nil {
						t.Fatal(err)
					}
					last = next.id
					var change struct {
						Task task
						ID   int64
					}
					if err := json.Unmarshal([]byte(next.data), &change); err != nil {
						t.Fatal(err)
					}
					if next.name == "deleted" {
						delete(kept, change.ID)
						continue
					}
					kept[change.Task.ID] = change.Task
					if ended = change.Task.Title == "the end"; ended {
						break
					}
				}
				stream.leave()
			}
			there := map[int64]task{}
			for _, task := range servers[1].as(ada).allTasks(t) {
				there[task.ID] = task
			}
			if diff := cmp.Diff(there, kept); diff != "" {
				t.Errorf("tasks (-there +told):\n%s", diff)
			}
			if len(slices.Collect(maps.Keys(there))) < 2 {
				t.Error("nothing was written")
			}
		})
	}
}

// write does this and that to the person's tasks.
func (c client) write(t *testing.T, lots *rand.Rand) {
	for range 10 {
		id := 1 + lots.Int64N(15)
		switch lots.IntN(4) {
		case 0:
			c.delete(t, c.task(id))
		case 1:
			c.put(t, c.task(id), fmt.Sprintf(`{"title":"%d"}`, lots.Int()))
		default:
			c.post(t, c.tasks(), fmt.Sprintf(`{"title":"%d"}`, lots.Int()))
		}
	}
}
