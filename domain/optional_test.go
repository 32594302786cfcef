package domain_test

import (
	"testing"

	"github.com/taskward/taskward/domain"
)

func TestOptional(t *testing.T) {
	var out domain.Optional[int]
	if value, ok := out.Get(); value != 0 || ok {
		t.Errorf("what was left out is %d, %v", value, ok)
	}
	if got := out.Or(7); got != 7 {
		t.Errorf("what was left out gives %d, want the other value", got)
	}
	for _, want := range []int{0, 1} {
		some := domain.Some(want)
		if value, ok := some.Get(); value != want || !ok {
			t.Errorf("Some(%d) is %d, %v", want, value, ok)
		}
		if got := some.Or(7); got != want {
			t.Errorf("Some(%d).Or(7) = %d", want, got)
		}
		if some == out {
			t.Errorf("Some(%d) is the same as left out", want)
		}
	}
}
