package portstest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

var auditRules = []auditRule{
	{"Record writes every member of each entry as it is", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		whole := d.entry("whole")
		refused := d.entry("refused")
		refused.Action, refused.Outcome, refused.Tasks = domain.AuditRead, "not_owner", nil
		nobody := domain.AuditEntry{At: later, Action: domain.AuditAuthenticate, Outcome: "token_missing", RequestID: d.request + "nobody"}
		far := d.entry("far")
		far.Tasks = []domain.TaskID{domain.MaxTaskID, 1, domain.MaxTaskID - 1}
		many := d.entry("many")
		many.Tasks = nil
		for id := range domain.TaskID(domain.MaxAuditTasks) {
			many.Tasks = append(many.Tasks, domain.MaxAuditTasks-id)
		}
		d.record(whole)
		d.record(refused, nobody, far)
		d.record(many)
		d.want(whole, refused, nobody, far, many)
	}},
	{"Any ids are kept as they are", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		var want []domain.AuditEntry
		for i, odd := range hostileUserIDs {
			entry := d.entry(fmt.Sprint(i))
			entry.Actor, entry.Owner = domain.UserID(odd), domain.UserID(odd + "x")[:min(len(odd)+1, domain.MaxUserIDBytes)]
			entry.TokenID = domain.TokenID(odd[:min(len(odd), domain.MaxSessionIDBytes)])
			want = append(want, entry)
		}
		d.record(want...)
		d.want(want...)
	}},
	{"Entries stand in the order in which they came, whatever their times are", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		var want []domain.AuditEntry
		for i, at := range []time.Time{noon, later, earlier, noon, noon.Add(-time.Microsecond), noon} {
			entry := d.entry(fmt.Sprint("later ", -i))
			entry.At = at
			want = append(want, entry)
		}
		d.record(want[:4]...)
		d.record(want[4])
		d.record(want[5])
		d.want(want...)
	}},
	{"An entry that comes twice is there twice", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		twice, other := d.entry("twice"), d.entry("other")
		d.record(twice, twice)
		d.record(other)
		d.record(twice)
		d.want(twice, twice, other, twice)
	}},
	{"To record no entries writes nothing", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		before := len(d.all())
		d.record()
		if after := len(d.all()); after != before {
			t.Errorf("there were %d entries, and are %d", before, after)
		}
	}},
	{"What becomes of an entry after Record does not show", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		entries := []domain.AuditEntry{d.entry("one"), d.entry("other")}
		want := []domain.AuditEntry{d.entry("one"), d.entry("other")}
		d.record(entries...)
		entries[0].Tasks[0], entries[1].Owner, entries[1].Tasks = 9, "another", nil
		d.want(want...)
	}},
	{"What is recorded at the same time is all there, each entry whole", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		const times = 5
		entries := func(member int) (all []domain.AuditEntry) {
			for i := range times {
				entry := d.entry(fmt.Sprintf("%d-%d", member, i))
				entry.Owner, entry.Tasks = domain.UserID(fmt.Sprint(member)), []domain.TaskID{domain.TaskID(member + 1), domain.TaskID(i + 1)}
				all = append(all, entry)
			}
			return all
		}
		together(scene{t: t}, func(member int) (struct{}, error) {
			for _, entry := range entries(member) {
				if err := h.Log.Record(t.Context(), entry, entry); err != nil {
					return struct{}{}, err
				}
			}
			return struct{}{}, nil
		})
		got := d.ours()
		for member := range crowd {
			theirs := slices.DeleteFunc(slices.Clone(got), func(entry domain.AuditEntry) bool {
				return !strings.HasPrefix(entry.RequestID, fmt.Sprintf("%s%d-", d.request, member))
			})
			var want []domain.AuditEntry
			for _, entry := range entries(member) {
				want = append(want, entry, entry)
			}
			d.same(theirs, want)
		}
		if len(got) != 2*times*crowd {
			t.Errorf("there are %d entries, want %d", len(got), 2*times*crowd)
		}
	}},
	{"Record returns the context's error if the context has ended", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		for want, ctx := range ended(t) {
			if err := h.Log.Record(ctx, d.entry("late")); !errors.Is(err, want) {
				t.Errorf("Record gave error %v, want %v", err, want)
			}
		}
	}},
	{"Nothing is written if the context has ended", func(t reporter, h AuditHarness) {
		d := newDiary(t, h)
		for _, ctx := range ended(t) {
			if err := h.Log.Record(ctx, d.entry("late"), d.entry("later")); err == nil {
				t.Errorf("Record did not fail")
			}
		}
		inTime := d.entry("in time")
		d.record(inTime)
		d.want(inTime)
	}},
}

var closedAuditRule = auditRule{"A closed log answers with domain.Unavailable", func(t reporter, h AuditHarness) {
	if err := h.Log.Record(t.Context(), newDiary(t, h).entry("late")); domain.KindOf(err) != domain.Unavailable {
		t.Errorf("Record gave error %v", err)
	}
}}

// sameEntry wants the times to be the same in UTC.
func sameEntry(a, b domain.AuditEntry) bool {
	tasks := slices.Equal(a.Tasks, b.Tasks)
	a.Tasks, b.Tasks = nil, nil
	return tasks && reflect.DeepEqual(a, b)
}

// diary is the log under test as one rule sees it: the entries of requests that
// nobody has made before.
type diary struct {
	t       reporter
	harness AuditHarness
	request string
}

func newDiary(t reporter, h AuditHarness) diary { return diary{t, h, rand.Text() + "-"} }

// entry leaves out nothing, and has no two members alike.
func (d diary) entry(request string) domain.AuditEntry {
	return domain.AuditEntry{
		At: noon, Actor: "Actor of it", Owner: "Owner of it", Action: domain.AuditDelete, Tasks: []domain.TaskID{7, 7, 3, 7},
		Outcome: domain.AuditDone, TokenID: "Token of it", RequestID: d.request + request,
	}
}

func (d diary) record(entries ...domain.AuditEntry) {
	d.t.Helper()
	if err := d.harness.Log.Record(d.t.Context(), entries...); err != nil {
		d.t.Fatalf("Record: %v", err)
	}
}

func (d diary) all() []domain.AuditEntry {
	d.t.Helper()
	entries, err := d.harness.Read(d.t.Context())
	if err != nil {
		d.t.Fatalf("read the entries: %v", err)
	}
	return entries
}

// ours are the entries of the rule's own requests.
func (d diary) ours() []domain.AuditEntry {
	d.t.Helper()
	return slices.DeleteFunc(d.all(), func(entry domain.AuditEntry) bool { return !strings.HasPrefix(entry.RequestID, d.request) })
}

func (d diary) want(want ...domain.AuditEntry) {
	d.t.Helper()
	d.same(d.ours(), want)
}

func (d diary) same(got, want []domain.AuditEntry) {
	d.t.Helper()
	if !slices.EqualFunc(got, want, sameEntry) {
		d.t.Errorf("the entries are\n\t%+v, want\n\t%+v", got, want)
	}
}
