package postgres

import (
	"time"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// arrays gives the tasks column by column.
func arrays(tasks []domain.Task) []any {
	rows := make([]bunstore.Row, len(tasks))
	for i, task := range tasks {
		rows[i] = bunstore.RowOf(task)
	}
	return []any{
		column(rows, func(row bunstore.Row) int64 { return row.ID }),
		column(rows, func(row bunstore.Row) string { return row.Title }),
		column(rows, func(row bunstore.Row) *string { return row.Description }),
		column(rows, func(row bunstore.Row) bool { return row.Completed }),
		column(rows, func(row bunstore.Row) *time.Time { return row.CompletedAt.Nullable() }),
		column(rows, func(row bunstore.Row) int64 { return row.Priority }),
		column(rows, func(row bunstore.Row) string { return string(row.Tags) }),
		column(rows, func(row bunstore.Row) *string { return row.DueDate }),
		column(rows, func(row bunstore.Row) *string { return row.DueZone }),
		column(rows, func(row bunstore.Row) *string { return row.Position }),
		column(rows, func(row bunstore.Row) time.Time { return row.CreatedAt.Time }),
		column(rows, func(row bunstore.Row) time.Time { return row.UpdatedAt.Time }),
		column(rows, func(row bunstore.Row) int64 { return row.Sequence }),
		column(rows, func(row bunstore.Row) *int64 { return row.DueAt }),
		column(rows, func(row bunstore.Row) *string { return row.TitleFolded }),
		column(rows, func(row bunstore.Row) *string { return row.DescriptionFolded }),
		column(rows, func(row bunstore.Row) *time.Time { return row.DeletedAt.Nullable() }),
		column(rows, func(row bunstore.Row) bool { return row.Purged }),
	}
}

func column[Row, T any](rows []Row, of func(Row) T) []T {
	column := make([]T, len(rows))
	for i, row := range rows {
		column[i] = of(row)
	}
	return column
}
