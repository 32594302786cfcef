package memory_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestOwners(t *testing.T) {
	shared := memory.NewTasks()
	portstest.TestOwners(t,
		func(*testing.T) (ports.Owners, ports.TaskRepository) { return shared, shared },
		portstest.ClosedOwners(func(t *testing.T) ports.Owners {
			tasks := memory.NewTasks()
			if err := tasks.Close(); err != nil {
				t.Fatal(err)
			}
			return tasks
		}),
	)
}
