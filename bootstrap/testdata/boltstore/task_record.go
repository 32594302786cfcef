package boltstore

import (
	"fmt"
	"time"

	"github.com/taskward/taskward/domain"
)

// taskRecord is a task as a row holds it. Its owner is the bucket's.
type taskRecord struct {
	ID          domain.TaskID   `json:"id"`
	Title       string          `json:"title,omitempty"`
	Description *string         `json:"description,omitempty"`
	Completed   bool            `json:"completed,omitempty"`
	Priority    string          `json:"priority,omitempty"`
	Tags        []string        `json:"tags,omitempty"`
	DueDate     string          `json:"dueDate,omitempty"`
	DueZone     string          `json:"dueZone,omitempty"`
	Position    string          `json:"position,omitempty"`
	CompletedAt time.Time       `json:"completedAt,omitzero"`
	CreatedAt   time.Time       `json:"createdAt,omitzero"`
	UpdatedAt   time.Time       `json:"updatedAt,omitzero"`
	DeletedAt   time.Time       `json:"deletedAt,omitzero"`
	Sequence    domain.Sequence `json:"sequence"`
}

func taskKey(id domain.TaskID) []byte { return numbered("task/", int64(id)) }

// taskEntries are the entries of the indexes that the task is in.
func taskEntries(task domain.Task) [][]byte {
	key := taskKey(task.ID)
	entries := [][]byte{byChange.entry(int64(task.Sequence), key)}
	if !task.IsLive() {
		entries = append(entries, byDeletion.entry(task.DeletedAt.UnixMicro(), key))
	}
	return entries
}

func recordOf(task domain.Task) taskRecord {
	record := taskRecord{
		ID:          task.ID,
		Title:       task.Title.String(),
		Completed:   task.Completed,
		Priority:    task.Priority.String(),
		Tags:        task.Tags.Names(),
		DueDate:     task.Due.Date().String(),
		DueZone:     task.Due.Zone().String(),
		Position:    task.Position.String(),
		CompletedAt: task.CompletedAt,
		CreatedAt:   task.CreatedAt,
		UpdatedAt:   task.UpdatedAt,
		DeletedAt:   task.DeletedAt,
		Sequence:    task.Sequence,
	}
	if text, present := task.Description.Text(); present {
		record.Description = &text
	}
	return record
}

// task makes a task of the record.
func (r taskRecord) task(owner domain.UserID) (domain.Task, error) {
	task := domain.Task{
		Owner:       owner,
		ID:          r.ID,
		Completed:   r.Completed,
		CompletedAt: domain.Moment(r.CompletedAt),
		CreatedAt:   domain.Moment(r.CreatedAt),
		UpdatedAt:   domain.Moment(r.UpdatedAt),
		DeletedAt:   domain.Moment(r.DeletedAt),
		Sequence:    r.Sequence,
	}
	if r.Title == "" && !task.IsLive() {
		return task, nil // a tombstone
	}
	var errs [6]error
	task.Title, errs[0] = domain.RestoreTitle(r.Title)
	if r.Description != nil {
		task.Description, errs[1] = domain.RestoreDescription(*r.Description)
	}
	task.Priority, errs[2] = domain.ParsePriority(r.Priority)
	task.Tags, errs[3] = domain.RestoreTags(r.Tags)
	task.Due, errs[4] = r.due()
	task.Position, errs[5] = domain.ParsePosition(r.Position)
	if err := domain.Violated(errs[:]...); err != nil {
		return domain.Task{}, fmt.Errorf("boltstore: restore task %d of owner %q: %v", r.ID, owner, err) //nolint:errorlint // %w would blame who asks, as parsers blame their input
	}
	return task, nil
}

func (r taskRecord) due() (domain.Due, error) {
	if r.DueDate == "" {
		return domain.Due{}, nil
	}
	date, dateErr := domain.ParseDueDate(r.DueDate)
	zone, zoneErr := domain.RestoreZone(r.DueZone)
	due, dueErr := domain.NewDue(date, zone)
	return due, domain.Violated(dateErr, zoneErr, dueErr)
}
