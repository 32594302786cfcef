package boltstore

import (
	"fmt"
	"time"

	"github.com/taskward/taskward/domain"
)

// record is a task as the file has it, but for its owner, whose bucket it is in.
type record struct {
	ID          domain.TaskID
	Title       string
	Description *string   `json:",omitempty"` // an empty one is not an absent one
	Completed   bool      `json:",omitempty"`
	CompletedAt time.Time `json:",omitzero"`
	Priority    string    `json:",omitempty"`
	Tags        []string  `json:",omitempty"`
	DueDate     string    `json:",omitempty"` // as it was written
	DueZone     string    `json:",omitempty"`
	Position    string    `json:",omitempty"`
	CreatedAt   time.Time `json:",omitzero"`
	UpdatedAt   time.Time `json:",omitzero"`
	DeletedAt   time.Time `json:",omitzero"`
	Sequence    domain.Sequence
}

func recordOf(task domain.Task) record {
	kept := record{
		ID:          task.ID,
		Title:       task.Title.String(),
		Completed:   task.Completed,
		CompletedAt: task.CompletedAt,
		Priority:    task.Priority.String(),
		Tags:        task.Tags.Names(),
		DueDate:     task.Due.Date().String(),
		DueZone:     task.Due.Zone().String(),
		Position:    task.Position.String(),
		CreatedAt:   task.CreatedAt,
		UpdatedAt:   task.UpdatedAt,
		DeletedAt:   task.DeletedAt,
		Sequence:    task.Sequence,
	}
	if text, present := task.Description.Text(); present {
		kept.Description = &text
	}
	return kept
}

// task makes the record a task of owner again.
func (r record) task(owner domain.UserID) (domain.Task, error) {
	task := domain.Task{
		Owner:       owner,
		ID:          r.ID,
		Completed:   r.Completed,
		CompletedAt: r.CompletedAt,
		CreatedAt:   r.CreatedAt,
		UpdatedAt:   r.UpdatedAt,
		DeletedAt:   r.DeletedAt,
		Sequence:    r.Sequence,
	}
	if r.Title == "" { // a tombstone, which has no more
		return task, nil
	}
	if err := r.restore(&task); err != nil {
		// The cause is not wrapped: it blames the input of whoever asks.
		return domain.Task{}, fmt.Errorf("the stored task %d breaks a rule: %s", r.ID, err.Error())
	}
	return task, nil
}

// restore parses what has rules of its own.
func (r record) restore(task *domain.Task) (err error) {
	if task.Title, err = domain.RestoreTitle(r.Title); err != nil {
		return err
	}
	if r.Description != nil {
		if task.Description, err = domain.RestoreDescription(*r.Description); err != nil {
			return err
		}
	}
	if task.Priority, err = domain.ParsePriority(r.Priority); err != nil {
		return err
	}
	if task.Tags, err = domain.RestoreTags(r.Tags); err != nil {
		return err
	}
	if task.Due, err = r.due(); err != nil {
		return err
	}
	task.Position, err = domain.ParsePosition(r.Position)
	return err
}

func (r record) due() (domain.Due, error) {
	if r.DueDate == "" {
		return domain.Due{}, nil
	}
	date, err := domain.ParseDueDate(r.DueDate)
	if err != nil {
		return domain.Due{}, err
	}
	zone, err := domain.RestoreZone(r.DueZone) // which takes "" for none
	if err != nil {
		return domain.Due{}, err
	}
	return domain.NewDue(date, zone)
}

func recordsOf(tasks []domain.Task) []record {
	records := make([]record, len(tasks))
	for i, task := range tasks {
		records[i] = recordOf(task)
	}
	return records
}

func tasksOf(records []record, owner domain.UserID) ([]domain.Task, error) {
	tasks := make([]domain.Task, len(records))
	for i, kept := range records {
		var err error
		if tasks[i], err = kept.task(owner); err != nil {
			return nil, err
		}
	}
	return tasks, nil
}
