package bunstore_test

import (
	"fmt"
	"time"

	"github.com/taskward/taskward/domain"
)

// change gives what the change makes of its task, but for where that stands.
func (p *possessions) change(owner domain.UserID, batch domain.Batch, change domain.Change) (domain.Task, error) {
	at := batch.At()
	switch change := change.(type) {
	case domain.Create:
		return p.make(owner, domain.Import{Create: change}, at), nil
	case domain.Import:
		return p.make(owner, change, at), nil
	case domain.Edit:
		task, err := p.live(change.Target)
		if err != nil {
			return task, err
		}
		return edited(task, change, at)
	case domain.SetCompleted:
		task, err := p.live(change.Target)
		return touched(completed(task, change.Completed, at), at), err
	case domain.ToggleCompleted:
		task, err := p.live(change.Target)
		return touched(completed(task, !task.Completed, at), at), err
	case domain.Delete:
		task, err := p.live(change.Target)
		task.DeletedAt = at
		return touched(task, at), err
	case domain.Restore:
		task, err := p.trashed(change.Target, batch.TrashOver())
		task.DeletedAt = time.Time{}
		return touched(task, at), err
	case domain.Purge:
		task, err := p.trashed(change.Target, batch.TrashOver())
		return tombstone(task, task.DeletedAt), err
	}
	panic(fmt.Sprintf("the model has no %T", change))
}

func (p *possessions) make(owner domain.UserID, imported domain.Import, at time.Time) domain.Task {
	p.counters.LastTaskID = max(p.counters.LastTaskID+1, imported.ID)
	task := domain.Task{
		Owner: owner, ID: p.counters.LastTaskID,
		Title: imported.Title, Description: imported.Description, Completed: imported.Completed,
		Priority: imported.Priority, Tags: imported.Tags, Due: imported.Due,
		CreatedAt: at, UpdatedAt: at,
	}
	task.Position = must(domain.ParsePosition(fmt.Sprintf("%016x", 1<<62+int64(task.ID))))
	if task.Priority == 0 {
		task.Priority = domain.Medium
	}
	if !imported.CreatedAt.IsZero() {
		task.CreatedAt, task.UpdatedAt = imported.CreatedAt, imported.CreatedAt
	}
	if task.Completed {
		task.CompletedAt = at
		if !imported.CompletedAt.IsZero() {
			task.CompletedAt = imported.CompletedAt
		}
	}
	return touched(task, imported.UpdatedAt)
}

// live gives a task that is there, as it is before a change.
func (p *possessions) live(target domain.Target) (domain.Task, error) {
	task, known := p.tasks[target.ID]
	return expected(task, known && task.DeletedAt.IsZero(), target)
}

// trashed gives a task that can still be restored.
func (p *possessions) trashed(target domain.Target, over time.Time) (domain.Task, error) {
	task := p.tasks[target.ID]
	return expected(task, inTrash(task, over), target)
}

func expected(task domain.Task, there bool, target domain.Target) (domain.Task, error) {
	switch {
	case !there:
		return domain.Task{}, domain.ErrTaskNotFound
	case target.Expected != 0 && target.Expected != task.Sequence:
		return domain.Task{}, domain.ErrStaleTask
	}
	return task, nil
}

func inTrash(task domain.Task, over time.Time) bool {
	return task.DeletedAt.After(over) && !purged(task)
}

func purged(task domain.Task) bool { return task.ID != 0 && task.Title == domain.Title{} }

func tombstone(task domain.Task, at time.Time) domain.Task {
	return domain.Task{Owner: task.Owner, ID: task.ID, DeletedAt: at, Sequence: task.Sequence}
}

func edited(task domain.Task, edit domain.Edit, at time.Time) (domain.Task, error) {
	replace(&task.Title, edit.Title)
	replace(&task.Description, edit.Description)
	replace(&task.Priority, edit.Priority)
	replace(&task.Tags, edit.Tags)
	date, zone := task.Due.Date(), task.Due.Zone()
	replace(&date, edit.DueDate)
	if date.String() == "" {
		zone = domain.Zone{}
	}
	replace(&zone, edit.DueZone)
	if date.String() == "" && zone.String() != "" {
		return task, domain.Invalidity(domain.Violation{Field: "due_zone", Detail: "needs a due_date"})
	}
	task.Due = must(domain.NewDue(date, zone))
	done := task.Completed
	replace(&done, edit.Completed)
	return touched(completed(task, done, at), at), nil
}

func replace[T any](field *T, with domain.Optional[T]) {
	if value, given := with.Get(); given {
		*field = value
	}
}

func completed(task domain.Task, done bool, at time.Time) domain.Task {
	if done && !task.Completed {
		task.CompletedAt = at
	}
	if !done {
		task.CompletedAt = time.Time{}
	}
	task.Completed = done
	return task
}

func touched(task domain.Task, at time.Time) domain.Task {
	if task.UpdatedAt.Before(at) {
		task.UpdatedAt = at
	}
	return task
}

func placeOf(change domain.Change) domain.Optional[domain.Place] {
	switch change := change.(type) {
	case domain.Create:
		return change.Place
	case domain.Import:
		return change.Place
	case domain.Edit:
		return change.Place
	}
	return domain.Optional[domain.Place]{}
}

// put gives where the task stands from now on: at the position that is named,
// or where the store put it, if that is right beside the other one. Who was at
// the position next to it before may stay, also where several are.
func (p *possessions) put(task domain.Task, place domain.Place, given domain.Position) (domain.Position, error) {
	spot := spotOf(place)
	anchor, known := p.tasks[spot.anchor]
	switch {
	case spot.anchor == 0:
		return spot.at, nil
	case spot.anchor == task.ID:
		return task.Position, nil
	case !known || !anchor.DeletedAt.IsZero():
		return given, domain.Invalidity(domain.Violation{Field: "position", Detail: "must name a task that is there"})
	case given == domain.Position{}: // the store failed
		return task.Position, nil
	}
	before, stood := p.tasks[task.ID]
	stays := stood && given == before.Position
	task.Position = given
	right := isBeside(anchor, task, spot.behind)
	for id, other := range p.tasks {
		if id != task.ID && other.DeletedAt.IsZero() && isBeside(anchor, other, spot.behind) {
			right = right && (isFirst(task, other) == spot.behind || stays && other.Position == given)
		}
	}
	if !right {
		return given, fmt.Errorf("%s is not right beside task %d at %s", given, anchor.ID, anchor.Position)
	}
	return given, nil
}

// isBeside tells whether a task stands on that side of another. Who stands at
// the same position does on neither.
func isBeside(anchor, task domain.Task, behind bool) bool {
	return anchor.Position != task.Position && isFirst(anchor, task) == behind
}

// isFirst tells which of two comes first in the manual order.
func isFirst(a, b domain.Task) bool {
	if a.Position != b.Position {
		return a.Position.String() < b.Position.String()
	}
	return a.ID < b.ID
}
