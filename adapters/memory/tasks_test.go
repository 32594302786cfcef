package memory_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func TestTasks(t *testing.T) {
	portstest.TestTaskRepository(t,
		func(*testing.T) ports.TaskRepository { return memory.NewTasks() },
		portstest.Closed(func(t *testing.T) ports.TaskRepository {
			tasks := memory.NewTasks()
			if err := tasks.Close(); err != nil {
				t.Fatal(err)
			}
			return tasks
		}),
	)
}
