package postgres

import (
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

// Cells of a line that take what pgx decodes, null being the zero value of each.
type (
	number       bunstore.Number
	text         bunstore.Text
	optionalText bunstore.OptionalText
	truth        bunstore.Truth
	document     bunstore.Document
	instant      bunstore.Instant
)

// decoded replaces cells by those for pgx.
func decoded(cells []any) []any {
	for i, cell := range cells {
		switch cell := cell.(type) {
		case *bunstore.Number:
			cells[i] = (*number)(cell)
		case *bunstore.Text:
			cells[i] = (*text)(cell)
		case bunstore.OptionalText:
			cells[i] = optionalText(cell)
		case *bunstore.Truth:
			cells[i] = (*truth)(cell)
		case *bunstore.Document:
			cells[i] = (*document)(cell)
		case *bunstore.Instant:
			cells[i] = (*instant)(cell)
		}
	}
	return cells
}

// ScanInt64 implements [pgtype.Int64Scanner].
func (n *number) ScanInt64(value pgtype.Int8) error {
	*n = number(value.Int64)
	return nil
}

// ScanText implements [pgtype.TextScanner].
func (t *text) ScanText(value pgtype.Text) error {
	*t = text(value.String)
	return nil
}

// ScanText implements [pgtype.TextScanner].
func (t optionalText) ScanText(value pgtype.Text) error {
	*t.To = nil
	if value.Valid {
		*t.To = &value.String
	}
	return nil
}

// ScanBool implements [pgtype.BoolScanner].
func (t *truth) ScanBool(value pgtype.Bool) error {
	*t = truth(value.Bool)
	return nil
}

// ScanBytes implements [pgtype.BytesScanner].
func (d *document) ScanBytes(value []byte) error {
	(*bunstore.Document)(d).Copy(value)
	return nil
}

// ScanTimestamptz implements [pgtype.TimestamptzScanner].
func (i *instant) ScanTimestamptz(value pgtype.Timestamptz) error {
	switch {
	case value.InfinityModifier != pgtype.Finite:
		return fmt.Errorf("cannot read a time from %v", value.InfinityModifier)
	case value.Valid:
		i.Time = domain.Moment(value.Time)
	default:
		*i = instant{}
	}
	return nil
}
