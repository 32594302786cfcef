package postgres

import (
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/taskward/taskward/adapters/bunstore"
)

// Plain cells take what PostgreSQL's functions such as int8send give. pgx would
// make a value of its own of each first, which is an eighth of the processor
// time of a list of 20.
type (
	number       bunstore.Number
	truth        bunstore.Truth
	instant      bunstore.Instant
	text         bunstore.Text
	optionalText bunstore.OptionalText
	document     bunstore.Document
)

// plain gives the plain cell for a field, nil if there is none: statements that
// are not prepared are answered with other formats.
func plain(place sql.Scanner, field pgconn.FieldDescription) cell {
	isBinary := func(types ...uint32) bool {
		return field.Format == pgtype.BinaryFormatCode && slices.Contains(types, field.DataTypeOID)
	}
	isText := func(oid uint32) bool { return field.Format == pgtype.TextFormatCode && field.DataTypeOID == oid }
	switch place := place.(type) {
	case *bunstore.Number:
		if isBinary(pgtype.Int8OID, pgtype.Int2OID) {
			return (*number)(place)
		}
	case *bunstore.Truth:
		if isBinary(pgtype.BoolOID) {
			return (*truth)(place)
		}
	case *bunstore.Instant:
		if isBinary(pgtype.TimestamptzOID) {
			return (*instant)(place)
		}
	case *bunstore.Text:
		if isText(pgtype.TextOID) {
			return (*text)(place)
		}
	case *bunstore.OptionalText:
		if isText(pgtype.TextOID) {
			return (*optionalText)(place)
		}
	case *bunstore.Document:
		if isText(pgtype.JSONBOID) {
			return (*document)(place)
		}
	}
	return nil
}

// How many bytes int2 and int8 have.
const (
	size2 = 2
	size8 = 8
)

func (n *number) take(value []byte) error {
	switch len(value) {
	case 0: // null
		*n = 0
	case size2:
		*n = number(int16(binary.BigEndian.Uint16(value))) //nolint:gosec // G115: the sign is in it
	case size8:
		*n = number(int64(binary.BigEndian.Uint64(value))) //nolint:gosec // G115: the sign is in it
	default:
		return fmt.Errorf("cannot read a number from %d bytes", len(value))
	}
	return nil
}

func (t *truth) take(value []byte) error {
	*t = len(value) == 1 && value[0] != 0
	return nil
}

// epoch is that of PostgreSQL, so long after that of Unix.
const epoch = 946684800 * time.Second

func (i *instant) take(value []byte) error {
	*i = instant{}
	if value == nil {
		return nil
	}
	var since number // the epoch, in microseconds
	if err := since.take(value); err != nil {
		return err
	}
	if since == math.MaxInt64 || since == math.MinInt64 {
		return errors.New("cannot read a time from infinity")
	}
	i.Time = time.UnixMicro(int64(since)).UTC().Add(epoch)
	return nil
}

func (t *text) take(value []byte) error {
	*t = text(value)
	return nil
}

func (t *optionalText) take(value []byte) error {
	(*bunstore.OptionalText)(t).Take(string(value), value != nil)
	return nil
}

func (d *document) take(value []byte) error {
	*d = value
	return nil
}
