package bunstore

import (
	"cmp"
	"encoding/json"
	"fmt"

	"github.com/taskward/taskward/domain"
)

// Columns are those of a live task that [Row] takes, in any order.
const Columns = "id, title, description, completed, completed_at, priority, tags, due_date, due_zone, position, created_at, updated_at, sequence"

// TrashColumns are those of a task in the trash.
const TrashColumns = Columns + ", deleted_at, purged"

// Row is a task as the tables have it, but for its owner, whom every statement
// is given.
type Row struct {
	ID          int64
	Title       string
	Description *string
	Completed   bool
	CompletedAt Instant // null while the task is pending
	Priority    int64
	Tags        json.RawMessage // an array of text
	DueDate     *string         // as it was written
	DueZone     *string
	Position    *string // null where it is that of the id
	CreatedAt   Instant
	UpdatedAt   Instant
	Sequence    int64

	DeletedAt Instant // null in the table of live tasks
	Purged    bool    // nothing is left but id, sequence and DeletedAt

	// What follows from the rest, for statements that filter and sort.
	DueAt             *int64  `json:"-"`
	TitleFolded       *string `json:"-"`
	DescriptionFolded *string `json:"-"`
}

// RowOf gives the row that holds the task.
func RowOf(task domain.Task) Row {
	row := Row{
		ID:          int64(task.ID),
		Title:       task.Title.String(),
		Completed:   task.Completed,
		CompletedAt: Instant{task.CompletedAt},
		Priority:    int64(task.Priority),
		Tags:        encodeTags(task.Tags),
		DueDate:     nullable(task.Due.Date().String()),
		DueZone:     nullable(task.Due.Zone().String()),
		CreatedAt:   Instant{task.CreatedAt},
		UpdatedAt:   Instant{task.UpdatedAt},
		Sequence:    int64(task.Sequence),
		DeletedAt:   Instant{task.DeletedAt},
		Purged:      task.IsTombstone(),
		TitleFolded: folded(task.Title.String()),
	}
	if text, present := task.Description.Text(); present {
		row.Description, row.DescriptionFolded = &text, folded(text)
	}
	if task.Position != domain.PositionOf(task.ID) {
		row.Position = nullable(task.Position.String())
	}
	if row.DueDate != nil {
		at := task.Due.Date().At().UnixMicro()
		row.DueAt = &at
	}
	return row
}

// Task makes the row a task of owner. It fails if the table holds what no
// task may be, which takes somebody other than Taskward to write.
func (r *Row) Task(owner domain.UserID) (domain.Task, error) {
	task := domain.Task{
		Owner:     owner,
		ID:        domain.TaskID(r.ID),
		DeletedAt: r.DeletedAt.Time,
		Sequence:  domain.Sequence(r.Sequence),
	}
	if r.Purged {
		return task, nil
	}
	task.Completed = r.Completed
	task.CreatedAt, task.UpdatedAt = r.CreatedAt.Time, r.UpdatedAt.Time
	if r.Completed { // a version that does not know completed_at leaves it as it was
		task.CompletedAt = cmp.Or(r.CompletedAt.Time, r.UpdatedAt.Time)
	}
	if err := r.content(&task); err != nil {
		// The cause is not wrapped: it blames the input of whoever asks.
		return domain.Task{}, fmt.Errorf("the stored task %d breaks a rule: %s", r.ID, err.Error())
	}
	return task, nil
}

// content restores what has rules of its own.
func (r *Row) content(task *domain.Task) (err error) {
	if task.Title, err = domain.RestoreTitle(r.Title); err != nil {
		return err
	}
	if r.Description != nil {
		if task.Description, err = domain.RestoreDescription(*r.Description); err != nil {
			return err
		}
	}
	if task.Priority, err = decodePriority(r.Priority); err != nil {
		return err
	}
	if task.Tags, err = decodeTags(r.Tags); err != nil {
		return err
	}
	if task.Due, err = decodeDue(r.DueDate, r.DueZone); err != nil {
		return err
	}
	task.Position = domain.PositionOf(task.ID)
	if r.Position != nil {
		task.Position, err = domain.ParsePosition(*r.Position)
	}
	return err
}

func decodePriority(number int64) (domain.Priority, error) {
	for priority := domain.Low; priority <= domain.High; priority++ {
		if int64(priority) == number {
			return priority, nil
		}
	}
	return 0, fmt.Errorf("there is no priority %d", number)
}

func decodeDue(date, zone *string) (domain.Due, error) {
	if date == nil {
		return domain.Due{}, nil
	}
	at, err := domain.ParseDueDate(*date)
	if err != nil || zone == nil {
		due, _ := domain.NewDue(at, domain.Zone{}) // only a zone can be wrong
		return due, err
	}
	in, err := domain.RestoreZone(*zone)
	if err != nil {
		return domain.Due{}, err
	}
	return domain.NewDue(at, in)
}

// nullable is text as a column takes it that holds null for none.
func nullable(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
