package boltstore

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"

	"go.etcd.io/bbolt"
)

// rows are those of one owner: none if the bucket is nil, as it is for an owner
// nobody has heard of.
type rows struct {
	bucket *bbolt.Bucket
	err    error // what went wrong in writing: whoever commits looks at it
}

// get decodes what a row holds. If there is no such row the record stays zero.
func (r *rows) get(key []byte, record any) error {
	if r.bucket == nil {
		return nil
	}
	value := r.bucket.Get(key)
	if value == nil {
		return nil
	}
	if err := json.Unmarshal(value, record); err != nil {
		return fmt.Errorf("boltstore: decode row %q: %w", key, err)
	}
	return nil
}

// put writes a row, and the entries of indexes that lead to it.
func (r *rows) put(key []byte, record any, entries ...[]byte) {
	value, err := json.Marshal(record)
	r.err = errors.Join(r.err, err, r.bucket.Put(key, value))
	for _, entry := range entries {
		r.err = errors.Join(r.err, r.bucket.Put(entry, nil))
	}
}

// remove removes rows and entries.
func (r *rows) remove(keys ...[]byte) {
	for _, key := range keys {
		r.err = errors.Join(r.err, r.bucket.Delete(key))
	}
}

// span gives the entries of an index with the numbers from one and before
// another, and the keys they lead to, valid until something is written.
func (r *rows) span(in index, from, before int64) iter.Seq2[[]byte, []byte] {
	return func(yield func(entry, key []byte) bool) {
		if r.bucket == nil {
			return
		}
		cursor, first, end := r.bucket.Cursor(), in.entry(from, nil), in.entry(before, nil)
		entry, _ := cursor.Seek(first)
		for entry != nil && bytes.Compare(entry, end) < 0 && yield(entry, entry[len(first):]) {
			entry, _ = cursor.Next()
		}
	}
}

// index is a kind of rows that hold nothing. Their keys, the entries, sort by a
// number, and end with the key of the row that they lead to.
type index string

const (
	byChange   index = "change/"   // tasks by Sequence
	byDeletion index = "deletion/" // tasks that are not live, by DeletedAt
	byExpiry   index = "expiry/"   // answers by Until
)

func (i index) entry(number int64, key []byte) []byte {
	return append(numbered(string(i), number), key...)
}

// numbered is a key that sorts by a number. Its sign is turned round to have
// negative ones, such as moments before 1970, sort below the others.
func numbered(kind string, number int64) []byte {
	return binary.BigEndian.AppendUint64([]byte(kind), uint64(number)^1<<63) //nolint:gosec // G115: the bits are what is wanted
}
