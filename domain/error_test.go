package domain_test

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/domain"
)

var sentinels = []*domain.Error{
	domain.ErrNotAuthenticated, domain.ErrNotOwner, domain.ErrTaskNotFound, domain.ErrUserNotFound, domain.ErrStaleTask, domain.ErrNoRoom,
	domain.ErrKeyReused, domain.ErrChangesForgotten, domain.ErrUnavailable,
}

func TestSentinels(t *testing.T) {
	type outside struct {
		Kind domain.Kind
		Code string
	}
	var got []outside
	for _, sentinel := range sentinels {
		got = append(got, outside{sentinel.Kind, sentinel.Code})
		if sentinel.Detail == "" {
			t.Errorf("%s has no detail", sentinel.Code)
		}
	}
	want := []outside{
		{domain.Unauthenticated, "not_authenticated"},
		{domain.Forbidden, "not_owner"},
		{domain.NotFound, "task_not_found"},
		{domain.NotFound, "user_not_found"},
		{domain.Stale, "task_changed"},
		{domain.Conflict, "no_room"},
		{domain.Invalid, "idempotency_key_reused"},
		{domain.Gone, "changes_forgotten"},
		{domain.Unavailable, "unavailable"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds and codes that others rely on (-want +got):\n%s", diff)
	}
}

func TestErrorIs(t *testing.T) {
	for i, one := range sentinels {
		for j, other := range sentinels {
			for name, err := range map[string]error{
				"itself": one, "with a cause": one.Because(io.EOF), "wrapped": fmt.Errorf("in a store: %w", one.Because(io.EOF)),
			} {
				if is := errors.Is(err, other); is != (i == j) {
					t.Errorf("%s, %s, is %s: %v", one.Code, name, other.Code, is)
				}
			}
		}
	}
	for name, other := range map[string]error{
		"another kind":       &domain.Error{Kind: domain.Internal, Code: domain.ErrNotOwner.Code},
		"another code":       &domain.Error{Kind: domain.ErrNotOwner.Kind, Code: "other"},
		"no error of ours":   io.EOF,
		"nothing":            nil,
		"only the same text": errors.New(domain.ErrNotOwner.Error()),
	} {
		if domain.ErrNotOwner.Is(other) {
			t.Errorf("an error is the same as one of %s", name)
		}
	}
}

func TestErrorBecause(t *testing.T) {
	original := *domain.ErrUnavailable
	cause := errors.New("connection refused")
	err := domain.ErrUnavailable.Because(cause)
	if !errors.Is(err, cause) || errors.Unwrap(err) != cause { //nolint:errorlint // it is the very cause
		t.Errorf("%v does not unwrap to its cause", err)
	}
	if diff := cmp.Diff(original, *domain.ErrUnavailable, cmp.AllowUnexported(domain.Error{})); diff != "" {
		t.Errorf("the sentinel was changed (-before +after):\n%s", diff)
	}
	if want := "unavailable: " + original.Detail + ": connection refused"; err.Error() != want {
		t.Errorf("the line for the log is %q, want %q", err.Error(), want)
	}
	if err.Detail != original.Detail || err.Code != original.Code || err.Kind != original.Kind {
		t.Errorf("the cause shows on the outside: %+v", err)
	}
	if cause := errors.Unwrap(domain.ErrNotOwner); cause != nil {
		t.Errorf("an error without a cause unwraps to %v", cause)
	}
	if want := "not_owner: " + domain.ErrNotOwner.Detail; domain.ErrNotOwner.Error() != want {
		t.Errorf("the line for the log is %q, want %q", domain.ErrNotOwner.Error(), want)
	}
}

func TestKindOf(t *testing.T) {
	for _, test := range []struct {
		err  error
		want domain.Kind
	}{
		{nil, domain.Internal},
		{io.EOF, domain.Internal},
		{domain.ErrNotOwner, domain.Forbidden},
		{domain.Invalidity(), domain.Invalid},
		{fmt.Errorf("in a store: %w", domain.ErrStaleTask), domain.Stale},
		{errors.Join(io.EOF, domain.ErrUnavailable), domain.Unavailable},
		{domain.ErrUnavailable.Because(domain.ErrTaskNotFound), domain.Unavailable},
		{&domain.Error{}, domain.Internal},
	} {
		if got := domain.KindOf(test.err); got != test.want {
			t.Errorf("KindOf(%v) = %d, want %d", test.err, got, test.want)
		}
	}
}

func TestInvalidity(t *testing.T) {
	violations := []domain.Violation{{Field: "title", Detail: "must not be blank"}, {Field: "description", Detail: "is too long"}}
	err := domain.Invalidity(violations...)
	if err.Kind != domain.Invalid || err.Code != "validation_failed" || !slices.Equal(err.Violations, violations) {
		t.Errorf("Invalidity gave %+v", err)
	}
	if want := "title must not be blank; description is too long"; err.Detail != want {
		t.Errorf("the detail is %q, want %q", err.Detail, want)
	}
}

func TestViolated(t *testing.T) {
	title := domain.Violation{Field: "title", Detail: "must not be blank"}
	description := domain.Violation{Field: "description", Detail: "is too long"}
	one, other := domain.Invalidity(title), fmt.Errorf("parsing: %w", domain.Invalidity(description))
	for name, test := range map[string]struct {
		errs []error
		want error
	}{
		"nothing":                     {nil, nil},
		"nothing wrong":               {[]error{nil, nil}, nil},
		"one":                         {[]error{nil, one, nil}, domain.Invalidity(title)},
		"several, in their order":     {[]error{one, nil, other}, domain.Invalidity(title, description)},
		"one that names no rule":      {[]error{nil, &domain.Error{Kind: domain.Invalid, Code: "x"}}, &domain.Error{Kind: domain.Invalid, Code: "x"}},
		"another kind":                {[]error{one, domain.ErrNotOwner, other, io.EOF}, domain.ErrNotOwner},
		"an error that is none of us": {[]error{one, io.EOF, domain.ErrNotOwner}, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			got := domain.Violated(test.errs...)
			if !errors.Is(got, test.want) {
				t.Fatalf("Violated gave %v, want %v", got, test.want)
			}
			var gave, want *domain.Error
			if errors.As(got, &gave) && errors.As(test.want, &want) {
				if diff := cmp.Diff(want.Violations, gave.Violations); diff != "" || gave.Detail != want.Detail {
					t.Errorf("Violated gave %v (-want +got):\n%s", got, diff)
				}
			}
		})
	}
}

func TestWithin(t *testing.T) {
	blank, long := domain.Violation{Field: "title", Detail: "must not be blank"}, domain.Violation{Field: "tags", Detail: "must be at most 20"}
	inside := domain.Invalidity(blank, long)
	for name, test := range map[string]struct{ err, want error }{
		"nothing wrong": {nil, nil},
		"several rules": {inside, domain.Invalidity(domain.Violation{Field: "records/3/title", Detail: blank.Detail}, domain.Violation{Field: "records/3/tags", Detail: long.Detail})},
		"one that is wrapped": {
			fmt.Errorf("parsing: %w", domain.Invalidity(blank)),
			domain.Invalidity(domain.Violation{Field: "records/3/title", Detail: blank.Detail}),
		},
		"another kind":                {domain.ErrTaskNotFound, domain.ErrTaskNotFound},
		"an error that is none of us": {io.EOF, io.EOF},
	} {
		t.Run(name, func(t *testing.T) {
			got := domain.Within("records/3", test.err)
			if !errors.Is(got, test.want) {
				t.Fatalf("Within gave %v, want %v", got, test.want)
			}
			var gave, want *domain.Error
			if errors.As(got, &gave) && errors.As(test.want, &want) {
				if diff := cmp.Diff(want.Violations, gave.Violations); diff != "" || gave.Detail != want.Detail {
					t.Errorf("Within gave %v (-want +got):\n%s", got, diff)
				}
			}
		})
	}
	if inside.Violations[0] != blank {
		t.Errorf("the error inside was changed to %+v", inside)
	}
	twice := domain.Within("a", domain.Within("b", domain.Invalidity(blank)))
	wantInvalid(t, twice, "a/b/title")
}
