package domain

import "time"

// Bucket is what a subject has left of a [RateLimit]: a bucket that holds as
// many as the burst, loses one with each call that is allowed, and gets one
// back with each interval. The zero value is full. (This is the generic cell
// rate algorithm: a bucket is known by the time at which it is full again.)
type Bucket struct {
	Full time.Time // when it is full again
	Last time.Time // when something was taken last
}

// RateVerdict is what becomes of a call that is subject to a [RateLimit].
type RateVerdict struct {
	Allowed   bool
	Remaining int           // how many more would be allowed at the same moment
	Next      time.Duration // until it is one more than these
	Full      time.Duration // until it is as many as the burst
}

// Take takes one from the bucket if there is one. Time does not go back for a
// bucket: where the clocks of those who share it differ, the one that is ahead
// counts.
func (l RateLimit) Take(bucket Bucket, at time.Time) (Bucket, RateVerdict) {
	if at.Before(bucket.Last) {
		at = bucket.Last
	}
	// What was taken under a higher limit is not owed any longer than a
	// bucket of this one takes to fill.
	owed := min(max(bucket.Full.Sub(at), 0), l.Fill())
	allowed := owed+l.Interval() <= l.Fill()
	if allowed {
		owed += l.Interval()
		bucket = Bucket{Full: at.Add(owed), Last: at}
	}
	return bucket, l.Verdict(allowed, owed)
}

// Verdict tells of a call that was allowed or not what it leaves: a bucket that
// is full again after owed.
func (l RateLimit) Verdict(allowed bool, owed time.Duration) RateVerdict {
	remaining := int((l.Fill() - owed) / l.Interval())
	missing := l.burst - remaining
	return RateVerdict{
		Allowed: allowed, Remaining: remaining,
		Next: owed - time.Duration(missing-1)*l.Interval(), Full: owed,
	}
}
