package boltstore_test

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"example.com/boltstore"
	"github.com/taskward/taskward/domain"
	"go.etcd.io/bbolt"
)

func TestOpen(t *testing.T) {
	t.Run("An empty path fails", func(t *testing.T) {
		if _, err := boltstore.At("")(t.Context()); err == nil {
			t.Fatal("no error")
		}
	})
	t.Run("A file in use fails soon", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "tasks.db")
		openAt(t, path)
		begun := time.Now()
		_, err := boltstore.Open(path)
		if err == nil || !strings.Contains(err.Error(), path+" is in use") {
			t.Fatal(err)
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Fatalf("took %v", took)
		}
	})
	t.Run("What was stored is there again", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "tasks.db")
		store := openAt(t, path)
		created := create(t, store)
		if err := store.Close(); err != nil {
			t.Fatal(err)
		}
		task, err := openAt(t, path).Get(t.Context(), "alice", created.ID)
		if err != nil || task != created {
			t.Fatal(task, err)
		}
	})
}

func TestPing(t *testing.T) {
	if err := open(t).Ping(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := closed(t).Ping(t.Context()); !errors.Is(err, domain.ErrUnavailable) {
		t.Fatal(err)
	}
}

// The request is not to blame for a row that cannot be restored.
func TestBrokenRow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "tasks.db")
	store := openAt(t, path)
	created := create(t, store)
	if err := store.Close(); err != nil {
		t.Fatal(err)
	}
	breakRow(t, path)
	_, err := openAt(t, path).Get(t.Context(), "alice", created.ID)
	if err == nil || domain.KindOf(err) != domain.Internal {
		t.Fatal(err)
	}
}

func create(t *testing.T, store *boltstore.Store) domain.Task {
	t.Helper()
	title, err := domain.DefaultLimits.ParseTitle("Water the plants")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	results, err := store.Apply(t.Context(), "alice", domain.NewBatch(noon, domain.Create{Title: title}))
	if err != nil {
		t.Fatal(err)
	}
	return results[0]
}

// breakRow gives alice's first task a priority that there is not.
func breakRow(t *testing.T, path string) {
	t.Helper()
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		rows := tx.Bucket([]byte("alice"))
		key, value := rows.Cursor().Seek([]byte("task/"))
		return rows.Put(key, bytes.ReplaceAll(value, []byte("medium"), []byte("enormous")))
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
}
