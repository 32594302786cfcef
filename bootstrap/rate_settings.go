package bootstrap

import (
	"errors"

	"github.com/taskward/taskward/adapters/redis"
	"github.com/taskward/taskward/domain"
)

// RateLimit is off, or a limit as [domain.ParseRateLimit] reads it.
type RateLimit string

const noRateLimit RateLimit = "off"

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *RateLimit) UnmarshalText(text []byte) error {
	if RateLimit(text) == noRateLimit {
		*r = noRateLimit
		return nil
	}
	limit, err := domain.ParseRateLimit(string(text))
	if failure := (*domain.Error)(nil); errors.As(err, &failure) {
		return errors.New("must be off, or a limit whose " + failure.Detail)
	}
	*r = RateLimit(limit.String())
	return err
}

// limit is the zero one where the setting is off.
func (r RateLimit) limit() domain.RateLimit {
	limit, err := domain.ParseRateLimit(string(r))
	if err != nil {
		return domain.RateLimit{}
	}
	return limit
}

// RedisURL says where Redis is, as [redis.ParseAddress] reads it; empty if
// there is none.
type RedisURL string

// UnmarshalText implements encoding.TextUnmarshaler.
func (r *RedisURL) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	_, err := redis.ParseAddress(string(text))
	*r = RedisURL(text)
	return err
}

// String names the nodes without user and password.
func (r RedisURL) String() string {
	address, err := redis.ParseAddress(string(r))
	if err != nil { // there is none
		return ""
	}
	return address.String()
}

// open gives the limiter on that Redis.
func (r RedisURL) open() (*redis.RateLimiter, error) {
	address, err := redis.ParseAddress(string(r))
	if err != nil {
		return nil, err
	}
	return redis.OpenRateLimiter(redis.Options{Address: address})
}
