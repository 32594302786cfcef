package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// AuditLog writes down who did what, and who was refused. It is written to and
// never read by Taskward. It reads no clock, and judges nothing: what comes is
// an entry.
//
// Every sentence from here on is a rule that portstest.TestAuditLog checks
// under the same words.
type AuditLog interface {
	// Record writes every member of each entry as it is. Any ids are kept as
	// they are. Entries stand in the order in which they came, whatever their
	// times are. An entry that comes twice is there twice. To record no entries
	// writes nothing. What becomes of an entry after Record does not show. What
	// is recorded at the same time is all there, each entry whole. Record
	// returns the context's error if the context has ended. Nothing is written
	// if the context has ended. A closed log answers with domain.Unavailable.
	Record(ctx context.Context, entries ...domain.AuditEntry) error
}
