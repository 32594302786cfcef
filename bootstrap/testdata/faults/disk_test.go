package faults_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// A disk is a small one of a test's own.
type disk struct{ path string }

// newDisk mounts one that belongs to a user. Only root can do that, and not everywhere.
func newDisk(t *testing.T, megabytes int, owner uint32) disk {
	t.Helper()
	d := disk{t.TempDir()}
	options := fmt.Sprintf("size=%dm,mode=0700,uid=%d", megabytes, owner)
	if err := syscall.Mount("tmpfs", d.path, "tmpfs", 0, options); err != nil {
		t.Skipf("a disk that can be full has to be mounted, and that fails here: %v", err)
	}
	t.Cleanup(func() {
		// What was kept on it may be open still.
		if err := syscall.Unmount(d.path, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	// Whoever it belongs to has to get there.
	for parent := filepath.Dir(d.path); parent != "/" && parent != os.TempDir(); parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return d
}

// fill takes what is free on the disk.
func (d disk) fill(t *testing.T) {
	t.Helper()
	ballast, err := os.Create(d.ballast())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = ballast.Close() }() // its writes fail in the end anyhow
	for err == nil {
		_, err = ballast.Write(make([]byte, 4096))
	}
}

func (d disk) free(t *testing.T) {
	t.Helper()
	if err := os.Remove(d.ballast()); err != nil {
		t.Fatal(err)
	}
}

func (d disk) ballast() string { return filepath.Join(d.path, "ballast") }

// Where there is no room for more, what is there can be read, and writing goes on as soon as there is room.
func TestDiskFull(t *testing.T) {
	runs := times(3, 1)
	for _, engine := range []struct {
		name     string
		database func(t *testing.T) (disk, string)
	}{
		{"PostgreSQL", func(t *testing.T) (disk, string) {
			server, err := server()
			if err != nil {
				t.Fatal(err)
			}
			// Tables alone are on it: PostgreSQL ends when it cannot write its log.
			disk := newDisk(t, 32, userOf(t, server.Postmaster().Pid))
			administrator := database{Server: server}
			name := "disk_" + strconv.Itoa(os.Getpid())
			administrator.execute(t, server.URL("postgres"), fmt.Sprintf("CREATE TABLESPACE %s LOCATION '%s'", name, disk.path))
			t.Cleanup(func() { administrator.execute(t, server.URL("postgres"), "DROP TABLESPACE "+name) })
			return disk, newDatabase(t, "TABLESPACE", name).url
		}},
		{"SQLite", func(t *testing.T) (disk, string) {
			disk := newDisk(t, 8, 0)
			return disk, "sqlite:" + filepath.Join(disk.path, "tasks.db")
		}},
	} {
		t.Run(engine.name, func(t *testing.T) {
			disk, url := engine.database(t)
			r := serve(t, url)
			ta := &tally{}
			w := newWriter(r.url, ta)
			l := w.ledgers[0]
			ada := w.client(l)
			for range runs {
				for range 20 {
					w.create(t.Context(), l)
				}
				disk.fill(t)
				// Some space is left in files.
				large := strings.Repeat("x", 1000)
				for full, tries := 0, 0; full < 10; tries++ {
					e := l.enter("")
					e.description = large[:900] + " " + e.description
					if !w.made(l, e, ada.send(t.Context(), "POST", "/api/me/tasks", e.body())) {
						full++
					}
					if tries > 10_000 {
						t.Fatal("the disk is full, and all is written all the same")
					}
				}
				for range 20 {
					if e := l.some(); e != nil && !w.read(t.Context(), l, e) {
						t.Error("a task cannot be read while the disk is full")
					}
				}
				ada.send(t.Context(), "GET", "/api/me/tasks", "").expect(t, 200)
				r.get(t, "/readyz").expect(t, 200)
				disk.free(t)
				for range 20 {
					if !w.create(t.Context(), l) {
						t.Error("there is room again, and a task cannot be made")
					}
				}
				r.expectAlive(t)
			}
			if err := l.audit(t.Context(), r.url, ta); err != nil {
				t.Fatal(err)
			}
			ta.expectIntact(t, "disk of "+engine.name+" full", runs)
		})
	}
}

func userOf(t *testing.T, pid int) uint32 {
	t.Helper()
	info, err := os.Stat(filepath.Join("/proc", strconv.Itoa(pid)))
	if err != nil {
		t.Fatal(err)
	}
	return info.Sys().(*syscall.Stat_t).Uid
}
