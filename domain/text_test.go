package domain_test

import (
	"errors"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// anyText gives texts that are likely to be at the edge of some rule: short
// ones made of awkward characters, any Unicode, and bytes that are no text.
func anyText() *rapid.Generator[string] {
	awkward := rapid.SampledFrom([]rune("aé漢🙂 \t\n\r\x00\x1b\x7f\u0085\u00a0\u0301\u200b\u200f\u2028\ufeff\ufffd\U0010ffff"))
	return rapid.OneOf(
		rapid.StringOf(awkward),
		rapid.String(),
		rapid.Map(rapid.SliceOf(rapid.Byte()), func(bytes []byte) string { return string(bytes) }),
	)
}

// wantInvalid fails the test unless err is the one for a broken rule of field.
func wantInvalid(t rapid.TB, err error, field string) {
	t.Helper()
	var failure *domain.Error
	if !errors.As(err, &failure) || failure.Kind != domain.Invalid || failure.Code != "validation_failed" {
		t.Fatalf("error %v is not the one for invalid input", err)
	}
	if len(failure.Violations) != 1 || failure.Violations[0].Field != field || failure.Violations[0].Detail == "" {
		t.Fatalf("violations are %+v, want one of %s", failure.Violations, field)
	}
}

// wantOnly fails the test unless err has just this detail for the field.
func wantOnly(t *testing.T, err error, field, detail string) {
	t.Helper()
	wantInvalid(t, err, field)
	var failure *domain.Error
	if errors.As(err, &failure) && failure.Violations[0].Detail != detail {
		t.Errorf("%s %s, want %s", field, failure.Violations[0].Detail, detail)
	}
}
