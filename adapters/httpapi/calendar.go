package httpapi

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
	"unicode"

	ical "github.com/arran4/golang-ical" // folds lines and escapes text as RFC 5545 section 3.1 has it

	"github.com/taskward/taskward/domain"
)

const calendarType = "text/calendar"

// calendar writes tasks as the to-dos of an iCalendar (RFC 5545 section 3.6.2).
var calendar = exportFormat{
	mediaType: calendarType + "; charset=utf-8",
	file:      "tasks.ics",
	head:      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Taskward//Tasks//EN\r\n",
	append:    appendTodo,
	foot:      "END:VCALENDAR\r\n",
}

// todoPriority is in steps from 1, the highest, to 9 (section 3.8.1.9).
var todoPriority = map[domain.Priority]int{domain.High: 1, domain.Medium: 5, domain.Low: 9}

var todoLines = &ical.SerializationConfiguration{MaxLength: 75, PropertyMaxLength: 75, NewLine: "\r\n"}

func appendTodo(dst []byte, task domain.Task) []byte {
	todo := ical.NewTodo(todoID(task))
	todo.SetDtStampTime(task.UpdatedAt)
	todo.SetCreatedTime(task.CreatedAt)
	todo.SetModifiedAt(task.UpdatedAt)
	todo.SetSummary(task.Title.String())
	if text, present := task.Description.Text(); present {
		todo.SetDescription(printable(text))
	}
	for _, tag := range task.Tags.Names() {
		todo.AddCategory(tag)
	}
	todo.SetPriority(todoPriority[task.Priority])
	switch date := task.Due.Date(); {
	case date == domain.DueDate{}:
	case len(date.String()) == len(time.DateOnly):
		todo.SetAllDayDueAt(date.At())
	default:
		todo.SetDueAt(date.At())
	}
	if task.Completed {
		todo.SetStatus(ical.ObjectStatusCompleted)
		todo.SetCompletedAt(task.CompletedAt)
	} else {
		todo.SetStatus(ical.ObjectStatusNeedsAction)
	}
	return append(dst, todo.Serialize(todoLines)...)
}

// todoID is the same for the same task at any time, and for no other task
// anywhere (section 3.8.4.7).
func todoID(task domain.Task) string {
	owner := sha256.Sum256([]byte(task.Owner))
	return strconv.FormatInt(int64(task.ID), 10) + "-" + hex.EncodeToString(owner[:16]) + "@taskward"
}

// printable is the text without control characters, which no iCalendar may
// have (section 3.1), but for line ends and tabs.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
}
