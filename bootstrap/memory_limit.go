package bootstrap

import (
	"context"
	"errors"
	"log/slog"
	"math"

	"github.com/KimMachineGun/automemlimit/memlimit"
)

// keepWithin has Go collect garbage in time to stay below 90 % of the memory
// that the container has, unless GOMEMLIMIT says something else. Go by itself
// knows nothing of containers, and would be killed instead.
func keepWithin(ctx context.Context, container memlimit.Provider, log *slog.Logger) {
	limit, err := memlimit.Set(memlimit.WithProvider(container))
	switch {
	case errors.Is(err, memlimit.ErrNoCgroup), errors.Is(err, memlimit.ErrCgroupsNotSupported):
	case err != nil:
		log.WarnContext(ctx, "the container's memory is not known", "error", err)
	case limit < math.MaxInt64:
		log.InfoContext(ctx, "memory is limited", "bytes", limit)
	}
}
