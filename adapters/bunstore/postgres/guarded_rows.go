package postgres

import (
	"database/sql/driver"
	"io"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

// guardedRows are the rows of a statement that has ended.
type guardedRows struct {
	columns []string
	values  []driver.Value // row after row
}

func gather(result pgx.Rows, types *pgtype.Map) (*guardedRows, error) {
	defer result.Close()
	fields := result.FieldDescriptions()
	rows := &guardedRows{columns: make([]string, len(fields))}
	for i, field := range fields {
		rows.columns[i] = field.Name
	}
	for result.Next() {
		for i, raw := range result.RawValues() {
			value, err := valueOf(types, fields[i], raw)
			if err != nil {
				return nil, err
			}
			rows.values = append(rows.values, value)
		}
	}
	return rows, result.Err()
}

// Columns implements [driver.Rows].
func (r *guardedRows) Columns() []string { return r.columns }

// Next implements [driver.Rows].
func (r *guardedRows) Next(row []driver.Value) error {
	if len(r.values) == 0 {
		return io.EOF
	}
	r.values = r.values[copy(row, r.values[:len(r.columns)]):]
	return nil
}

// Close implements [driver.Rows].
func (r *guardedRows) Close() error {
	r.values = nil
	return nil
}

// valueOf gives a column as pgx gives it to database/sql, for the types that
// the store's statements answer.
func valueOf(types *pgtype.Map, field pgconn.FieldDescription, raw []byte) (driver.Value, error) {
	if raw == nil {
		return nil, nil
	}
	switch field.DataTypeOID {
	case pgtype.BoolOID:
		return scan[bool](types, field, raw)
	case pgtype.Int2OID, pgtype.Int4OID, pgtype.Int8OID:
		return scan[int64](types, field, raw)
	case pgtype.TimestamptzOID:
		moment, err := scan[pgtype.Timestamptz](types, field, raw)
		if err != nil {
			return nil, err
		}
		return moment.Value()
	case pgtype.ByteaOID, pgtype.JSONBOID:
		return scan[[]byte](types, field, raw)
	}
	return scan[string](types, field, raw)
}

func scan[T any](types *pgtype.Map, field pgconn.FieldDescription, raw []byte) (value T, err error) {
	err = types.Scan(field.DataTypeOID, field.Format, raw, &value)
	return value, err
}
