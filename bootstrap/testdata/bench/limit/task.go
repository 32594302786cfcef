package main

import (
	"encoding/binary"
	"encoding/json"
	"strconv"
	"time"
)

// taskBytes is room for a task of the usual size.
const taskBytes = 512

// Columns of a row that are looked at beside [appendTask].
const (
	taskSequence  = 12
	ownerSequence = 13
)

// priorities by their numbers.
var priorities = [...]string{"", `"low"`, `"medium"`, `"high"`}

// appendTask writes a row as JSON. Numbers and times come in PostgreSQL's
// binary format, jsonb as its text.
func appendTask(dst []byte, owner string, row [][]byte) []byte {
	id := integer(row[0])
	dst = strconv.AppendInt(append(dst, `{"id":`...), id, 10)
	dst = append(append(append(dst, `,"user_id":"`...), owner...), '"')
	dst = appendText(append(dst, `,"title":`...), row[1])
	dst = appendText(append(dst, `,"description":`...), row[2])
	dst = strconv.AppendBool(append(dst, `,"completed":`...), row[3][0] != 0)
	dst = appendTime(append(dst, `,"completed_at":`...), row[4])
	dst = append(append(dst, `,"priority":`...), priorities[binary.BigEndian.Uint16(row[5])]...)
	dst = appendTags(append(dst, `,"tags":`...), row[6])
	dst = appendText(append(dst, `,"due_date":`...), row[7])
	dst = appendText(append(dst, `,"due_zone":`...), row[8])
	dst = append(dst, `,"position":`...)
	if row[9] != nil {
		dst = appendText(dst, row[9])
	} else {
		dst = append(strconv.AppendUint(append(dst, '"'), 1<<62+uint64(id), 16), '"') //nolint:gosec // G115: ids are positive
	}
	dst = strconv.AppendInt(append(dst, `,"version":`...), integer(row[taskSequence]), 10)
	dst = appendTime(append(dst, `,"created_at":`...), row[10])
	dst = appendTime(append(dst, `,"updated_at":`...), row[11])
	return append(dst, '}')
}

func integer(raw []byte) int64 { return int64(binary.BigEndian.Uint64(raw)) } //nolint:gosec // G115: the sign is in it

// epoch is PostgreSQL's, in microseconds of Unix.
const epoch = 946684800_000000

func appendTime(dst, raw []byte) []byte {
	if raw == nil {
		return append(dst, "null"...)
	}
	dst = time.UnixMicro(epoch+integer(raw)).UTC().AppendFormat(append(dst, '"'), time.RFC3339Nano)
	return append(dst, '"')
}

func appendText(dst, raw []byte) []byte {
	if raw == nil {
		return append(dst, "null"...)
	}
	for _, c := range raw {
		if c < ' ' || c == '"' || c == '\\' || c > '~' {
			quoted, _ := json.Marshal(string(raw)) // text always can be
			return append(dst, quoted...)
		}
	}
	return append(append(append(dst, '"'), raw...), '"')
}

// appendTags leaves out the spaces that PostgreSQL puts behind commas. No tag
// of a measurement has one.
func appendTags(dst, raw []byte) []byte {
	for _, c := range raw {
		if c != ' ' {
			dst = append(dst, c)
		}
	}
	return dst
}
