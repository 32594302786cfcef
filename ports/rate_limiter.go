package ports

import (
	"context"
	"time"

	"github.com/taskward/taskward/domain"
)

// RateLimiter keeps what each subject has left of a limit, in a
// [domain.Bucket]. It reads no clock: the time comes with the call, in whole
// microseconds ([domain.Moment]). One that has no room for more subjects may
// forget those who have called least recently, who then have a full bucket
// again.
//
// Every sentence from here on is a rule that portstest.TestRateLimiter checks
// under the same words.
//
// # Isolation
//
// What one subject takes changes nothing for another. Subjects are compared
// byte for byte. Any subject has a bucket.
//
// # Forgetting
//
// A bucket that is not full is kept while others are used. Buckets that are
// full are forgotten while others are used.
//
// # Concurrency
//
// Of many calls at the same moment as many are allowed as the burst. Two
// handles on one store share the buckets.
//
// # Faults
//
// Take returns the context's error if the context has ended. Nothing is taken
// if the context has ended. A closed store answers with domain.Unavailable.
type RateLimiter interface {
	// Take allows a call if there is one left in the bucket, and takes it. A
	// subject of whom nothing is known has a full bucket. One comes back with
	// each interval, to the microsecond. A bucket never holds more than the
	// burst. A call that is not allowed takes nothing. In any span of time no
	// more are allowed than the burst and one for each interval in it.
	//
	// The verdict says how many more are allowed at the same moment. The
	// verdict says how long it is until there is one more, and until the bucket
	// is full, to the microsecond.
	//
	// A call with an earlier time than one that was allowed counts as at the
	// time of that one. What was taken under one limit counts under another. A
	// bucket never lacks more than the burst.
	Take(ctx context.Context, subject domain.UserID, limit domain.RateLimit, at time.Time) (domain.RateVerdict, error)
}
