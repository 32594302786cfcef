// Package auditlog writes the audit log as lines, through log/slog.
package auditlog

import (
	"context"
	"log/slog"

	"github.com/taskward/taskward/domain"
)

// Log is a ports.AuditLog. It may be used by many goroutines if its handler may.
type Log struct{ handler slog.Handler }

// New returns a log of which each entry is a record for the handler: the
// message "audit" at the level of information and the time of the entry, with
// its members. The handler must not filter by level.
func New(handler slog.Handler) *Log { return &Log{handler} }

// Record implements ports.AuditLog.
func (l *Log) Record(ctx context.Context, entries ...domain.AuditEntry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, entry := range entries {
		line := slog.NewRecord(entry.At, slog.LevelInfo, "audit", 0)
		for name, value := range entry.Members() {
			line.AddAttrs(slog.Any(name, value))
		}
		if err := l.handler.Handle(ctx, line); err != nil {
			return err
		}
	}
	return nil
}
