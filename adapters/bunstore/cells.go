package bunstore

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/taskward/taskward/domain"
)

// Number takes a number of a line from a driver of database/sql, null as 0.
type Number int64

// Scan implements [sql.Scanner].
func (n *Number) Scan(source any) error {
	switch value := source.(type) {
	case int64:
		*n = Number(value)
	case nil:
		*n = 0
	default:
		return fmt.Errorf("cannot read a number from %T", source)
	}
	return nil
}

// Text takes a text, null as that without a character.
type Text string

// Scan implements [sql.Scanner].
func (t *Text) Scan(source any) error {
	switch value := source.(type) {
	case string:
		*t = Text(value)
	case []byte:
		*t = Text(value)
	case nil:
		*t = ""
	default:
		return fmt.Errorf("cannot read a text from %T", source)
	}
	return nil
}

// OptionalText takes a text, null as nil.
type OptionalText struct {
	to   **string
	text string // that of the line, for which there is one place
}

// Take takes a text if it is present, and null otherwise.
func (t *OptionalText) Take(text string, present bool) {
	t.text, *t.to = text, nil
	if present {
		*t.to = &t.text
	}
}

// Scan implements [sql.Scanner].
func (t *OptionalText) Scan(source any) error {
	var text Text
	err := text.Scan(source)
	t.Take(string(text), source != nil)
	return err
}

// Truth takes a truth value, null as false.
type Truth bool

// Scan implements [sql.Scanner].
func (t *Truth) Scan(source any) error {
	switch value := source.(type) {
	case bool:
		*t = Truth(value)
	case int64: // as SQLite may have it
		*t = value != 0
	case nil:
		*t = false
	default:
		return fmt.Errorf("cannot read a truth value from %T", source)
	}
	return nil
}

// Document takes JSON, null as nil.
type Document json.RawMessage

// Scan implements [sql.Scanner].
func (d *Document) Scan(source any) error {
	switch value := source.(type) {
	case []byte:
		*d = value
	case string:
		*d = Document(value)
	case nil:
		*d = nil
	default:
		return fmt.Errorf("cannot read a document from %T", source)
	}
	return nil
}

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
