package memory_test

import (
	"context"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestAuditLog(t *testing.T) {
	log := memory.NewAuditLog()
	portstest.TestAuditLog(t,
		portstest.AuditHarness{
			Log:  log,
			Read: func(context.Context) ([]domain.AuditEntry, error) { return log.Entries(), nil },
		},
		portstest.ClosedAuditLog(func(t *testing.T) ports.AuditLog {
			log := memory.NewAuditLog()
			if err := log.Close(); err != nil {
				t.Fatal(err)
			}
			return log
		}),
	)
}
