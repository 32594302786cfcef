package httpapi

import (
	"strconv"

	"github.com/taskward/taskward/domain"
)

// appendTask writes a task as it goes over the wire.
func (a *API) appendTask(dst []byte, task domain.Task) []byte {
	dst = append(dst, `{"id":`...)
	dst = strconv.AppendInt(dst, int64(task.ID), 10)
	dst = append(dst, `,"user_id":`...)
	dst = appendText(dst, string(task.Owner))
	dst = append(dst, `,"title":`...)
	dst = appendText(dst, task.Title.String())
	dst = append(dst, `,"description":`...)
	if text, present := task.Description.Text(); present {
		dst = appendText(dst, text)
	} else {
		dst = append(dst, "null"...)
	}
	dst = append(dst, `,"completed":`...)
	dst = strconv.AppendBool(dst, task.Completed)
	dst = a.options.Variants.appendCompleted(dst, task.Completed)
	dst = append(dst, `,"completed_at":`...)
	dst = appendTime(dst, task.CompletedAt)
	dst = append(dst, `,"priority":`...)
	dst = appendText(dst, task.Priority.String())
	dst = append(dst, `,"tags":`...)
	dst = appendTexts(dst, task.Tags.Names())
	dst = append(dst, `,"due_date":`...)
	dst = appendTextOrNull(dst, task.Due.Date().String())
	dst = append(dst, `,"due_zone":`...)
	dst = appendTextOrNull(dst, task.Due.Zone().String())
	dst = append(dst, `,"position":`...)
	dst = appendText(dst, task.Position.String())
	dst = append(dst, `,"version":`...)
	dst = strconv.AppendInt(dst, int64(task.Sequence), 10)
	dst = append(dst, `,"created_at":`...)
	dst = appendTime(dst, task.CreatedAt)
	dst = append(dst, `,"updated_at":`...)
	dst = appendTime(dst, task.UpdatedAt)
	if !task.IsLive() {
		dst = append(dst, `,"deleted_at":`...)
		dst = appendTime(dst, task.DeletedAt)
	}
	return append(dst, '}')
}

// appendTasks writes tasks as an array.
func (a *API) appendTasks(dst []byte, tasks []domain.Task) []byte {
	dst = append(dst, '[')
	for i, task := range tasks {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = a.appendTask(dst, task)
	}
	return append(dst, ']')
}
