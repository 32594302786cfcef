package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func BenchmarkStore(b *testing.B) {
	portstest.BenchmarkTaskRepository(b, func(b *testing.B) ports.TaskRepository {
		return open(b, migrated(b, filepath.Join(b.TempDir(), "tasks.db")))
	})
}
