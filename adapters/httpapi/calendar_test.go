package httpapi_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	ical "github.com/arran4/golang-ical"
	"github.com/google/go-cmp/cmp"
)

// todos are those of the calendar that a user's tasks are exported as.
func todos(s *service, user string) []*ical.VTodo {
	s.t.Helper()
	body := s.do("GET", "/api/me/export", as(user), header("Accept", "text/calendar")).want(200).body
	for line := range bytes.SplitSeq(bytes.TrimSuffix(body, []byte("\r\n")), []byte("\r\n")) {
		if len(line) > 75 || !utf8.Valid(line) || bytes.ContainsFunc(line, func(r rune) bool { return unicode.IsControl(r) && r != '\t' }) {
			s.t.Errorf("%d bytes on the line %q", len(line), line)
		}
	}
	calendar, err := ical.ParseCalendar(bytes.NewReader(body))
	if err != nil {
		s.t.Fatalf("%v: %s", err, body)
	}
	if len(calendar.Components) != len(calendar.Todos()) {
		s.t.Errorf("something else than to-dos: %s", body)
	}
	return calendar.Todos()
}

// properties are those of a to-do, each with its values.
func properties(todo *ical.VTodo) map[string][]string {
	properties := map[string][]string{}
	for _, property := range todo.Properties {
		properties[property.IANAToken] = append(properties[property.IANAToken], property.Value)
	}
	return properties
}

func TestTheCalendar(t *testing.T) {
	s := serve(t)
	for _, body := range []string{
		`{"title":"Milk, bread; and \\n","description":"two\nlines","priority":"high","tags":["a,b","ç"],"due_date":"2026-11-22","due_zone":"Europe/Berlin"}`,
		`{"title":"x","completed":true,"priority":"low","due_date":"2026-11-22T17:00:00.5+01:00"}`,
		`{"title":"y"}`,
	} {
		s.do("POST", "/api/u/tasks", as("u"), raw(body)).want(201)
	}
	s.do("PATCH", "/api/u/tasks/3", as("u"), raw(`{}`)).want(200)
	want := []map[string][]string{
		{
			"SUMMARY": {`Milk, bread; and \n`}, "DESCRIPTION": {"two\nlines"}, "CATEGORIES": {"a,b", "ç"}, "PRIORITY": {"1"}, "DUE": {"20261122"},
			"STATUS": {"NEEDS-ACTION"}, "CREATED": {"20260102T030406Z"}, "LAST-MODIFIED": {"20260102T030406Z"}, "DTSTAMP": {"20260102T030406Z"},
		},
		{
			"SUMMARY": {"x"}, "PRIORITY": {"9"}, "DUE": {"20261122T160000Z"}, "STATUS": {"COMPLETED"}, "COMPLETED": {"20260102T030407Z"},
			"CREATED": {"20260102T030407Z"}, "LAST-MODIFIED": {"20260102T030407Z"}, "DTSTAMP": {"20260102T030407Z"},
		},
		{
			"SUMMARY": {"y"}, "PRIORITY": {"5"}, "STATUS": {"NEEDS-ACTION"},
			"CREATED": {"20260102T030408Z"}, "LAST-MODIFIED": {"20260102T030409Z"}, "DTSTAMP": {"20260102T030409Z"},
		},
	}
	ids := map[string]bool{}
	for i, todo := range todos(s, "u") {
		got := properties(todo)
		ids[todo.Id()] = true
		if len(got["UID"]) != 1 || !strings.HasPrefix(got["UID"][0], fmt.Sprintf("%d-", i+1)) {
			t.Errorf("UID %q", got["UID"])
		}
		delete(got, "UID")
		if diff := cmp.Diff(want[i], got); diff != "" {
			t.Errorf("the to-do %d (-want +got):\n%s", i, diff)
		}
	}
	s.create("v", "x")
	for _, todo := range append(todos(s, "u"), todos(s, "v")...) {
		ids[todo.Id()] = true
	}
	if len(ids) != 4 {
		t.Errorf("ids are not those of the tasks: %v", ids)
	}
	day := todos(s, "u")[0].GetProperty(ical.ComponentPropertyDue)
	if got := day.ICalParameters["VALUE"]; !slices.Equal(got, []string{"DATE"}) {
		t.Errorf("a day is a %q", got)
	}
}

func TestTheCalendarOfNothing(t *testing.T) {
	s := serve(t)
	if got := todos(s, "u"); len(got) != 0 {
		t.Errorf("to-dos: %v", got)
	}
}

// TestNothingGetsOutOfItsPropertyInTheCalendar writes what would be another
// property, or another to-do, if it stood there as it is.
func TestNothingGetsOutOfItsPropertyInTheCalendar(t *testing.T) {
	attack := "END:VTODO\r\nBEGIN:VEVENT\r\nATTACH:http://x\r\nEND:VEVENT\r\nBEGIN:VTODO"
	for name, test := range map[string]struct{ title, description, tag string }{
		"line ends":         {"x", attack, "x"},
		"returns":           {"x", strings.ReplaceAll(attack, "\r\n", "\r"), "x"},
		"new lines":         {"x", strings.ReplaceAll(attack, "\r\n", "\n"), "x"},
		"written line ends": {strings.ReplaceAll(attack, "\r\n", `\r\n`), strings.ReplaceAll(attack, "\r\n", `\n`), `\nATTACH:x`},
		"other line ends":   {"x", strings.ReplaceAll(attack, "\r\n", "\u2028") + strings.ReplaceAll(attack, "\r\n", "\u0085"), "x"},
		"separators":        {`a;b:c,d"e\`, `a;b:c,d"e\`, `a;b:c,d"e\`},
		"parameters":        {`;VALUE=URI:http://x`, `;ENCODING=BASE64:x`, `;X="`},
		"folds":             {strings.Repeat("x", 73) + " END:VTODO", strings.Repeat("x", 70) + "\n END:VTODO", strings.Repeat("é", 50)},
		"long words":        {strings.Repeat("🦊", 200), strings.Repeat("𝄞", 1000), strings.Repeat("🦊", 50)},
		"many spaces":       {"x" + strings.Repeat(" ", 190) + "y", strings.Repeat(" ", 1000), "x" + strings.Repeat(" ", 40) + "y"},
		"marks and joiners": {strings.Repeat("a\u0301\u200d", 60), strings.Repeat("\u0301", 500), "x\u200d"},
		"markup":            {"<b>" + strings.Repeat("<i>x</i>", 20), strings.Repeat("<>", 400), "<>"},
		"controls":          {"x", "a\x01b\x07c\x1bd\x7fe\tf\vg", "x"},
		"empty":             {"x", "", "x"},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t)
			s.do("POST", "/api/u/tasks", as("u"), sending(map[string]any{
				"title": test.title, "description": test.description, "tags": []string{test.tag},
			})).want(201)
			s.create("u", "the next")
			got := todos(s, "u")
			if len(got) != 2 {
				t.Fatalf("%d to-dos", len(got))
			}
			all := properties(got[0])
			printable := strings.Map(func(r rune) rune {
				if unicode.IsControl(r) && r != '\n' && r != '\t' {
					return -1
				}
				return r
			}, test.description)
			for name, want := range map[string]string{"SUMMARY": test.title, "DESCRIPTION": printable, "CATEGORIES": test.tag} {
				if diff := cmp.Diff([]string{want}, all[name]); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
				delete(all, name)
			}
			for name := range all {
				if !slices.Contains([]string{"UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "PRIORITY", "STATUS"}, name) {
					t.Errorf("there is a property %s", name)
				}
			}
		})
	}
}
