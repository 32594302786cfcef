package httpapi

import (
	"strconv"

	"github.com/taskward/taskward/domain"
)

// taskBytes is room for a task of the usual size.
const taskBytes = 320

// encodeTasks writes tasks as they go over the wire.
func encodeTasks(tasks []domain.Task) []byte {
	dst := append(make([]byte, 0, 2+taskBytes*len(tasks)), '[')
	for i, task := range tasks {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendTask(dst, task)
	}
	return append(dst, ']')
}

// appendTask writes a task as it goes over the wire.
func appendTask(dst []byte, task domain.Task) []byte {
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
	dst = append(dst, `,"created_at":`...)
	dst = appendTime(dst, task.CreatedAt)
	dst = append(dst, `,"updated_at":`...)
	dst = appendTime(dst, task.UpdatedAt)
	return append(dst, '}')
}
