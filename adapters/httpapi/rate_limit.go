package httpapi

import (
	"context"
	"net/http"
	"strconv"

	"github.com/taskward/taskward/domain"
)

// The fields of draft-ietf-httpapi-ratelimit-headers-10, sections 3 and 4.
const (
	headerRateLimitPolicy = "RateLimit-Policy"
	headerRateLimit       = "RateLimit"
)

// rateLimit counts one request of the actor's, tells what is left in the
// header of the answer, whatever that will be, and refuses what is too much.
func (a *API) rateLimit(ctx context.Context, actor domain.AuthenticatedUserContext, header http.Header) error {
	if a.options.RateLimits == nil {
		return nil
	}
	verdict, err := a.options.RateLimits.Take(ctx, actor)
	if err != nil {
		return err
	}
	header.Set(headerRateLimitPolicy, a.ratePolicy)
	header.Set(headerRateLimit, serviceLimit(verdict))
	if !verdict.Allowed {
		refusal := *rateLimited
		refusal.retryAfter = verdict.Next
		return &refusal
	}
	return nil
}

// quotaPolicy is a quota policy item: as many as the burst, in the time after
// which as many are there again. Who keeps to that is never refused.
func quotaPolicy(limit domain.RateLimit) string {
	return `"default";q=` + strconv.Itoa(limit.Burst()) + `;w=` + retryAfter(limit.Fill())
}

// serviceLimit is a service limit item: what is left, and the seconds until it
// is more.
func serviceLimit(verdict domain.RateVerdict) string {
	return `"default";r=` + strconv.Itoa(verdict.Remaining) + `;t=` + retryAfter(verdict.Next)
}
