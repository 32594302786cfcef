package memory_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestWakeups(t *testing.T) {
	shared := memory.NewWakeups()
	portstest.TestWakeups(t,
		func(*testing.T) ports.Wakeups { return shared },
		portstest.ClosingWakeups(func(*testing.T) portstest.ClosableWakeups { return memory.NewWakeups() }),
		portstest.ClosedWakeups(func(t *testing.T) ports.Wakeups {
			wakeups := memory.NewWakeups()
			if err := wakeups.Close(); err != nil {
				t.Fatal(err)
			}
			return wakeups
		}),
		portstest.WakeupsTwice(func(*testing.T) (one, other ports.Wakeups) { return shared, shared }),
	)
}
