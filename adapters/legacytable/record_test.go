package legacytable_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/legacytable"
	"github.com/taskward/taskward/domain"
)

// tell gives a record as one line, with nothing for what is not there.
func tell(record legacytable.Record) string {
	task := record.Task
	var line []string
	add := func(name string, value any) { line = append(line, fmt.Sprintf("%s=%v", name, value)) }
	moment := func(name string, at time.Time) {
		if !at.IsZero() {
			add(name, at.Format(time.RFC3339Nano))
		}
	}
	add(record.ID, fmt.Sprint(record.Owner, " ", task.ID))
	if record.Deleted {
		add("deleted", true)
	}
	if record.Unfit != nil {
		add("unfit", reason(record.Unfit))
		return strings.Join(line, "; ")
	}
	add("title", task.Title)
	if text, ok := task.Description.Text(); ok {
		add("description", text)
	}
	if task.Completed {
		add("completed", true)
	}
	if task.Priority != 0 {
		add("priority", task.Priority)
	}
	if names := task.Tags.Names(); len(names) > 0 {
		add("tags", strings.Join(names, "|"))
	}
	if task.Due != (domain.Due{}) {
		add("due", task.Due.Date().String()+" "+task.Due.Zone().String())
	}
	moment("created", task.CreatedAt)
	moment("updated", task.UpdatedAt)
	if task.Completed {
		moment("finished", task.CompletedAt)
	}
	return strings.Join(line, "; ")
}

// reason is what people are told of a record that is unfit.
func reason(unfit error) string {
	var failure *domain.Error
	if !errors.As(unfit, &failure) {
		return "no domain.Error: " + unfit.Error()
	}
	return failure.Detail
}

// TestRecordValues holds what a column may say of a field against what it
// comes to.
func TestRecordValues(t *testing.T) {
	const unfit = "unfit: "
	for field, values := range map[string]map[string]string{
		"id": {
			`7`: "7 7", `"7"`: "7 7", `9223372036854775807`: "9223372036854775807 9223372036854775807",
			`-1`: "-1 -1", `"b"`: "b 0", `92233720368547758070`: "92233720368547758070 0",
			`null`: unfit + "id must not be empty", `""`: unfit + "id must not be empty", `true`: unfit + "id must be text; id must not be empty",
		},
		"user_id": {
			`"ada"`: "ada", `17`: "17", `9223372036854775807`: "9223372036854775807",
			`null`: unfit + "user_id must not be empty", `[1]`: unfit + "user_id must be text; user_id must not be empty",
		},
		"title": {
			`" Buy milk "`: "Buy milk", `null`: unfit + "title must not be blank", `"\n"`: unfit + "title must not be blank",
			`"a\nb"`:                             unfit + "title must not contain control characters or line breaks",
			`"` + strings.Repeat("ä", 201) + `"`: unfit + "title must have at most 200 characters",
			`5`:                                  unfit + "title must be text; title must not be blank",
		},
		"description": {
			`null`: "(none)", `""`: "", `"a\nb"`: "a\nb", `{}`: unfit + "description must be text",
			`"` + strings.Repeat("x", 1001) + `"`: unfit + "description must have at most 1000 characters",
		},
		"completed": {
			`true`: "true", `false`: "false", `null`: "false", `1`: "true", `0`: "false", `"1"`: "true", `"In Progress"`: "false",
			`"DONE"`: "true", `"not_started"`: "false", `"Completed"`: "true", `"TODO"`: "false", `"to-do"`: "false",
			`"perhaps"`: unfit + "completed must be a boolean, or a word such as pending or done",
			`2`:         unfit + "completed must be a boolean, or a word such as pending or done",
			`""`:        unfit + "completed must be a boolean, or a word such as pending or done",
			`[]`:        unfit + "completed must be text; completed must be a boolean, or a word such as pending or done",
		},
		"priority": {
			`null`: "", `"LOW"`: "low", `"Medium"`: "medium", `"urgent"`: "high",
			`"P1"`: unfit + "priority must be a word such as low, medium or high",
			`1`:    unfit + "priority must be text; priority must be a word such as low, medium or high",
		},
		"tags": {
			`null`: "", `""`: "", `[]`: "", `["a","b c"]`: "a|b c", `"a, b,,a"`: "a|b", `"[\"x\",\"y,z\"]"`: "x|y,z", `[" a ",null,"a",""]`: "a",
			`[1]`: unfit + "tags must be a list of texts", `{"a":1}`: unfit + "tags must be text", `true`: unfit + "tags must be text",
			`"a\nb"`: unfit + "tags must each be one line of text that is not blank",
		},
		"due_date": {
			`null`: "", `""`: "", `"2026-11-22"`: "2026-11-22", `"2026-11-22T17:00:00+01:00"`: "2026-11-22T17:00:00+01:00",
			`"2026-11-22T17:00:00+00:00"`: "2026-11-22T17:00:00Z", `"2026-11-22T17:00:00.25"`: "2026-11-22T17:00:00.25Z",
			`"2026-11-22 17:00:00"`: "2026-11-22T17:00:00Z", `"2026-11-22 17:00:00+02:00"`: "2026-11-22T15:00:00Z",
			`"infinity"`:       unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`"0044-03-15 BC"`:  unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`"10000-01-01"`:    unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`"next thursday"`:  unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`1795366800000`:    unfit + "due_date must be text",
			`["2026-11-22"]`:   unfit + "due_date must be text",
			`"2026-13-22"`:     unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`"22.11.2026"`:     unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
			`"2026-11-22T25h"`: unfit + "due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
		},
		"created_at": {
			`null`: "", `""`: "", `"2026-02-03T12:04:05.678901+09:00"`: "2026-02-03T03:04:05.678901Z", `"2026-02-03T12:04:05"`: "2026-02-03T12:04:05Z",
			`"2026-02-03 12:04:05.6789012"`: "2026-02-03T12:04:05.678901Z", `"2026-02-03"`: "2026-02-03T00:00:00Z",
			`"9999-12-31T23:00:00"`:       "9999-12-31T23:00:00Z",
			`"9999-12-31T23:00:00-01:00"`: unfit + "created_at must be a date and time of the years 1 to 9999",
			`"0000-12-31"`:                unfit + "created_at must be a date and time of the years 1 to 9999",
			`"-infinity"`:                 unfit + "created_at must be a date and time of the years 1 to 9999",
			`"10000-01-01T0:00:00"`:       unfit + "created_at must be a date and time of the years 1 to 9999",
			`5`:                           unfit + "created_at must be text",
		},
		"deleted": {`null`: "false", `false`: "false", `0`: "false", `true`: "true", `1`: "true", `"2026-02-03T12:04:05"`: "true"},
	} {
		for value, want := range values {
			names, row := "id user_id title "+field, `[1,"u","t",`+value+`]`
			switch field {
			case "id":
				names, row = "id user_id title", `[`+value+`,"u","t"]`
			case "user_id":
				names, row = "id user_id title", `[1,`+value+`,"t"]`
			case "title":
				names, row = "id user_id title", `[1,"u",`+value+`]`
			}
			record := legacytable.RecordOf(names, row)
			got := gist(record)[field]
			if record.Unfit != nil {
				got = unfit + reason(record.Unfit)
			}
			if got != want {
				t.Errorf("%s %.40s comes to %q, want %q", field, value, got, want)
			}
		}
	}
}

// gist is what a record says of each field.
func gist(record legacytable.Record) map[string]string {
	description, present := record.Task.Description.Text()
	if !present {
		description = "(none)"
	}
	created := ""
	if !record.Task.CreatedAt.IsZero() {
		created = record.Task.CreatedAt.Format(time.RFC3339Nano)
	}
	return map[string]string{
		"id": fmt.Sprint(record.ID, " ", record.Task.ID), "user_id": string(record.Owner), "title": record.Task.Title.String(),
		"description": description, "completed": fmt.Sprint(record.Task.Completed), "priority": record.Task.Priority.String(),
		"tags": strings.Join(record.Task.Tags.Names(), "|"), "due_date": record.Task.Due.Date().String(),
		"created_at": created, "deleted": fmt.Sprint(record.Deleted),
	}
}

// TestRecordFieldsTogether holds what fields make of each other.
func TestRecordFieldsTogether(t *testing.T) {
	const before, after = `"2026-02-03T12:04:05"`, `"2026-02-04T12:04:05"`
	for name, test := range map[string]struct{ names, row, want string }{
		"a zone": {
			"id user_id title due_date due_zone", `[1,"u","t","2026-11-22","Europe/Berlin"]`,
			"1=u 1; title=t; due=2026-11-22 Europe/Berlin",
		},
		"a zone without a date": {"id user_id title due_date due_zone", `[1,"u","t",null,"Europe/Berlin"]`, "1=u 1; title=t"},
		"a zone that is none": {
			"id user_id title due_date due_zone", `[1,"u","t","2026-11-22","Local"]`,
			"1=u 1; unfit=due_zone must be the IANA name of a time zone, such as Europe/Berlin",
		},
		"a zone with a date that is none": {
			"id user_id title due_date due_zone", `[1,"u","t","soon","Europe/Berlin"]`,
			"1=u 1; unfit=due_date must be a date like 2026-11-22 or a time like 2026-11-22T17:00:00Z",
		},
		"completed at its last change": {
			"id user_id title completed created_at updated_at", `[1,"u","t",true,` + before + `,` + after + `]`,
			"1=u 1; title=t; completed=true; created=2026-02-03T12:04:05Z; updated=2026-02-04T12:04:05Z; finished=2026-02-04T12:04:05Z",
		},
		"completed at its creation": {
			"id user_id title completed created_at", `[1,"u","t",true,` + before + `]`,
			"1=u 1; title=t; completed=true; created=2026-02-03T12:04:05Z; finished=2026-02-03T12:04:05Z",
		},
		"completed, for it says when": {
			"id user_id title updated_at completed_at", `[1,"u","t",` + after + `,` + before + `]`,
			"1=u 1; title=t; completed=true; updated=2026-02-04T12:04:05Z; finished=2026-02-03T12:04:05Z",
		},
		"not completed, though it says when": {
			"id user_id title completed completed_at", `[1,"u","t",false,` + before + `]`, "1=u 1; title=t",
		},
		"several faults": {
			"id user_id title priority", `[1,null,"","x"]`,
			"1= 1; unfit=user_id must not be empty; title must not be blank; priority must be a word such as low, medium or high",
		},
		"no JSON":         {"id user_id title", `[1,"u"`, "= 0; unfit=row must be text in UTF-8"},
		"too few values":  {"id user_id title", `[1,"u"]`, "= 0; unfit=row must be text in UTF-8"},
		"another charset": {"id user_id title", "[1,\"u\",\"\xe4\"]", "= 0; unfit=row must be text in UTF-8"},
	} {
		if diff := cmp.Diff(test.want, tell(legacytable.RecordOf(test.names, test.row))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// FuzzRecord has any row become a task that a store can keep, or be refused
// without a word of what it holds.
func FuzzRecord(f *testing.F) {
	const names = "id user_id title description completed priority tags due_date due_zone created_at updated_at completed_at deleted"
	f.Add(`[1,"u","t","d",true,"high",["a"],"2026-11-22","Europe/Berlin","2026-02-03T12:04:05","2026-02-03T12:04:05+01:00",null,false]`)
	f.Add(`["x",2,"t",null,"done",null,"a,b","2026-11-22T10:00:00",null,"infinity","0044-03-15 BC",5,1]`)
	f.Add(`[{},[],{"a":[1e400]},"\ud800",1e9,{},[[]],"\u0000","../..",[],"",{},{}]`)
	f.Fuzz(func(t *testing.T, row string) {
		record := legacytable.RecordOf(names, row)
		if record.Unfit != nil {
			var unfit *domain.Error
			if !errors.As(record.Unfit, &unfit) || unfit.Kind != domain.Invalid {
				t.Errorf("unfit with %v", record.Unfit)
			}
			return
		}
		_, ownerErr := domain.ParseUserID(string(record.Owner))
		_, titleErr := domain.DefaultLimits.ParseTitle(record.Task.Title.String())
		_, tagsErr := domain.ParseTags(record.Task.Tags.Names())
		if err := errors.Join(ownerErr, titleErr, tagsErr); err != nil || record.ID == "" {
			t.Errorf("%q became a task with id %q: %v", row, record.ID, err)
		}
		for _, at := range []time.Time{record.Task.CreatedAt, record.Task.UpdatedAt, record.Task.CompletedAt} {
			if _, err := json.Marshal(at); err != nil || at != domain.Moment(at) {
				t.Errorf("%q has a time that cannot be kept: %v", row, at)
			}
		}
	})
}
