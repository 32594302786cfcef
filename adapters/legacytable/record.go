package legacytable

import (
	"cmp"
	"strconv"

	"github.com/taskward/taskward/domain"
)

// Record is a row of the table.
type Record struct {
	ID    string // as the table has it
	Owner domain.UserID
	Task  domain.Import

	// Deleted is set if the row stands for a task that its owner has deleted.
	Deleted bool

	// Unfit says why the row cannot be a task, [domain.Invalid]. It does not
	// repeat what the row holds.
	Unfit error
}

// record makes a row, which has the values of the fields in their order, a
// task as the API would accept it.
func (t *Table) record(order []field, row string) Record {
	r, err := read(order, row)
	if err != nil {
		return Record{Unfit: err}
	}
	record := Record{
		ID:      r.identity(id),
		Owner:   parsed(r, r.identity(owner), domain.ParseUserID),
		Deleted: r.isSet(deleted),
		Task: domain.Import{
			Create: domain.Create{
				Title:     parsed(r, r.text(title), t.limits.ParseTitle),
				Completed: r.completed(),
				Priority:  r.priority(),
				Tags:      parsed(r, r.names(tags), domain.ParseTags),
				Due:       r.due(),
			},
			CreatedAt: r.time(createdAt),
			UpdatedAt: r.time(updatedAt),
		},
	}
	if r.isSet(description) {
		record.Task.Description = parsed(r, r.text(description), t.limits.ParseDescription)
	}
	// When nobody knows when a task was completed, its last change is the best guess.
	record.Task.CompletedAt = cmp.Or(r.time(completedAt), record.Task.UpdatedAt, record.Task.CreatedAt)
	if number, err := strconv.ParseInt(record.ID, 10, 64); err == nil && t.hasNumbers() {
		record.Task.ID = domain.TaskID(number)
	}
	if record.ID == "" {
		r.fault(id, "must not be empty")
	}
	record.Unfit = domain.Violated(r.faults...)
	return record
}
