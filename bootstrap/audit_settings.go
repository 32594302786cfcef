package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/taskward/taskward/adapters/auditlog"
	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/ports"
)

// AuditMode says where it is written down who did what.
type AuditMode string

// The audit modes.
const (
	AuditNothing  AuditMode = "off"
	AuditLines    AuditMode = "log"      // on standard output
	AuditDatabase AuditMode = "database" // in the Postgres of DATABASE_URL
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (m *AuditMode) UnmarshalText(text []byte) error {
	switch mode := AuditMode(text); mode {
	case AuditNothing, AuditLines, AuditDatabase:
		*m = mode
		return nil
	}
	return errors.New("must be off, log or database")
}

func openAuditLog(ctx context.Context, parts parts) (ports.AuditLog, error) {
	switch config := parts.Config; {
	case config.Audit == AuditLines && config.Output == nil:
		return nil, errNoOutput
	case config.Audit == AuditLines: // by a handler of its own: TASKWARD_LOG_LEVEL is not for it
		return auditlog.New(slog.NewJSONHandler(config.Output, nil)), nil
	case config.Database.Engine != Postgres: // where it is dev that says so
		return nil, errAuditNeedsPostgres
	}
	opened, err := parts.Store.open(ctx, parts)
	if err != nil {
		return nil, err
	}
	return opened.(*postgres.Store), nil //nolint:forcetypeassert // of this engine
}

var (
	errAuditNeedsPostgres = errors.New("TASKWARD_AUDIT=database needs PostgreSQL; with another database it can be log")
	errNoOutput           = errors.New("TASKWARD_AUDIT=log has nowhere to write to: Config.Output is not set")
)

// newAudit gives none where nothing is written down.
func newAudit(log ports.AuditLog, failures *slog.Logger) *application.Audit {
	if log == nil {
		return nil
	}
	return application.NewAudit(log, time.Now, failures)
}
