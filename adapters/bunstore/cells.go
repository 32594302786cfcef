package bunstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/domain"
)

// Cells take a column of a line, null being the zero value of each, in either
// of two ways: what a driver of database/sql gives for it, or what pgx decodes,
// without a value made for it in between.
type (
	number       int64
	text         string
	optionalText struct{ to **string }
	truth        bool
	document     json.RawMessage
)

// Scan implements [sql.Scanner].
func (n *number) Scan(source any) error {
	switch value := source.(type) {
	case int64:
		*n = number(value)
	case nil:
		*n = 0
	default:
		return fmt.Errorf("cannot read a number from %T", source)
	}
	return nil
}

// ScanInt64 implements [pgtype.Int64Scanner].
func (n *number) ScanInt64(value pgtype.Int8) error {
	*n = number(value.Int64)
	return nil
}

// Scan implements [sql.Scanner].
func (t *text) Scan(source any) error {
	switch value := source.(type) {
	case string:
		*t = text(value)
	case []byte:
		*t = text(value)
	case nil:
		*t = ""
	default:
		return fmt.Errorf("cannot read a text from %T", source)
	}
	return nil
}

// ScanText implements [pgtype.TextScanner].
func (t *text) ScanText(value pgtype.Text) error {
	*t = text(value.String)
	return nil
}

// Scan implements [sql.Scanner].
func (t optionalText) Scan(source any) error {
	if source == nil {
		*t.to = nil
		return nil
	}
	*t.to = new(string)
	return (*text)(*t.to).Scan(source)
}

// ScanText implements [pgtype.TextScanner].
func (t optionalText) ScanText(value pgtype.Text) error {
	*t.to = nil
	if value.Valid {
		*t.to = &value.String
	}
	return nil
}

// Scan implements [sql.Scanner].
func (t *truth) Scan(source any) error {
	switch value := source.(type) {
	case bool:
		*t = truth(value)
	case int64: // as SQLite may have it
		*t = value != 0
	case nil:
		*t = false
	default:
		return fmt.Errorf("cannot read a truth value from %T", source)
	}
	return nil
}

// ScanBool implements [pgtype.BoolScanner].
func (t *truth) ScanBool(value pgtype.Bool) error {
	*t = truth(value.Bool)
	return nil
}

// Scan implements [sql.Scanner].
func (d *document) Scan(source any) error {
	switch value := source.(type) {
	case []byte:
		return d.ScanBytes(value)
	case string:
		*d = document(value)
	case nil:
		*d = nil
	default:
		return fmt.Errorf("cannot read a document from %T", source)
	}
	return nil
}

// ScanBytes implements [pgtype.BytesScanner].
func (d *document) ScanBytes(value []byte) error {
	switch {
	case value == nil:
		*d = nil
	case string(value) == noTags:
		*d = document(emptyTags)
	default:
		*d = append(document(nil), value...) // the driver uses its own again
	}
	return nil
}

// emptyTags is what most rows have, and nobody changes.
var emptyTags = json.RawMessage(noTags)

// Scan implements [sql.Scanner].
func (i *Instant) Scan(source any) error {
	switch value := source.(type) {
	case time.Time:
		i.Time = domain.Moment(value)
	case int64:
		i.Time = time.UnixMicro(value).UTC()
	case nil:
		i.Time = time.Time{}
	default:
		return fmt.Errorf("cannot read a time from %T", source)
	}
	return nil
}

// ScanTimestamptz implements [pgtype.TimestamptzScanner].
func (i *Instant) ScanTimestamptz(value pgtype.Timestamptz) error {
	switch {
	case !value.Valid:
		i.Time = time.Time{}
	case value.InfinityModifier != pgtype.Finite:
		return fmt.Errorf("cannot read a time from %v", value.InfinityModifier)
	default:
		i.Time = domain.Moment(value.Time)
	}
	return nil
}
