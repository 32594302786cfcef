package bunstore

import (
	"context"
	"errors"
	"fmt"

	"github.com/taskward/taskward/domain"
)

// Failure words what a store answers for err: a decision of the domain's as it
// is, the context's error if that has ended, domain.ErrUnavailable if the
// engine could not serve anybody, and otherwise err with what was attempted.
func Failure(ctx context.Context, attempt string, err error, unavailable bool) error {
	var decision *domain.Error
	switch {
	case err == nil, errors.As(err, &decision):
		return err
	case ctx.Err() != nil:
		return fmt.Errorf("%s: %w: %w", attempt, ctx.Err(), err)
	case unavailable:
		return domain.ErrUnavailable.Because(fmt.Errorf("%s: %w", attempt, err))
	}
	return fmt.Errorf("%s: %w", attempt, err)
}
