package httpapi_test

import (
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// audited is a choice for a service that writes down what is done in log.
func audited(log *memory.AuditLog) func(*setup) {
	return func(s *setup) {
		audit := application.NewAudit(log, atDawn, slog.New(slog.DiscardHandler))
		s.tasks.Audit, s.sessions.Audit, s.options.Audit = audit, audit, audit
	}
}

// Who is refused at the door is written down with what they have tried. This
// holds every route to what is an owner's to what it is.
func TestRefusalsAreWrittenDown(t *testing.T) {
	log := memory.NewAuditLog()
	s := serve(t, audited(log))
	tried := map[string]domain.AuditEntry{
		"POST /api/:user_id/tasks":               {Action: domain.AuditCreate},
		"DELETE /api/:user_id/tasks":             {Action: domain.AuditErase},
		"POST /api/:user_id/tasks/batch":         {Action: domain.AuditBatch},
		"GET /api/:user_id/tasks/:id":            {Action: domain.AuditRead, Tasks: []domain.TaskID{7}},
		"HEAD /api/:user_id/tasks/:id":           {Action: domain.AuditRead, Tasks: []domain.TaskID{7}},
		"PUT /api/:user_id/tasks/:id":            {Action: domain.AuditEdit, Tasks: []domain.TaskID{7}},
		"PATCH /api/:user_id/tasks/:id":          {Action: domain.AuditEdit, Tasks: []domain.TaskID{7}},
		"DELETE /api/:user_id/tasks/:id":         {Action: domain.AuditDelete, Tasks: []domain.TaskID{7}},
		"PATCH /api/:user_id/tasks/:id/complete": {Action: domain.AuditComplete, Tasks: []domain.TaskID{7}},
		"POST /api/:user_id/trash/:id/restore":   {Action: domain.AuditRestore, Tasks: []domain.TaskID{7}},
		"DELETE /api/:user_id/trash/:id":         {Action: domain.AuditPurge, Tasks: []domain.TaskID{7}},
		"POST /api/:user_id/import":              {Action: domain.AuditImport},
		"DELETE /api/:user_id/session":           {Action: domain.AuditEndSession},
	}
	routes := 0
	for _, route := range s.Routes() {
		if !strings.HasPrefix(route.Path, "/api/:user_id/") {
			continue
		}
		want, changes := tried[route.Method+" "+route.Path]
		delete(tried, route.Method+" "+route.Path)
		if !changes {
			want.Action = domain.AuditRead
		}
		from := len(log.Entries())
		path := strings.NewReplacer(":user_id", "alice", ":id", "7").Replace(route.Path)
		answer := s.do(route.Method, path, as("bob")).want(403)
		want.At, want.Actor, want.Owner, want.Outcome, want.RequestID = dawn, "bob", "alice", "not_owner", answer.Get("X-Request-ID")
		if diff := cmp.Diff([]domain.AuditEntry{want}, log.Entries()[from:]); diff != "" {
			t.Errorf("%s %s (-want +got):\n%s", route.Method, route.Path, diff)
		}
		routes++
	}
	if len(tried) > 0 || routes < 20 {
		t.Errorf("of %d routes none is %v", routes, tried)
	}
}

func TestRefusedTokensAreWrittenDown(t *testing.T) {
	log := memory.NewAuditLog()
	s := serve(t, audited(log)).unheld()
	for _, refused := range []struct {
		parts  []part
		status int
		code   string
	}{
		{nil, 401, "token_missing"},
		{[]part{as("u"), as("u")}, 400, "authorization_repeated"},
		{[]part{header("Authorization", "Basic dTpw")}, 401, "scheme_not_supported"},
		{[]part{header("Authorization", "Bearer ö")}, 401, "authorization_malformed"},
		{[]part{header("Authorization", "Bearer no.token.of.ours")}, 401, "token_unknown"},
	} {
		for _, path := range []string{"/api/u/tasks", "/api/me", "/api/u/events"} {
			from := len(log.Entries())
			answer := s.do("GET", path, refused.parts...)
			answer.refused(refused.status, refused.code)
			want := []domain.AuditEntry{{At: dawn, Action: domain.AuditAuthenticate, Outcome: refused.code, RequestID: answer.Get("X-Request-ID")}}
			if diff := cmp.Diff(want, log.Entries()[from:]); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
	}
}

// What is written down of a request is found by the id that its answer has, be
// it the client's own.
func TestTheRequestIsWrittenDown(t *testing.T) {
	log := memory.NewAuditLog()
	s := serve(t, audited(log))
	for i, answer := range []*answer{
		s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"secret"}`)).want(201),
		s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":"secret"}`), header("X-Request-ID", "mine")).want(201),
		s.do("DELETE", "/api/me/tasks/1", as("u"), header("X-Request-ID", "not fit")).want(204),
	} {
		if got, want := log.Entries()[i].RequestID, answer.Get("X-Request-ID"); got != want || got == "" || i == 1 && got != "mine" {
			t.Errorf("request %d is told as %q, want %q", i, got, want)
		}
	}
}

func TestNothingElseIsWrittenDown(t *testing.T) {
	log := memory.NewAuditLog()
	s := serve(t, audited(log), limited(t, "1/h burst 8", atDawn))
	s.do("GET", "/api/u/tasks", as("u")).want(200)
	s.do("HEAD", "/api/u/tasks", as("u")).want(200)
	s.do("GET", "/api/u/tasks/1", as("u")).want(404)
	s.do("POST", "/api/u/tasks", as("u"), raw(`{"title":""}`)).want(422)
	s.do("DELETE", "/api/u/tasks/1", as("u")).want(404)
	s.do("GET", "/api/me", as("u")).want(200)
	s.do("DELETE", "/api/u/session", as("u")).want(409)
	s.do("GET", "/api/nothing/there/is", as("u")).want(404)
	s.do("GET", "/livez").want(200)
	for s.do("GET", "/api/u/session", as("u")).status != 429 {
	}
	if entries := log.Entries(); len(entries) > 0 {
		t.Errorf("entries %+v", entries)
	}
}
