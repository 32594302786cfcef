package faults_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
)

// PostgreSQL may refuse any change because of others, and say to try again. That is not for clients, unless it does not end.
func TestConflicts(t *testing.T) {
	requests := times(2000, 200)
	for _, fault := range []struct {
		name, code string
		refusals   int
	}{
		{"three deadlocks under each change", "40P01", 3},
		{"three serialization failures under each change", "40001", 3},
		{"a deadlock each time", "40P01", 1_000_000},
	} {
		t.Run(fault.name, func(t *testing.T) {
			d := newDatabase(t)
			r := serve(t, d.url)
			ta := &tally{}
			w := newWriter(r.url, ta)
			made := newcomers(t, r.url, 1)[0]
			administrator := d.connect(t)
			d.exec(t, "CREATE SEQUENCE public.attempts",
				fmt.Sprintf(`CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
					IF nextval('public.attempts') <= %d THEN RAISE EXCEPTION 'refused' USING ERRCODE = '%s'; END IF;
					RETURN NEW;
				END $$`, fault.refusals, fault.code),
				"CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON taskward.owners FOR EACH ROW EXECUTE FUNCTION public.refuse()")
			if fault.refusals > 3 {
				for range times(20, 3) {
					a := made.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Refused"}`)
					ta.take(a)
					a.expectLater(t)
				}
				made.send(t.Context(), "GET", "/api/me/tasks/1", "").expect(t, 200)
				ta.report(fault.name, 1)
				return
			}
			for ta.so().requests < requests {
				if _, err := administrator.Exec(t.Context(), "ALTER SEQUENCE public.attempts RESTART"); err != nil {
					t.Fatal(err)
				}
				w.step(t.Context())
			}
			ta.expectServed(t)
			for _, l := range w.ledgers {
				if err := l.audit(t.Context(), r.url, ta); err != nil {
					t.Fatal(err)
				}
			}
			ta.expectIntact(t, fault.name, 1)
		})
	}
}

// Of many who change what they have all seen, one succeeds.
func TestManyChangesOfOneVersion(t *testing.T) {
	runs, clients := times(20, 3), 100
	d := newDatabase(t)
	replicas := []*replica{serve(t, d.url), serve(t, d.url)}
	ta := &tally{}
	for range runs {
		ada := newcomers(t, replicas[0].url, 1)[0]
		ta.acknowledge()
		answers := make([]answer, clients)
		var changing sync.WaitGroup
		for i := range clients {
			changing.Go(func() {
				one := client{replicas[i%len(replicas)].url, ada.person}
				answers[i] = one.send(t.Context(), "PATCH", "/api/me/tasks/1", fmt.Sprintf(`{"title":"%d"}`, i), `If-Match: "1"`)
			})
		}
		changing.Wait()
		statuses := map[int]int{}
		for _, a := range answers {
			ta.take(a)
			statuses[a.status]++
		}
		won := slices.IndexFunc(answers, func(a answer) bool { return a.status == 200 })
		if statuses[200] != 1 || statuses[412] != clients-1 {
			ta.wrong("answers by status: %v, want one 200 and %d times 412", statuses, clients-1)
			continue
		}
		ta.acknowledge()
		if kept := ada.send(t.Context(), "GET", "/api/me/tasks/1", "").expect(t, 200); !strings.Contains(kept.body, fmt.Sprintf(`"title":"%d"`, won)) {
			ta.lost("%v, want the title %d", kept, won)
		}
	}
	ta.expectIntact(t, fmt.Sprintf("%d changes of one version at once", clients), runs)
}
