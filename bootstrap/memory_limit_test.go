package bootstrap

import (
	"bytes"
	"errors"
	"log/slog"
	"math"
	"os"
	"runtime/debug"
	"strings"
	"testing"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// TestKeepWithin changes what holds for the whole process, and puts it back.
func TestKeepWithin(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	failing := func(err error) memlimit.Provider { return func() (uint64, error) { return 0, err } }
	for name, test := range map[string]struct {
		container memlimit.Provider
		variable  string // GOMEMLIMIT
		want      int64
		said      string
	}{
		"a container with a limit": {memlimit.Limit(10 << 30), "", 9 << 30, `msg="memory is limited" bytes=9663676416`},
		"one without":              {failing(memlimit.ErrNoLimit), "", math.MaxInt64, ""},
		"none":                     {failing(memlimit.ErrNoCgroup), "", 1 << 40, ""},
		"another system":           {failing(memlimit.ErrCgroupsNotSupported), "", 1 << 40, ""},
		"one that is not read":     {failing(errors.New("permission denied")), "", 1 << 40, "permission denied"},
		"a limit of one's own":     {memlimit.Limit(10 << 30), "1TiB", 1 << 40, `msg="memory is limited" bytes=1099511627776`},
	} {
		t.Run(name, func(t *testing.T) {
			debug.SetMemoryLimit(1 << 40)
			unset(t, "GOMEMLIMIT")
			if test.variable != "" {
				t.Setenv("GOMEMLIMIT", test.variable)
			}
			var log bytes.Buffer
			keepWithin(t.Context(), test.container, slog.New(slog.NewTextHandler(&log, nil)))
			if got := debug.SetMemoryLimit(-1); got != test.want {
				t.Errorf("the limit is %d, want %d", got, test.want)
			}
			if said := log.String(); (said == "") != (test.said == "") || !strings.Contains(said, test.said) {
				t.Errorf("logged %q, want %q", said, test.said)
			}
		})
	}
}

func TestGarbageIsCollectedSeldom(t *testing.T) {
	before, percent := debug.SetMemoryLimit(-1), debug.SetGCPercent(100)
	t.Cleanup(func() {
		debug.SetMemoryLimit(before)
		debug.SetGCPercent(percent)
	})
	unset(t, "GOGC")
	keepWithin(t.Context(), memlimit.Limit(10<<30), slog.New(slog.DiscardHandler))
	if got := debug.SetGCPercent(100); got != 400 {
		t.Errorf("garbage is collected at %d %%, want 400", got)
	}
	t.Setenv("GOGC", "100")
	keepWithin(t.Context(), memlimit.Limit(10<<30), slog.New(slog.DiscardHandler))
	if got := debug.SetGCPercent(100); got != 100 {
		t.Errorf("GOGC was 100, and garbage is collected at %d %%", got)
	}
}

// unset takes a variable away until the test ends: whoever runs it may have set it.
func unset(t *testing.T, variable string) {
	t.Helper()
	t.Setenv(variable, "") // which puts it back
	if err := os.Unsetenv(variable); err != nil {
		t.Fatal(err)
	}
}
