package httpapi

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"

	"github.com/taskward/taskward/domain"
)

// A cursor is the task that a page ended with, and a checksum over it and the
// list it is from, so that a cursor that was damaged or taken to another list
// or owner is noticed. That is integrity and not secrecy: whoever computes a
// checksum of their own reaches their own tasks, as any cursor does.

const (
	cursorVersion  = 1
	cursorIDBytes  = 8
	cursorSumBytes = 8
)

// encodeCursor is the cursor of the page of the owner's list that ends with last.
func encodeCursor(owner domain.UserID, query domain.TaskQuery, last domain.TaskID) string {
	cursor := binary.BigEndian.AppendUint64([]byte{cursorVersion}, uint64(last)) //nolint:gosec // G115: read back in the same way
	sum := sha256.Sum256(append(listIdentity(owner, query), cursor...))
	return base64.RawURLEncoding.EncodeToString(append(cursor, sum[:cursorSumBytes]...))
}

// decodeCursor gives the task after which the owner's list is to go on.
func decodeCursor(text string, owner domain.UserID, query domain.TaskQuery) (domain.TaskID, error) {
	cursor, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(cursor) != 1+cursorIDBytes+cursorSumBytes {
		return 0, invalidCursor
	}
	last := domain.TaskID(binary.BigEndian.Uint64(cursor[1:])) //nolint:gosec // G115: checked below
	if last < 1 || encodeCursor(owner, query, last) != text {
		return 0, invalidCursor
	}
	return last, nil
}

// listIdentity tells any two lists apart: the owner comes last, so that no two
// of them run into each other.
func listIdentity(owner domain.UserID, query domain.TaskQuery) []byte {
	filter := byte('-')
	if completed, only := query.Completed.Get(); only && completed {
		filter = 'c'
	} else if only {
		filter = 'p'
	}
	return append([]byte{filter, byte(query.Order)}, owner...)
}
