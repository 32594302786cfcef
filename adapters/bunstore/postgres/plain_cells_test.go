package postgres

import (
	"bytes"
	"math"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore"
)

// What is taken as it is sent is what pgx makes of it.
func TestPlainCellsTakeWhatPgxDecodes(t *testing.T) {
	types := pgtype.NewMap()
	for _, test := range []struct {
		column string
		oid    uint32
		values []any
	}{
		{"id", pgtype.Int8OID, []any{int64(1), int64(-1), int64(math.MaxInt64), int64(math.MinInt64), nil}},
		{"priority", pgtype.Int2OID, []any{int16(1), int16(-1), int16(math.MaxInt16), int16(math.MinInt16), nil}},
		{"completed", pgtype.BoolOID, []any{true, false, nil}},
		{"title", pgtype.TextOID, []any{"milk", "", "Grüße", nil}},
		{"description", pgtype.TextOID, []any{"milk", "", nil}},
		{"tags", pgtype.JSONBOID, []any{`["a", "b"]`, `[]`, nil}},
		{"completed_at", pgtype.TimestamptzOID, []any{
			time.Date(2026, 11, 28, 23, 1, 2, 345678000, time.UTC), time.Date(1999, 12, 31, 23, 59, 59, 999999000, time.UTC),
			time.Date(-4712, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(294276, 12, 31, 0, 0, 0, 0, time.UTC), nil,
			pgtype.Timestamptz{InfinityModifier: pgtype.Infinity, Valid: true},
			pgtype.Timestamptz{InfinityModifier: pgtype.NegativeInfinity, Valid: true},
		}},
	} {
		field := pgconn.FieldDescription{Name: test.column, DataTypeOID: test.oid, Format: types.FormatCodeForOID(test.oid)}
		for _, value := range test.values {
			sent, err := types.Encode(test.oid, field.Format, value, []byte{})
			if err != nil {
				t.Fatal(err)
			}
			var plainly, slowly bunstore.Line
			place, err := plainly.Cell(test.column)
			if err != nil {
				t.Fatal(err)
			}
			other, err := slowly.Cell(test.column)
			if err != nil {
				t.Fatal(err)
			}
			taken := plain(place, field)
			if taken == nil {
				t.Fatalf("%s goes through pgx", test.column)
			}
			err, reference := taken.take(sent), (&decoded{other, field, types}).take(sent)
			if (err == nil) != (reference == nil) || !alike(&plainly, &slowly) {
				t.Errorf("%s of %v: got %+v and error %v, want %+v and error %v", test.column, value, plainly, err, slowly, reference)
			}
		}
	}
}

func alike(one, other *bunstore.Line) bool {
	return one.ID == other.ID && one.Priority == other.Priority && one.Completed == other.Completed && one.Title == other.Title &&
		(one.Description == nil) == (other.Description == nil) && (one.Description == nil || *one.Description == *other.Description) &&
		bytes.Equal(one.Tags, other.Tags) && one.CompletedAt == other.CompletedAt
}

func TestPlainCellsTakeNothingElse(t *testing.T) {
	for _, column := range []string{"id", "completed_at"} {
		var line bunstore.Line
		place, err := line.Cell(column)
		if err != nil {
			t.Fatal(err)
		}
		for oid, format := range map[uint32]int16{pgtype.Int8OID: pgtype.TextFormatCode, pgtype.TimestamptzOID: pgtype.TextFormatCode, pgtype.Float8OID: pgtype.BinaryFormatCode} {
			if plain(place, pgconn.FieldDescription{DataTypeOID: oid, Format: format}) != nil {
				t.Errorf("%s is taken from type %d in format %d", column, oid, format)
			}
		}
	}
	for name, cell := range map[string]cell{"a number": new(number), "a time": new(instant)} {
		if err := cell.take([]byte("seven")); err == nil {
			t.Errorf("%s is made of five bytes", name)
		}
	}
}
