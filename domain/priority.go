package domain

// Priority is how much a task matters. Its zero value is none at all, which a
// stored task does not have.
type Priority uint8

// The priorities, in ascending order.
const (
	Low Priority = iota + 1
	Medium
	High
)

// DefaultPriority is that of a task that is created without one.
const DefaultPriority = Medium

var priorityNames = [...]string{Low: "low", Medium: "medium", High: "high"}

// ParsePriority accepts low, medium and high. The error is [Invalid].
func ParsePriority(text string) (Priority, error) {
	for priority := Low; priority <= High; priority++ {
		if priorityNames[priority] == text {
			return priority, nil
		}
	}
	return 0, Invalidity(Violation{"priority", "must be one of low, medium, high"})
}

// String gives the name that [ParsePriority] accepts, empty for none.
func (p Priority) String() string {
	if p > High {
		return ""
	}
	return priorityNames[p]
}
