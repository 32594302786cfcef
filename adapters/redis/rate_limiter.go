package redis

import (
	"cmp"
	"context"
	_ "embed" // for the script
	"errors"
	"fmt"
	"net"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"

	"github.com/taskward/taskward/domain"
)

// Options are what a [RateLimiter] can be told.
type Options struct {
	Address Address

	// Timeout is for all of a call; 0 means [DefaultTimeout].
	Timeout time.Duration
}

// DefaultTimeout is short because a request waits for it.
const DefaultTimeout = 250 * time.Millisecond

// keyPrefix is before the subject in a key. Each call is about one key, so that
// it does not matter which node of a cluster has it.
const keyPrefix = "taskward:rate:"

// takeText is [domain.RateLimit.Take] where the buckets are.
//
//go:embed take.lua
var takeText string

var takeScript = goredis.NewScript(takeText)

// RateLimiter is a ports.RateLimiter for all who use the same Redis. It may be
// used by many goroutines.
//
// A bucket is forgotten by Redis' own clock, as long after it was last used as
// it takes to fill. One whose time is far from that of others' clocks so finds
// its way back.
type RateLimiter struct {
	client  goredis.UniversalClient
	timeout time.Duration
}

// OpenRateLimiter returns a limiter that does not connect before it is asked.
func OpenRateLimiter(options Options) (*RateLimiter, error) {
	logging.Disable() // it would write to standard error what is returned as well
	timeout := cmp.Or(options.Timeout, DefaultTimeout)
	client, err := options.Address.connect(timeout)
	if err != nil {
		return nil, fmt.Errorf("redis: %w", err)
	}
	return &RateLimiter{client, timeout}, nil
}

// Close ends the connections.
func (r *RateLimiter) Close() error { return r.client.Close() }

// Take implements ports.RateLimiter.
func (r *RateLimiter) Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error) {
	if err := ctx.Err(); err != nil {
		return domain.RateVerdict{}, err
	}
	asking, cancel := context.WithTimeout(ctx, r.timeout)
	defer cancel()
	answer, err := takeScript.Run(asking, r.client, []string{keyPrefix + string(subject)},
		at.UnixMicro(), limit.Interval().Microseconds(), limit.Fill().Microseconds()).Int64Slice()
	switch {
	case err != nil:
		return domain.RateVerdict{}, failed(ctx, asking, err)
	case len(answer) != 2:
		return domain.RateVerdict{}, fmt.Errorf("redis: the script answered %d numbers", len(answer))
	}
	return limit.Verdict(answer[0] == 1, time.Duration(answer[1])*time.Microsecond), nil
}

// failed tells apart that the caller has given up and that Redis has not
// answered.
func failed(ctx, asking context.Context, err error) error {
	ends, bounded := ctx.Deadline()
	allowed, _ := asking.Deadline()
	var network net.Error
	if bounded && ends.Equal(allowed) && errors.As(err, &network) && network.Timeout() {
		<-ctx.Done() // which a connection can learn a moment earlier
	}
	if ended := ctx.Err(); ended != nil {
		return ended
	}
	return domain.ErrUnavailable.Because(err)
}

// Check returns nil if calls can be counted. It is not called Ping: a service
// whose Redis is away is ready for requests all the same.
func (r *RateLimiter) Check(ctx context.Context) error {
	limit, err := domain.ParseRateLimit("1/s")
	if err != nil {
		return err
	}
	_, err = r.Take(ctx, "", limit, time.UnixMicro(1)) // of nobody: ids are not empty
	return err
}
