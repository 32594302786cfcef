package postgres

import (
	"database/sql"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore"
)

// cell takes a column of a line as PostgreSQL sends it; nil is null.
type cell interface{ take(value []byte) error }

// cellsOf are those of the line that rows have columns for.
func cellsOf(line *bunstore.Line, rows pgx.Rows) ([]cell, error) {
	fields, types := rows.FieldDescriptions(), rows.Conn().TypeMap()
	cells := make([]cell, len(fields))
	for i, field := range fields {
		place, err := line.Cell(field.Name)
		if err != nil {
			return nil, err
		}
		if cells[i] = plain(place, field); cells[i] == nil {
			cells[i] = &decoded{place, field, types}
		}
	}
	return cells, nil
}

// decoded is a cell for what pgx decodes.
type decoded struct {
	place sql.Scanner
	field pgconn.FieldDescription
	types *pgtype.Map
}

func (d *decoded) take(value []byte) error {
	decoded, err := valueOf(d.types, d.field, value)
	if err != nil {
		return err
	}
	return d.place.Scan(decoded)
}
