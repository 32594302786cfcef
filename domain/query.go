package domain

// TaskQuery says which of an owner's tasks to list, and in which order.
type TaskQuery struct {
	Completed Optional[bool] // only tasks that are completed, or only those that are not
	Order     Order
	After     TaskID // only tasks that follow this one in the order; 0 starts at its beginning
	Skip      int    // leave out so many first
	Limit     int    // at most so many
	Count     bool   // count all that pass Completed, too
}

// Order is the order of a list, by id and so by creation.
type Order uint8

const (
	// NewestFirst lists by id, descending.
	NewestFirst Order = iota
	// OldestFirst lists by id, ascending.
	OldestFirst
)

// TaskPage is an answer to a [TaskQuery].
type TaskPage struct {
	Tasks []Task
	More  bool          // there are further tasks after the last of Tasks
	Total Optional[int] // set if the query asked to count
}
