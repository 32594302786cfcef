package postgres_test

import (
	"testing"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/ports"
	"github.com/taskward/taskward/ports/portstest"
)

func BenchmarkStore(b *testing.B) {
	portstest.BenchmarkTaskRepository(b, func(b *testing.B) ports.TaskRepository {
		return open(b, postgres.Options{URL: migrated(b), Prepare: true})
	})
}

// BenchmarkRowSecurity is BenchmarkStore behind the second wall.
func BenchmarkRowSecurity(b *testing.B) {
	for way, options := range ways {
		b.Run(way, func(b *testing.B) {
			portstest.BenchmarkTaskRepository(b, func(b *testing.B) ports.TaskRepository {
				administrator := migrated(b)
				if err := postgres.EnforceRowSecurity(b.Context(), administrator); err != nil {
					b.Fatal(err)
				}
				options.URL = postgrestest.Service(b, administrator, guide)
				return open(b, options)
			})
		})
	}
}
