package application_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// archive is where a test finds what was written down.
type archive struct {
	*memory.AuditLog
	*application.Audit
	failures bytes.Buffer
}

func newArchive(t *testing.T, log ports.AuditLog) *archive {
	t.Helper()
	a := &archive{AuditLog: memory.NewAuditLog()}
	if log == nil {
		log = a.AuditLog
	}
	a.Audit = application.NewAudit(log, func() time.Time { return noon }, slog.New(slog.NewJSONHandler(&a.failures, nil)))
	return a
}

// want fails the test unless these entries were written since from, and no
// failure to do so.
func (a *archive) want(t *testing.T, from int, want ...domain.AuditEntry) {
	t.Helper()
	if diff := cmp.Diff(append([]domain.AuditEntry{}, want...), append([]domain.AuditEntry{}, a.Entries()[from:]...)); diff != "" {
		t.Errorf("entries (-want +got):\n%s", diff)
	}
	if a.failures.Len() > 0 {
		t.Error(a.failures.String())
	}
}

// told is how a use case is told of: what it is, and which tasks are named
// where it is done and where it is refused.
type told struct {
	action        domain.AuditAction
	done, refused []domain.TaskID
}

var tolds = map[string]told{
	"Create":      {domain.AuditCreate, []domain.TaskID{2}, nil},
	"Get":         {domain.AuditRead, nil, []domain.TaskID{1}},
	"List":        {domain.AuditRead, nil, nil},
	"State":       {domain.AuditRead, nil, nil},
	"Update":      {domain.AuditEdit, []domain.TaskID{1}, []domain.TaskID{1}},
	"Complete":    {domain.AuditComplete, []domain.TaskID{1}, []domain.TaskID{1}},
	"Delete":      {domain.AuditDelete, []domain.TaskID{1}, []domain.TaskID{1}},
	"Batch":       {domain.AuditBatch, []domain.TaskID{1}, nil},
	"Trash":       {domain.AuditRead, nil, nil},
	"Restore":     {domain.AuditRestore, []domain.TaskID{1}, []domain.TaskID{1}},
	"Purge":       {domain.AuditPurge, []domain.TaskID{1}, []domain.TaskID{1}},
	"Erase":       {domain.AuditErase, nil, nil},
	"Changes":     {domain.AuditRead, nil, nil},
	"Follow":      {domain.AuditRead, nil, nil},
	"Export":      {domain.AuditRead, nil, nil},
	"Import":      {domain.AuditImport, []domain.TaskID{2}, nil},
	"CheckImport": {domain.AuditImport, nil, nil},
}

// Each change is told once and no reading is, nor what has failed for another
// reason than who asked.
func TestEachChangeIsWrittenDown(t *testing.T) {
	for name, useCase := range useCases {
		t.Run(name, func(t *testing.T) {
			archive := newArchive(t, nil)
			r := request{
				tasks: application.NewTasks(memory.NewTasks(), memory.NewWakeups(), func() time.Time { return noon.Add(999) }, application.TasksOptions{Audit: archive.Audit}),
				ctx:   application.WithRequestID(t.Context(), "request"), actor: user(t, "owner"), owner: "owner",
			}
			for _, before := range append([]string{"Create"}, useCase.before...) {
				if _, err := useCases[before].good(r); err != nil {
					t.Fatalf("%s, before: %v", before, err)
				}
			}
			before := len(archive.Entries())
			if useCase.bad != nil && name != "Changes" { // whose bad input is a change
				if _, err := useCase.bad(r); err == nil {
					t.Fatal("the bad input was taken")
				}
				archive.want(t, before)
			}
			if _, err := useCase.good(r); err != nil {
				t.Fatal(err)
			}
			told := tolds[name]
			action := told.action
			if name == "Batch" { // in which each change is told
				action = domain.AuditDelete
			}
			if told.done == nil && name != "Erase" {
				archive.want(t, before)
				return
			}
			archive.want(t, before, domain.AuditEntry{
				At: noon, Actor: "owner", Owner: "owner", Action: action, Tasks: told.done, Outcome: "done", RequestID: "request",
			})
		})
	}
}

func TestEachRefusalIsWrittenDown(t *testing.T) {
	for name, useCase := range useCases {
		t.Run(name, func(t *testing.T) {
			archive := newArchive(t, nil)
			tasks := application.NewTasks(untouchable{t}, silent{t}, func() time.Time { return noon }, application.TasksOptions{Audit: archive.Audit})
			told := tolds[name]
			entry := domain.AuditEntry{At: noon, Owner: "owner", Action: told.action, Tasks: told.refused, RequestID: "request"}
			ctx := application.WithRequestID(t.Context(), "request")
			if _, err := useCase.good(request{tasks, ctx, user(t, "other"), "owner"}); !errors.Is(err, domain.ErrNotOwner) {
				t.Errorf("error is %v", err)
			}
			stranger := entry
			stranger.Actor, stranger.Outcome = "other", "not_owner"
			archive.want(t, 0, stranger)
			if _, err := useCase.good(request{tasks, ctx, domain.AuthenticatedUserContext{}, "owner"}); !errors.Is(err, domain.ErrNotAuthenticated) {
				t.Errorf("error is %v", err)
			}
			nobody := entry
			nobody.Outcome = "not_authenticated"
			archive.want(t, 1, nobody)
		})
	}
}

// A batch is told change by change, in their order: those of one kind together,
// as many as one entry names.
func TestABatchIsWrittenDownInItsOrder(t *testing.T) {
	archive := newArchive(t, nil)
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Audit: archive.Audit})
	create := application.CreateTask{Draft: application.Draft{Title: "title"}}
	on := func(id domain.TaskID) domain.Target { return domain.Target{ID: id} }
	_, err := desk.tasks.Batch(t.Context(), desk.actor, "owner", []application.Operation{
		create, create, create,
		application.DeleteTask{Target: on(3)},
		application.DeleteTask{Target: on(1)},
		application.CompleteTask{Target: on(2)},
		application.CompleteTask{Target: on(2), Completed: domain.Some(false)},
		create,
		application.UpdateTask{Target: on(4)},
	}, application.Once{})
	if err != nil {
		t.Fatal(err)
	}
	var want []domain.AuditEntry
	entry := func(action domain.AuditAction, tasks ...domain.TaskID) {
		want = append(want, domain.AuditEntry{At: noon, Actor: "owner", Owner: "owner", Action: action, Tasks: tasks, Outcome: "done"})
	}
	entry(domain.AuditCreate, 1, 2, 3)
	entry(domain.AuditDelete, 3, 1)
	entry(domain.AuditComplete, 2, 2)
	entry(domain.AuditCreate, 4)
	entry(domain.AuditEdit, 4)
	archive.want(t, 0, want...)

	if _, err := desk.tasks.Import(t.Context(), desk.actor, "owner", make([]application.Record, 0)); err != nil {
		t.Fatal(err)
	}
	archive.want(t, len(want))

	records := make([]application.Record, 2*domain.MaxAuditTasks+1)
	for i := range records {
		records[i].Title = "title"
	}
	if _, err := desk.tasks.Import(t.Context(), desk.actor, "owner", records); err != nil {
		t.Fatal(err)
	}
	next := domain.TaskID(5)
	for _, entry := range archive.Entries()[len(want):] {
		for _, id := range entry.Tasks {
			if id != next || entry.Action != domain.AuditImport || len(entry.Tasks) > domain.MaxAuditTasks {
				t.Fatalf("task %d is told as %d, among %d to %q", next, id, len(entry.Tasks), entry.Action)
			}
			next++
		}
	}
	if next != 5+domain.TaskID(len(records)) {
		t.Errorf("tasks are told up to %d", next-1)
	}
}

// The token is known by its id, or else by that of its session.
func TestTheTokenIsWrittenDown(t *testing.T) {
	for _, test := range []struct {
		session domain.Session
		want    domain.TokenID
	}{
		{domain.Session{}, ""},
		{domain.Session{ID: "session"}, "session"},
		{domain.Session{ID: "session", TokenID: "token"}, "token"},
	} {
		archive := newArchive(t, nil)
		desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Audit: archive.Audit})
		test.session.UserID = "owner"
		desk.actor = must(domain.Authenticate(domain.User{ID: "owner"}, test.session))
		desk.create(application.Draft{Title: "title"})
		if got := archive.Entries()[0].TokenID; got != test.want {
			t.Errorf("%+v is told as %q, want %q", test.session, got, test.want)
		}
	}
}

// Where a token stands in the place of an owner by mistake nothing of it is
// written down.
func TestALongOwnerWhomSomebodyNamesIsLeftOut(t *testing.T) {
	archive := newArchive(t, nil)
	short := domain.UserID(strings.Repeat("x", 64))
	for _, named := range []struct{ actor, owner, want domain.UserID }{
		{"other", short, short}, {"other", short + "x", ""}, {short + "x", short + "x", short + "x"},
	} {
		from := len(archive.Entries())
		_ = archive.Refuse(t.Context(), user(t, named.actor), named.owner, domain.AuditRead, domain.ErrNotOwner)
		if got := archive.Entries()[from].Owner; got != named.want {
			t.Errorf("%q named %q, which is told as %q", named.actor, named.owner, got)
		}
	}
}

func TestSessionsAreWrittenDown(t *testing.T) {
	archive := newArchive(t, nil)
	l := newLobby(t, application.RevokeTokens, application.SingleUse)
	l.options.Audit = archive.Audit
	l = l.replica()
	from := 0
	want := func(actor, owner domain.UserID, action domain.AuditAction, outcome string, token domain.TokenID) {
		t.Helper()
		archive.want(t, from, domain.AuditEntry{At: noon, Actor: actor, Owner: owner, Action: action, Outcome: outcome, TokenID: token})
		from = len(archive.Entries())
	}
	l.refuse("never.minted.by.anybody", domain.Unauthenticated, "unknown_token")
	want("", "", domain.AuditAuthenticate, "unknown_token", "")

	token := l.mint("u")
	actor := l.welcome(token)
	archive.want(t, from)
	if err := l.sessions.Recheck(t.Context(), token); err != nil {
		t.Fatal(err)
	}
	archive.want(t, from)
	l.refuse(token, domain.Unauthenticated, "token_replayed")
	want("u", "u", domain.AuditAuthenticate, "token_replayed", "token-0")

	wantFailure(t, l.sessions.End(t.Context(), actor, "v"), domain.Forbidden, "not_owner")
	want("u", "v", domain.AuditEndSession, "not_owner", "token-0")
	wantFailure(t, l.sessions.EndAll(t.Context(), actor, "v"), domain.Forbidden, "not_owner")
	want("u", "v", domain.AuditEndSessions, "not_owner", "token-0")
	_, err := l.sessions.Describe(t.Context(), actor, "v")
	wantFailure(t, err, domain.Forbidden, "not_owner")
	want("u", "v", domain.AuditRead, "not_owner", "token-0")
	if _, err := l.sessions.Describe(t.Context(), actor, "u"); err != nil {
		t.Fatal(err)
	}
	archive.want(t, from)

	nameless := must(domain.Authenticate(domain.User{ID: "u"}, domain.Session{UserID: "u", ID: "session"}))
	wantFailure(t, l.sessions.End(t.Context(), nameless, "u"), domain.Unauthenticated, "missing_token_id")
	want("u", "u", domain.AuditEndSession, "missing_token_id", "session")

	if err := l.sessions.End(t.Context(), actor, "u"); err != nil {
		t.Fatal(err)
	}
	want("u", "u", domain.AuditEndSession, "done", "token-0")
	wantFailure(t, l.sessions.Recheck(t.Context(), token), domain.Unauthenticated, "token_revoked")
	want("u", "u", domain.AuditAuthenticate, "token_revoked", "token-0")
	if err := l.sessions.EndAll(t.Context(), actor, "u"); err != nil {
		t.Fatal(err)
	}
	want("u", "u", domain.AuditEndSessions, "done", "token-0")

	// What cannot be found out is no refusal, and what has failed is not done.
	l.store.fail(errors.New("down"))
	l.refuse(l.mint("u"), domain.Unavailable, "revocation_unknown")
	if l.sessions.End(t.Context(), actor, "u") == nil || l.sessions.EndAll(t.Context(), actor, "u") == nil {
		t.Error("a session was ended in a store that is down")
	}
	archive.want(t, from)
}

// balky is a log that writes nothing.
type balky func(ctx context.Context) error

func (b balky) Record(ctx context.Context, _ ...domain.AuditEntry) error { return b(ctx) }

// What has happened has, whatever becomes of its entry; which is not lost.
func TestAnEntryThatCannotBeWrittenGoesToTheLog(t *testing.T) {
	archive := newArchive(t, balky(func(context.Context) error { return errors.New("disk full") }))
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Audit: archive.Audit})
	task := desk.create(application.Draft{Title: "title"})
	desk.want(bare(1, "title", noon), task, nil)
	if _, err := desk.tasks.Get(application.WithRequestID(t.Context(), "r"), user(t, "other"), "owner", 7); !errors.Is(err, domain.ErrNotOwner) {
		t.Errorf("the refusal became %v", err)
	}
	want := []map[string]any{
		{"at": "2026-02-03T12:04:05.678901Z", "actor": "owner", "owner": "owner", "action": "create", "tasks": []any{1.}, "outcome": "done", "token_id": "", "request_id": ""},
		{"at": "2026-02-03T12:04:05.678901Z", "actor": "other", "owner": "owner", "action": "read", "tasks": []any{7.}, "outcome": "not_owner", "token_id": "", "request_id": "r"},
	}
	lines := json.NewDecoder(&archive.failures)
	for _, want := range want {
		var line map[string]any
		if err := lines.Decode(&line); err != nil {
			t.Fatal(err)
		}
		delete(line, "time")
		want["level"], want["msg"], want["error"] = "ERROR", "audit entry not written", "disk full"
		if diff := cmp.Diff(want, line); diff != "" {
			t.Errorf("the line (-want +got):\n%s", diff)
		}
	}
	if lines.More() {
		t.Error("there are more lines")
	}
}

// Who goes away does not get out of being told of, and a log that hangs holds
// nobody up for long.
func TestAnEntryHasADeadlineOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var leave context.CancelFunc
		archive := newArchive(t, balky(func(ctx context.Context) error {
			leave()
			if ctx.Err() != nil {
				t.Error("the entry went with its client")
			}
			<-ctx.Done()
			return ctx.Err()
		}))
		desk := newDesk(t, memory.NewTasks(), application.TasksOptions{Audit: archive.Audit})
		ctx, cancel := context.WithCancel(t.Context())
		leave = cancel
		began := time.Now()
		if _, err := desk.tasks.Create(ctx, desk.actor, "owner", application.Draft{Title: "title"}, application.Once{}); err != nil {
			t.Error(err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("the request was held up for %v", took)
		}
		if !strings.Contains(archive.failures.String(), "deadline exceeded") {
			t.Errorf("the log has %q", archive.failures.String())
		}
	})
}
