package faults_test

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
)

// Of identical requests with one key, whoever gets an answer gets the same one.
func TestManyCreatesWithOneKey(t *testing.T) {
	runs, clients := times(20, 3), 50
	d := newDatabase(t)
	replicas := []*replica{serve(t, d.url), serve(t, d.url)}
	ta := &tally{}
	for range runs {
		ada, key := newPerson(), rand.Text()
		answers := make([]answer, clients)
		var creating sync.WaitGroup
		for i := range clients {
			creating.Go(func() {
				one := client{replicas[i%len(replicas)].url, ada}
				answers[i] = one.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Once"}`, "Idempotency-Key: "+key)
			})
		}
		creating.Wait()
		for _, a := range answers {
			switch {
			case !ta.take(a):
			case a.status != 201 || a.body != answers[0].body:
				ta.wrong("%v, want what another got: %v", a, answers[0])
			default:
				ta.acknowledge()
			}
		}
		ta.expectOne(t, client{replicas[0].url, ada})
	}
	ta.expectServed(t)
	ta.expectIntact(t, fmt.Sprintf("%d creates with one key at once", clients), runs)
}

// expectOne wants a person to have one task.
func (ta *tally) expectOne(t *testing.T, c client) task {
	t.Helper()
	tasks, err := list(t.Context(), c)
	switch {
	case err != nil:
		t.Fatal(err)
	case len(tasks) == 0:
		ta.lost("%s has no task", c.person.id)
		return task{}
	case len(tasks) > 1:
		ta.wrong("%s has %d tasks", c.person.id, len(tasks))
	}
	return tasks[0]
}

// Between the commit and its answer a service, or PostgreSQL, is killed. Who then sends the same again gets what was made. The moment
// lasts for as long as PostgreSQL waits for a standby that there is not, which it does when a commit is on its disk.
func TestKillBetweenCommitAndAnswer(t *testing.T) {
	runs := times(20, 3)
	for _, victim := range []struct {
		name string
		kill func(t *testing.T, d database, r *replica)
	}{
		{"service", func(t *testing.T, d database, r *replica) {
			r.process.kill()
			d.standby(t, "")
			r.start(t)
		}},
		{"PostgreSQL", func(t *testing.T, d database, _ *replica) {
			d.standby(t, "") // who waits goes on waiting until the server has read it
			d.kill(t)
			d.restart(t)
		}},
	} {
		t.Run(victim.name, func(t *testing.T) {
			d := newDatabase(t)
			r := serve(t, d.url)
			ta := &tally{}
			t.Cleanup(func() { d.standby(t, "") })
			between := 0
			for range runs {
				persons, key := make([]client, writers), rand.Text()
				d.standby(t, "nobody")
				observer := d.connect(t)
				send := func(i int) answer {
					return persons[i].send(t.Context(), "POST", "/api/me/tasks", `{"title":"Once"}`, "Idempotency-Key: "+key)
				}
				var creating sync.WaitGroup
				answers := make([]answer, writers)
				var answered atomic.Int64 // because their connections were of the server before
				for i := range persons {
					persons[i] = client{r.url, newPerson()}
					creating.Go(func() {
						answers[i] = send(i)
						answered.Add(1)
					})
				}
				eventually(t, "all others have committed", func() bool {
					return count(t, observer, `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'SyncRep'`) == writers-int(answered.Load())
				})
				victim.kill(t, d, r)
				creating.Wait()
				r.await(t)
				for i, a := range answers {
					if !ta.take(a) {
						between++
					}
					again := send(i)
					for range 2 {
						if !ta.take(again) || again.status != 201 {
							ta.wrong("%v, want what was made before", again)
							continue
						}
						ta.acknowledge()
						made, err := again.task()
						if kept := ta.expectOne(t, persons[i]); err != nil || kept != made {
							ta.wrong("%v, but there is %+v", again, kept)
						}
						again = send(i)
					}
				}
			}
			if between == 0 {
				t.Error("all were answered, so that nothing was killed between")
			}
			ta.expectIntact(t, "kill -9 of "+victim.name+" between commit and answer", runs)
		})
	}
}

// standby names those without whom a commit is not answered.
func (d database) standby(t *testing.T, name string) {
	t.Helper()
	d.execute(t, d.URL("postgres"), fmt.Sprintf("ALTER SYSTEM SET synchronous_standby_names = '%s'", name), "SELECT pg_reload_conf()")
}
