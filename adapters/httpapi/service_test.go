package httpapi_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/httpapi"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// service is an API and what a test needs to talk to it. Each answer is held
// against openapi.yaml.
type service struct {
	*httpapi.API
	t   testing.TB
	log *logbook
}

// setup is what a test can choose about a service.
type setup struct {
	repository ports.TaskRepository
	tasks      application.TasksOptions
	verifier   ports.TokenVerifier
	sessions   application.SessionsOptions
	directory  ports.UserDirectory
	checks     []httpapi.Check
	options    httpapi.Options
}

// serve makes a service with an empty memory for a store, whose clock begins
// in 2026 and goes on by a second with each change.
func serve(t testing.TB, choices ...func(*setup)) *service {
	t.Helper()
	log := &logbook{}
	chosen := setup{repository: memory.NewTasks(), verifier: verifier{}}
	chosen.options.Logger = slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	for _, choose := range choices {
		choose(&chosen)
	}
	var seconds atomic.Int64
	clock := func() time.Time { return dawn.Add(time.Duration(seconds.Add(1)) * time.Second) }
	tasks := application.NewTasks(chosen.repository, memory.NewWakeups(), clock, chosen.tasks)
	api, err := httpapi.New(tasks, sessions(t, chosen.verifier, chosen.sessions), application.NewUsers(chosen.directory), chosen.checks, chosen.options)
	if err != nil {
		t.Fatal(err)
	}
	return &service{API: api, t: t, log: log}
}

func sessions(t testing.TB, verifier ports.TokenVerifier, options application.SessionsOptions) *application.Sessions {
	t.Helper()
	sessions, err := application.NewSessions(verifier, func() time.Time { return dawn }, options)
	if err != nil {
		t.Fatal(err)
	}
	return sessions
}

var dawn = time.Date(2026, 1, 2, 3, 4, 5, 678900000, time.UTC)

// quiet is a choice for a service that keeps no log: fuzzing would fill it.
func quiet(s *setup) { s.options.Logger = nil }

// do sends a request without a connection and returns the answer.
func (s *service) do(method, target string, parts ...part) *answer {
	s.t.Helper()
	request := httptest.NewRequestWithContext(s.t.Context(), method, target, nil)
	for _, part := range parts {
		part(request)
	}
	recorder := httptest.NewRecorder()
	s.ServeHTTP(recorder, request)
	s.hold(request, recorder.Code, recorder.Header(), recorder.Body.Bytes())
	return &answer{t: s.t, status: recorder.Code, Header: recorder.Header(), body: recorder.Body.Bytes()}
}

// unheld is the service for answers that openapi.yaml has no place for.
func (s *service) unheld() *service {
	return &service{API: s.API, t: &lenient{s.t}, log: s.log}
}

// lenient takes note of nothing but what ends a test.
type lenient struct{ testing.TB }

func (*lenient) Errorf(string, ...any) {}

// create makes a task of the user's.
func (s *service) create(user, title string) {
	s.t.Helper()
	s.do("POST", "/api/me/tasks", as(user), sending(map[string]any{"title": title})).want(201)
}

// part is one part of a request.
type part func(*http.Request)

// as authenticates a user.
func as(user string) part { return header("Authorization", "Bearer "+tokenOf(user)) }

// header adds a header.
func header(name, value string) part {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

// raw is a JSON body as it stands.
func raw(body string) part {
	return func(r *http.Request) {
		r.Header.Set("Content-Type", "application/json")
		content(body)(r)
	}
}

// content is a body that nothing is said about.
func content(body string) part {
	return func(r *http.Request) {
		r.Body = io.NopCloser(strings.NewReader(body))
		r.ContentLength = int64(len(body))
	}
}

// sending is a JSON body made of a value.
func sending(value any) part {
	body, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return raw(string(body))
}

// answer is what came back.
type answer struct {
	http.Header
	t      testing.TB
	status int
	body   []byte
}

// task is a task as it comes over the wire.
type task struct {
	ID          int        `json:"id"`
	UserID      string     `json:"user_id"`
	Title       string     `json:"title"`
	Description *string    `json:"description"`
	Completed   bool       `json:"completed"`
	CompletedAt *time.Time `json:"completed_at"`
	Priority    string     `json:"priority"`
	Tags        []string   `json:"tags"`
	DueDate     *string    `json:"due_date"`
	DueZone     *string    `json:"due_zone"`
	Position    string     `json:"position"`
	Version     int        `json:"version"`
	CreatedAt   time.Time  `json:"created_at"`
	UpdatedAt   time.Time  `json:"updated_at"`
	DeletedAt   *time.Time `json:"deleted_at,omitempty"`
}

// problem is an error as it comes over the wire.
type problem struct {
	Type      string       `json:"type"`
	Title     string       `json:"title"`
	Status    int          `json:"status"`
	Detail    string       `json:"detail"`
	Code      string       `json:"code"`
	Errors    []fieldError `json:"errors"`
	Parts     []partError  `json:"operations"`
	RequestID string       `json:"request_id"`
}

// partError is why one operation of several failed.
type partError struct {
	Operation int
	Status    int
	Code      string
	Errors    []fieldError
}

type fieldError struct{ Field, Detail string }

// fields names what a problem finds fault with.
func (p problem) fields() string {
	names := make([]string, len(p.Errors))
	for i, fault := range p.Errors {
		names[i] = fault.Field
	}
	return strings.Join(names, " ")
}

// want fails the test if the status is another.
func (a *answer) want(status int) *answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("answered %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// refused fails the test unless the answer is this problem.
func (a *answer) refused(status int, code string) problem {
	a.t.Helper()
	refusal := a.want(status).problem()
	if media := a.Get("Content-Type"); media != "application/problem+json" {
		a.t.Errorf("Content-Type %q, want application/problem+json", media)
	}
	if refusal.Code != code || refusal.Status != status || refusal.Title != http.StatusText(status) || refusal.Type != "about:blank" {
		a.t.Errorf("answered %s, want code %s", a.body, code)
	}
	if refusal.RequestID == "" || refusal.RequestID != a.Get("X-Request-ID") {
		a.t.Errorf("request id %q in the problem, %q in the header", refusal.RequestID, a.Get("X-Request-ID"))
	}
	return refusal
}

func (a *answer) problem() (got problem) {
	a.t.Helper()
	a.decode(&got)
	return got
}

func (a *answer) task() (got task) {
	a.t.Helper()
	a.decode(&got)
	return got
}

// ids are those of the tasks in a list.
func (a *answer) ids() []int {
	a.t.Helper()
	var tasks []task
	a.want(200).decode(&tasks)
	ids := make([]int, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}

func (a *answer) decode(into any) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
}

// verifier takes the tokens of tokenOf, and knows more of alice.
type verifier struct{ life time.Duration } // of tokens, 0 being an hour

const tokenPrefix = "test."

func tokenOf(user string) string {
	return tokenPrefix + base64.RawURLEncoding.EncodeToString([]byte(user))
}

func (v verifier) Verify(_ context.Context, token string) (domain.AuthenticatedUserContext, error) {
	encoded, ours := strings.CutPrefix(token, tokenPrefix)
	id, err := base64.RawURLEncoding.DecodeString(encoded)
	if !ours || err != nil {
		return domain.AuthenticatedUserContext{}, errBadToken
	}
	user := domain.User{ID: domain.UserID(id)}
	if user.ID == "alice" {
		email, emailErr := domain.ParseEmail("alice@example.org")
		err = errors.Join(err, emailErr)
		user.Email, user.Name, user.CreatedAt, user.UpdatedAt = email, `Alice "<&>" A.`, dawn, dawn.Add(time.Hour).In(time.FixedZone("", 7200))
	}
	actor, authErr := domain.Authenticate(user, domain.Session{UserID: user.ID, ExpiresAt: dawn.Add(cmp.Or(v.life, time.Hour))})
	return actor, errors.Join(err, authErr)
}

var errBadToken = &domain.Error{Kind: domain.Unauthenticated, Code: "token_unknown", Detail: `This is "no" token of ours.`}

// logbook collects what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *logbook) Write(line []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(line)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// lines are the log's lines.
func (l *logbook) lines(t testing.TB) (lines []map[string]any) {
	t.Helper()
	for text := range strings.Lines(l.String()) {
		line := map[string]any{}
		if err := json.Unmarshal([]byte(text), &line); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, line)
	}
	return lines
}

// last is the log's last line.
func (l *logbook) last(t testing.TB) map[string]any {
	t.Helper()
	lines := l.lines(t)
	if len(lines) == 0 {
		t.Fatal("nothing was logged")
	}
	return lines[len(lines)-1]
}

// repository is a store of which a test replaces what it wants.
type repository struct {
	ports.TaskRepository
	get   func(context.Context, domain.UserID, domain.TaskID) (domain.Task, error)
	list  func(context.Context, domain.UserID, domain.TaskQuery) (domain.TaskPage, error)
	apply func(context.Context, domain.UserID, domain.Batch) ([]domain.Task, error)
}

func (r repository) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	if r.get == nil {
		return r.TaskRepository.Get(ctx, owner, id)
	}
	return r.get(ctx, owner, id)
}

func (r repository) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	if r.list == nil {
		return r.TaskRepository.List(ctx, owner, query)
	}
	return r.list(ctx, owner, query)
}

func (r repository) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	if r.apply == nil {
		return r.TaskRepository.Apply(ctx, owner, batch)
	}
	return r.apply(ctx, owner, batch)
}

// getting is a choice for a store whose Get is as given.
func getting(get func(context.Context) error) func(*setup) {
	return func(s *setup) {
		s.repository = repository{
			TaskRepository: s.repository,
			get: func(ctx context.Context, _ domain.UserID, _ domain.TaskID) (domain.Task, error) {
				return domain.Task{}, get(ctx)
			},
		}
	}
}

// failing is a choice for a store whose Get fails.
func failing(err error) func(*setup) {
	return getting(func(context.Context) error { return fmt.Errorf("store: %w", err) })
}
