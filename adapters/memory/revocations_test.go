package memory_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestRevocations(t *testing.T) {
	shared := memory.NewRevocations()
	portstest.TestRevocations(t,
		func(*testing.T) ports.Revocations { return shared },
		portstest.ClosedRevocations(func(t *testing.T) ports.Revocations {
			revocations := memory.NewRevocations()
			if err := revocations.Close(); err != nil {
				t.Fatal(err)
			}
			return revocations
		}),
	)
}
