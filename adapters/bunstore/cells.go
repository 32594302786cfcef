package bunstore

import (
	"encoding/json"
	"fmt"
)

// Cells take what drivers give, null being the zero value of each.
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

// Scan implements [sql.Scanner].
func (t optionalText) Scan(source any) error {
	if source == nil {
		*t.to = nil
		return nil
	}
	*t.to = new(string)
	return (*text)(*t.to).Scan(source)
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

// Scan implements [sql.Scanner].
func (d *document) Scan(source any) error {
	switch value := source.(type) {
	case []byte:
		if *d = document(emptyTags); string(value) != noTags {
			*d = append(document(nil), value...) // the driver uses its own again
		}
	case string:
		*d = document(value)
	case nil:
		*d = nil
	default:
		return fmt.Errorf("cannot read a document from %T", source)
	}
	return nil
}

// emptyTags is what most rows have, and nobody changes.
var emptyTags = json.RawMessage(noTags)
