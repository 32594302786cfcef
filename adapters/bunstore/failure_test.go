package bunstore_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/domain"
)

func TestFailure(t *testing.T) {
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	cause := errors.New("cause")
	for name, test := range map[string]struct {
		ctx         context.Context
		err         error
		unavailable bool
		want        error
		kind        domain.Kind
	}{
		"a decision of the domain's":             {t.Context(), domain.ErrStaleTask, false, domain.ErrStaleTask, domain.Stale},
		"the same when the context has ended":    {ended, domain.ErrStaleTask, true, domain.ErrStaleTask, domain.Stale},
		"decisions about the changes of a batch": {ended, &domain.BatchError{Failures: []domain.ChangeFailure{{Index: 1, Err: domain.ErrStaleTask}}}, true, domain.ErrStaleTask, domain.Stale},
		"the context's end":                      {ended, cause, false, context.Canceled, domain.Internal},
		"the context's end looks like outage":    {ended, cause, true, context.Canceled, domain.Internal},
		"an outage":                              {t.Context(), cause, true, domain.ErrUnavailable, domain.Unavailable},
		"an error that nobody foresaw":           {t.Context(), cause, false, cause, domain.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			got := bunstore.Failure(test.ctx, "get a task", test.err, test.unavailable)
			if !errors.Is(got, test.want) || domain.KindOf(got) != test.kind {
				t.Errorf("want %v of kind %d, got %v of kind %d", test.want, test.kind, got, domain.KindOf(got))
			}
			if errors.Is(test.err, cause) && (!errors.Is(got, cause) || !strings.Contains(got.Error(), "get a task: ")) {
				t.Errorf("want the cause and the attempt for the log, got %v", got)
			}
		})
	}
	batch := &domain.BatchError{Failures: []domain.ChangeFailure{{Index: 1, Err: domain.ErrStaleTask}}}
	if err := bunstore.Failure(t.Context(), "change tasks", batch, false); !errors.Is(err, batch) || err.Error() != batch.Error() {
		t.Errorf("want what each change fails with, got %v", err)
	}
	if err := bunstore.Failure(ended, "get a task", nil, true); err != nil {
		t.Errorf("what has worked fails with %v", err)
	}
}
