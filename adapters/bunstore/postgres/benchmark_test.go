package postgres_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func BenchmarkStore(b *testing.B) {
	portstest.BenchmarkTaskRepository(b, func(b *testing.B) ports.TaskRepository {
		return open(b, postgres.Options{URL: migrated(b), Prepare: true})
	})
}
