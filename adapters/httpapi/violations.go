package httpapi

import (
	"maps"
	"slices"

	"github.com/taskward/taskward/domain"
)

// violations are the broken rules that were noted while a body or a query was
// taken apart, so that a client is told all of them at once.
type violations struct{ noted []domain.Violation }

func (v *violations) note(field, rule string) {
	v.noted = append(v.noted, domain.Violation{Field: field, Detail: rule})
}

// judge returns what was noted as one error. What is left because nobody knows
// it is ignored, as front ends send more than they know of us, unless the
// client wants it strict.
func judge[V any](v violations, left map[string]V, strict bool) error {
	if strict {
		for _, name := range slices.Sorted(maps.Keys(left)) {
			v.note(name, "is not known here")
		}
	}
	if v.noted == nil {
		return nil
	}
	return domain.Invalidity(v.noted...)
}

// agree gives what a and b say, and false if they contradict each other.
func agree(a, b domain.Optional[bool]) (said domain.Optional[bool], ok bool) {
	one, given := a.Get()
	if !given {
		return b, true
	}
	return a, b.Or(one) == one
}
