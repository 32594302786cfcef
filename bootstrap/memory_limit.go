package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"os"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// garbage is how much there may be before it is collected, in per cent of what
// is in use, unless GOGC says something else. What is in use is a few MB here,
// so that with Go's 100 it would be collected hundreds of times a second.
const garbage = 400

// keepWithin has Go collect garbage seldom, and in time to stay below 90 % of
// the memory that the container has, unless GOMEMLIMIT says something else. Go
// by itself knows nothing of containers, and would be killed instead.
func keepWithin(ctx context.Context, container memlimit.Provider, log *slog.Logger) {
	if _, set := os.LookupEnv("GOGC"); !set {
		debug.SetGCPercent(garbage)
	}
	limit, err := memlimit.Set(memlimit.WithProvider(container))
	switch {
	case errors.Is(err, memlimit.ErrNoCgroup), errors.Is(err, memlimit.ErrCgroupsNotSupported):
	case err != nil:
		log.WarnContext(ctx, "the container's memory is not known", "error", err)
	case limit < math.MaxInt64:
		log.InfoContext(ctx, "memory is limited", "bytes", limit)
	}
}
