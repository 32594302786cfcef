package domain

// Optional is a value that may be left out. Its zero value is left out.
type Optional[T any] struct {
	value T
	set   bool
}

// Some is the Optional that holds value.
func Some[T any](value T) Optional[T] { return Optional[T]{value: value, set: true} }

// Get gives the value, and false if it was left out.
func (o Optional[T]) Get() (T, bool) { return o.value, o.set }

// Or gives the value, or other if it was left out.
func (o Optional[T]) Or(other T) T {
	if o.set {
		return o.value
	}
	return other
}
