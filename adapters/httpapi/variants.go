package httpapi

import (
	"errors"
	"regexp"
	"strconv"

	"github.com/taskward/taskward/domain"
)

// Variants are the ways in which other task APIs differ from this one, for
// front ends that were written for them. The zero value has none.
type Variants struct {
	// List is the shape in which a list is answered.
	List ListShape

	// IsCompleted has is_completed beside completed in each task, and takes
	// either of them in bodies.
	IsCompleted bool

	// Aliases are paths, such as /api/tasks, at which there are the tasks of
	// whoever asks, as at /api/me/tasks. They go before other paths: behind
	// the alias /api/v1/tasks there is no user v1 any more.
	Aliases []string
}

// CheckAlias accepts a path with one name below /api or a version of it, at
// which nothing else is.
func CheckAlias(path string) error {
	if !aliasPath.MatchString(path) || path == "/api/me" {
		return errors.New("must be like /api/tasks or /api/v1/tasks: one name of small letters and hyphens, other than me, below /api or a version")
	}
	return nil
}

var aliasPath = regexp.MustCompile(`^/api(/v[0-9]{1,3})?/[a-z-]{1,40}$`)

// ListShape is a shape in which a list is answered.
type ListShape string

const (
	// BareList is an array of tasks, and the default.
	BareList ListShape = "array"
	// TasksList is {"tasks":[…],"total":…,"count":…}: of all tasks that pass
	// the filters, and of those in the answer.
	TasksList ListShape = "tasks"
	// ItemsList is {"items":[…],"total":…,"limit":…,"offset":…}.
	ItemsList ListShape = "items"
)

// UnmarshalText implements encoding.TextUnmarshaler.
func (s *ListShape) UnmarshalText(text []byte) error {
	switch shape := ListShape(text); shape {
	case BareList, TasksList, ItemsList:
		*s = shape
		return nil
	}
	return errors.New("must be array, tasks or items")
}

// counts reports whether the shape has a total.
func (s ListShape) counts() bool { return s == TasksList || s == ItemsList }

// appendList writes a list in the shape that is set.
func (a *API) appendList(dst []byte, query domain.TaskQuery, page domain.TaskPage) []byte {
	total := int64(page.Total.Or(0))
	switch a.options.Variants.List {
	case TasksList:
		dst = append(dst, `{"tasks":`...)
		dst = a.appendTasks(dst, page.Tasks)
		dst = append(dst, `,"total":`...)
		dst = strconv.AppendInt(dst, total, 10)
		dst = append(dst, `,"count":`...)
		dst = strconv.AppendInt(dst, int64(len(page.Tasks)), 10)
	case ItemsList:
		dst = append(dst, `{"items":`...)
		dst = a.appendTasks(dst, page.Tasks)
		dst = append(dst, `,"total":`...)
		dst = strconv.AppendInt(dst, total, 10)
		dst = append(dst, `,"limit":`...)
		dst = strconv.AppendInt(dst, int64(query.Limit), 10)
		dst = append(dst, `,"offset":`...)
		dst = strconv.AppendInt(dst, int64(query.Skip), 10)
	case BareList:
		return a.appendTasks(dst, page.Tasks)
	}
	return append(dst, '}')
}

// appendCompleted adds is_completed to a task that is being written.
func (v Variants) appendCompleted(dst []byte, completed bool) []byte {
	if !v.IsCompleted {
		return dst
	}
	dst = append(dst, `,"is_completed":`...)
	return strconv.AppendBool(dst, completed)
}

// completed is the member that says whether a task is completed, by either
// name where both are taken. They may both be there if they agree.
func (v Variants) completed(members *members) domain.Optional[bool] {
	completed := members.boolean("completed")
	if !v.IsCompleted {
		return completed
	}
	said, ok := agree(completed, members.boolean("is_completed"))
	if !ok {
		members.note("is_completed", "must be the same as completed")
	}
	return said
}
