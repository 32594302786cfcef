package domain

import (
	"iter"
	"time"
)

// AuditEntry is who did what to which tasks, when, and what proved who they
// were; or what they were refused. It tells nothing of tasks but their ids, and
// nothing of tokens that lets anybody in.
type AuditEntry struct {
	At        time.Time // a [Moment]
	Actor     UserID    // who asked; empty if nobody was shown to
	Owner     UserID    // whose tasks or tokens it was about; empty if it did not come to that
	Action    AuditAction
	Tasks     []TaskID // in the order of the changes, at most [MaxAuditTasks]
	Outcome   string   // [AuditDone], or the code of the refusal
	TokenID   TokenID  // of the token that was asked with, or else of its session; empty if it told neither
	RequestID string   // that of the answer; empty if nobody named the request
}

// MaxAuditTasks is how many tasks one entry names. What was done to more is
// told in several.
const MaxAuditTasks = 100

// AuditDone is the outcome of what was not refused.
const AuditDone = "done"

// AuditAction says what was done, or refused. The list is closed.
type AuditAction string

// The actions.
const (
	AuditCreate       AuditAction = "create"
	AuditEdit         AuditAction = "edit"
	AuditComplete     AuditAction = "complete" // or the opposite
	AuditDelete       AuditAction = "delete"
	AuditRestore      AuditAction = "restore"
	AuditPurge        AuditAction = "purge"
	AuditImport       AuditAction = "import"
	AuditErase        AuditAction = "erase"
	AuditEndSession   AuditAction = "end_session"
	AuditEndSessions  AuditAction = "end_sessions"
	AuditRead         AuditAction = "read"         // refused alone: what may be read is not told
	AuditBatch        AuditAction = "batch"        // refused alone: else each of its changes is told
	AuditAuthenticate AuditAction = "authenticate" // refused alone
)

// AuditActionOf names what a change does.
func AuditActionOf(change Change) AuditAction {
	switch change.(type) {
	case Create:
		return AuditCreate
	case Import:
		return AuditImport
	case SetCompleted, ToggleCompleted:
		return AuditComplete
	case Delete:
		return AuditDelete
	case Restore:
		return AuditRestore
	case Purge:
		return AuditPurge
	}
	return AuditEdit
}

// Members are what an entry tells beside its time, by the names that they have
// in logs.
func (e AuditEntry) Members() iter.Seq2[string, any] {
	return func(yield func(string, any) bool) {
		_ = yield("actor", string(e.Actor)) && yield("owner", string(e.Owner)) && yield("action", string(e.Action)) &&
			yield("tasks", append([]TaskID{}, e.Tasks...)) && yield("outcome", e.Outcome) &&
			yield("token_id", string(e.TokenID)) && yield("request_id", e.RequestID)
	}
}
