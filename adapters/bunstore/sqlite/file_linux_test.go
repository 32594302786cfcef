package sqlite_test

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A program that is done with a file whose log nobody else seems to have open
// takes the log away, with what is written to it from then on.
func TestStoresHoldTheirFile(t *testing.T) {
	path := migrated(t, filepath.Join(t.TempDir(), "tasks.db"))
	create(t, open(t, path), "held")
	open(t, path) // of the same process: one for tasks, one for revocations

	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	const (
		ofdGetLock = 36         // F_OFD_GETLK, which sees the locks of this process, too
		shared     = 0x40000002 // where SQLite has its shared locks: https://www.sqlite.org/src/file/src/os.h
	)
	held := syscall.Flock_t{Type: syscall.F_WRLCK, Whence: io.SeekStart, Start: shared, Len: 510}
	if err := syscall.FcntlFlock(file.Fd(), ofdGetLock, &held); err != nil {
		t.Fatal(err)
	}
	if held.Type == syscall.F_UNLCK {
		t.Error("nothing keeps others from taking the log away")
	}
}
