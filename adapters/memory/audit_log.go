package memory

import (
	"context"
	"slices"
	"sync"

	"github.com/taskward/taskward/domain"
)

// AuditLog is a ports.AuditLog. It may be used by many goroutines.
type AuditLog struct {
	mu      sync.RWMutex
	entries []domain.AuditEntry
	closed  bool
}

// NewAuditLog returns a log with nothing in it.
func NewAuditLog() *AuditLog { return &AuditLog{} }

// Close makes every later Record answer domain.ErrUnavailable. It never fails.
func (l *AuditLog) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	return nil
}

// Record implements ports.AuditLog.
func (l *AuditLog) Record(ctx context.Context, entries ...domain.AuditEntry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case l.closed:
		return domain.ErrUnavailable
	case ctx.Err() != nil:
		return ctx.Err()
	}
	for _, entry := range entries {
		entry.Tasks = slices.Clone(entry.Tasks)
		l.entries = append(l.entries, entry)
	}
	return nil
}

// Entries are all that were recorded, in their order.
func (l *AuditLog) Entries() []domain.AuditEntry {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.entries)
}
