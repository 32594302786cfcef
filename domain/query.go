package domain

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
)

// TaskQuery says which of an owner's live tasks to list, and in which order.
type TaskQuery struct {
	Completed    Optional[bool]     // only tasks that are completed, or only those that are not
	Priority     Optional[Priority] // only tasks of that priority
	Tags         Tags               // only tasks that have them all
	DueFrom      time.Time          // only tasks due at that moment or later, unless zero
	DueBefore    time.Time          // only tasks due before that moment, unless zero
	UpdatedSince time.Time          // only tasks updated at that moment or later, unless zero
	Search       string             // only tasks with this, folded as by [Fold], in title or description

	Sort  Sort
	Order Order
	After Optional[Bookmark] // only tasks that follow it in the order
	Skip  int                // leave out so many first
	Limit int                // at most so many
	Count bool               // count all that pass the filters, too
}

// Sort is what a list is sorted by. Tasks that are the same in that stand in
// the order of their ids, which is turned round with the rest.
type Sort uint8

const (
	// ByCreation sorts by id.
	ByCreation Sort = iota
	// ByChange sorts by sequence, and so by the time of the last change.
	ByChange
	// ByDue sorts by [DueDate.At]. Tasks without one come last in either order.
	ByDue
	// ByPriority sorts from low to high.
	ByPriority
	// ByTitle sorts by the title, folded as by [Fold], byte for byte.
	ByTitle
	// ByPosition sorts by the owner's manual order.
	ByPosition
)

// Order is whether a list goes down or up.
type Order uint8

const (
	// Descending lists the newest, or the highest, first.
	Descending Order = iota
	// Ascending lists the oldest, or the lowest, first.
	Ascending
)

// Bookmark is where a task stands in a list: what the list is sorted by, as
// number or text, and the task's id. It holds its place also when the task is
// gone.
type Bookmark struct {
	Number int64
	Text   string
	ID     TaskID
}

// Bookmark gives the place of a task in the list that is asked for.
func (q TaskQuery) Bookmark(task Task) Bookmark {
	mark := Bookmark{ID: task.ID}
	switch q.Sort {
	case ByCreation:
	case ByChange:
		mark.Number = int64(task.Sequence)
	case ByDue:
		mark.Number = q.dueKey(task.Due)
	case ByPriority:
		mark.Number = int64(task.Priority)
	case ByTitle:
		mark.Text = Fold(task.Title.String())
	case ByPosition:
		mark.Text = task.Position.String()
	}
	return mark
}

// dueKey puts never last, in either order.
func (q TaskQuery) dueKey(due Due) int64 {
	switch {
	case due != Due{}:
		return due.Date().At().UnixMicro()
	case q.Order == Ascending:
		return math.MaxInt64
	}
	return math.MinInt64
}

// compare orders two places of the list.
func (q TaskQuery) compare(a, b Bookmark) int {
	order := cmp.Or(cmp.Compare(a.Number, b.Number), strings.Compare(a.Text, b.Text), cmp.Compare(a.ID, b.ID))
	if q.Order == Descending {
		return -order
	}
	return order
}

// TaskPage is an answer to a [TaskQuery].
type TaskPage struct {
	Tasks    []Task
	More     bool          // there are further tasks after the last of Tasks
	Total    Optional[int] // set if the query asked to count
	Sequence Sequence      // the owner's, as of which the page is true; 0 if a page without tasks does not tell
}

// Page answers the query from all of an owner's tasks, in any order, of which
// it takes the live ones. It is for stores that have no better way to filter
// and sort.
func (q TaskQuery) Page(tasks []Task, at Sequence) TaskPage {
	var found []Task
	for _, task := range tasks {
		if task.IsLive() && q.passes(task) {
			found = append(found, task)
		}
	}
	slices.SortFunc(found, func(a, b Task) int { return q.compare(q.Bookmark(a), q.Bookmark(b)) })
	page := TaskPage{Tasks: []Task{}, Sequence: at}
	if q.Count {
		page.Total = Some(len(found))
	}
	for _, task := range found {
		after, resumed := q.After.Get()
		switch {
		case resumed && q.compare(q.Bookmark(task), after) <= 0:
		case q.Skip > 0:
			q.Skip--
		case len(page.Tasks) < q.Limit:
			page.Tasks = append(page.Tasks, task)
		default:
			page.More = true
		}
	}
	return page
}

func (q TaskQuery) passes(task Task) bool {
	due := task.Due.Date().At()
	return q.Completed.Or(task.Completed) == task.Completed &&
		q.Priority.Or(task.Priority) == task.Priority &&
		task.Tags.HasAll(q.Tags) &&
		(q.DueFrom.IsZero() || task.Due != Due{} && !due.Before(q.DueFrom)) &&
		(q.DueBefore.IsZero() || task.Due != Due{} && due.Before(q.DueBefore)) &&
		!task.UpdatedAt.Before(q.UpdatedSince) &&
		(q.Search == "" || task.mentions(q.Search))
}

func (t Task) mentions(folded string) bool {
	description, _ := t.Description.Text()
	return strings.Contains(Fold(t.Title.String()), folded) || strings.Contains(Fold(description), folded)
}
