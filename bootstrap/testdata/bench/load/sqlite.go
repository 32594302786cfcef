package main

import (
	"context"
	"fmt"
	"strings"

	"example.com/bench/internal/database"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// fillFile puts into a SQLite file what is in PostgreSQL.
func (b *bench) fillFile(ctx context.Context, everybody database.Group) (err error) {
	b.Say("insert as many into a SQLite file")
	if b.file, err = database.NewFile(); err != nil {
		return err
	}
	if err := service.Migrate(ctx, b.Taskward, b.file.URL()); err != nil {
		return err
	}
	return b.file.Seed(ctx, everybody)
}

func (b *bench) onFile() service.Spec {
	return service.Taskward("Taskward, SQLite", b.Taskward, b.file.URL())
}

// onSQLite is the table about SQLite, which has no process to use CPU but the
// server's.
func (r *report) onSQLite() string {
	var table strings.Builder
	fmt.Fprintf(&table, "\nOn SQLite, with the same %d tasks in one file and each change on disk before it is answered:\n\n", r.owners*r.tasks)
	table.WriteString("| workload | requests a second | of the limit | of Taskward on PostgreSQL | server CPU | p99 |\n|---|---|---|---|---|---|\n")
	for _, w := range r.workloads {
		fmt.Fprintf(&table, "| %s | %.0f | %.2f × | %.2f × | %.0f µs | %.2f ms |\n", w.name, w.onFile.Median(measure.Rate),
			w.onFile.Against(w.limit, measure.Rate).Median, w.onFile.Against(w.plain, measure.Rate).Median,
			w.onFile.Median(measure.ServerCPU), w.onFile.Median(measure.P99))
	}
	return table.String()
}
