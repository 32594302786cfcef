package boltstore

import (
	"encoding/json"
	"slices"

	"go.etcd.io/bbolt"
)

// get reads the value of a key, if there is one. A bucket that is not there
// has none.
func get[T any](bucket *bbolt.Bucket, key []byte) (value T, known bool, err error) {
	if bucket == nil {
		return value, false, nil
	}
	text := bucket.Get(key)
	if text == nil {
		return value, false, nil
	}
	return value, true, json.Unmarshal(text, &value)
}

func put(bucket *bbolt.Bucket, key []byte, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return bucket.Put(key, text)
}

func each[T any](bucket *bbolt.Bucket, do func(key []byte, value T) error) error {
	if bucket == nil {
		return nil
	}
	return bucket.ForEach(func(key, text []byte) error {
		var value T
		if err := json.Unmarshal(text, &value); err != nil {
			return err
		}
		return do(key, value)
	})
}

// drop deletes what is to go. bbolt does not let a bucket change while it is
// walked through.
func drop[T any](bucket *bbolt.Bucket, goes func(T) bool) error {
	var gone [][]byte
	err := each(bucket, func(key []byte, value T) error {
		if goes(value) {
			gone = append(gone, slices.Clone(key))
		}
		return nil
	})
	for _, key := range gone {
		if err := bucket.Delete(key); err != nil {
			return err
		}
	}
	return err
}
