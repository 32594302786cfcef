package application

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Audit has it written down who did what, and who was refused for what they
// may not do. A nil one writes nothing.
//
// An entry is written once a change has happened, before its answer. It takes
// nothing back if that fails: then the entry goes to the log of failures.
type Audit struct {
	log      ports.AuditLog
	now      func() time.Time
	failures *slog.Logger
}

// NewAudit returns an audit that writes to log, with the time of refusals from
// now. What could not be written goes to failures, as errors.
func NewAudit(log ports.AuditLog, now func() time.Time, failures *slog.Logger) *Audit {
	return &Audit{log, now, failures}
}

// recordTimeout is how long a request waits for its entry to be written.
const recordTimeout = 2 * time.Second

// maxNamedOwner is how long the owner may be whom somebody names who is not that
// owner. Longer ones are left out: a token may have been put there by mistake.
const maxNamedOwner = 64

// Refuse writes down that the actor may not do something, with the tasks that
// were named, if that is what the error says. It returns the error.
func (a *Audit) Refuse(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, action domain.AuditAction, err error, tasks ...domain.TaskID) error {
	var refusal *domain.Error
	if a == nil || !errors.As(err, &refusal) || refusal.Kind != domain.Unauthenticated && refusal.Kind != domain.Forbidden {
		return err
	}
	if owner != actor.UserID() && len(owner) > maxNamedOwner {
		owner = ""
	}
	entry := a.entry(ctx, actor, owner, action)
	entry.At, entry.Tasks, entry.Outcome = domain.Moment(a.now()), tasks, refusal.Code
	a.record(ctx, entry)
	return err
}

// RefuseToken writes down that nobody was let in, for what the code names.
func (a *Audit) RefuseToken(ctx context.Context, code string) {
	_ = a.Refuse(ctx, domain.AuthenticatedUserContext{}, "", domain.AuditAuthenticate, &domain.Error{Kind: domain.Unauthenticated, Code: code})
}

// Swept writes down that all was erased that an owner had who is no user any
// more. Nobody asked for it over the API.
func (a *Audit) Swept(ctx context.Context, owner domain.UserID) {
	if a != nil {
		a.done(ctx, domain.AuthenticatedUserContext{}, owner, domain.AuditErase, a.now())
	}
}

// done writes down what happened at that time.
func (a *Audit) done(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, action domain.AuditAction, at time.Time) {
	if a == nil {
		return
	}
	entry := a.entry(ctx, actor, owner, action)
	entry.At = domain.Moment(at)
	a.record(ctx, entry)
}

// changed writes down the changes that made results, in their order: those of
// one kind that follow each other in one entry, as far as it has room.
func (a *Audit) changed(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, at time.Time, changes []domain.Change, results []domain.Task) {
	if a == nil {
		return
	}
	var entries []domain.AuditEntry
	for i, task := range results {
		action := domain.AuditActionOf(changes[i])
		last := len(entries) - 1
		if last < 0 || entries[last].Action != action || len(entries[last].Tasks) == domain.MaxAuditTasks {
			entry := a.entry(ctx, actor, owner, action)
			entry.At = domain.Moment(at)
			entries, last = append(entries, entry), last+1
		}
		entries[last].Tasks = append(entries[last].Tasks, task.ID)
	}
	a.record(ctx, entries...)
}

func (a *Audit) entry(ctx context.Context, actor domain.AuthenticatedUserContext, owner domain.UserID, action domain.AuditAction) domain.AuditEntry {
	session := actor.Session()
	return domain.AuditEntry{
		Actor: actor.UserID(), Owner: owner, Action: action, Outcome: domain.AuditDone,
		TokenID: cmp.Or(session.TokenID, domain.TokenID(session.ID)), RequestID: requestID(ctx),
	}
}

// record waits for the log, but not for long. Who goes away does not get out of
// it.
func (a *Audit) record(ctx context.Context, entries ...domain.AuditEntry) {
	if len(entries) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), recordTimeout)
	defer cancel()
	err := a.log.Record(ctx, entries...)
	if err == nil {
		return
	}
	for _, entry := range entries {
		line := []slog.Attr{slog.Any("error", err), slog.Time("at", entry.At)}
		for name, value := range entry.Members() {
			line = append(line, slog.Any(name, value))
		}
		a.failures.LogAttrs(ctx, slog.LevelError, "audit entry not written", line...)
	}
}

type requestIDKey struct{}

// WithRequestID names the request that is made with the context it gives, for
// the audit.
func WithRequestID(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestIDKey{}, id)
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string) // empty where nobody has named it
	return id
}
