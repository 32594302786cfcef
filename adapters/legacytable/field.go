package legacytable

import (
	"slices"
	"strings"
)

// field is something that a task has, as the API calls it.
type field string

const (
	id          field = "id"
	owner       field = "user_id"
	title       field = "title"
	description field = "description"
	completed   field = "completed"
	priority    field = "priority"
	tags        field = "tags"
	dueDate     field = "due_date"
	dueZone     field = "due_zone"
	createdAt   field = "created_at"
	updatedAt   field = "updated_at"
	completedAt field = "completed_at"
	deleted     field = "deleted" // which the API has no name for: the row stands for a task that is gone
)

// fields lists them all, each with the names by which its column is known, in
// plain form, the surest first.
var fields = []struct {
	field field
	names []string
}{
	{id, []string{"id", "taskid", "todoid", "uuid"}},
	{owner, []string{"userid", "ownerid", "owner", "user", "authorid", "createdby"}},
	{title, []string{"title", "name", "text", "task", "summary", "subject"}},
	{description, []string{"description", "details", "notes", "note", "body", "content"}},
	{completed, []string{"completed", "iscompleted", "complete", "iscomplete", "done", "isdone", "status", "state"}},
	{priority, []string{"priority"}},
	{tags, []string{"tags", "labels"}},
	{dueDate, []string{"duedate", "dueat", "due", "deadline"}},
	{dueZone, []string{"duezone", "duetimezone"}},
	{createdAt, []string{"createdat", "created", "createdon", "insertedat"}},
	{updatedAt, []string{"updatedat", "updated", "updatedon", "modifiedat", "lastmodified"}},
	{completedAt, []string{"completedat", "doneat", "finishedat"}},
	{deleted, []string{"deletedat", "deleted", "isdeleted"}},
}

// Fields gives the names of what can be mapped.
func Fields() []string {
	names := make([]string, len(fields))
	for i, known := range fields {
		names[i] = string(known.field)
	}
	return names
}

func isField(name string) bool { return slices.Contains(Fields(), name) }

// plain is a name or a word without what people write differently: case,
// spaces, underscores and hyphens.
func plain(text string) string {
	return strings.NewReplacer("_", "", "-", "", " ", "").Replace(strings.ToLower(text))
}
