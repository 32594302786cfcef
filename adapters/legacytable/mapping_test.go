package legacytable_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/legacytable"
)

// FuzzMapping: a mapping that is made has columns of the table alone, what was
// asked for and nothing that was to be left out.
func FuzzMapping(f *testing.F) {
	f.Add("id user_id title done", "title=done", "id", false)
	f.Add("id userId label", "title=label", "", true)
	f.Add("Task-ID OWNER Name priority", "priority=priority", "Name", true)
	f.Add("id id id", "id=id", "id", false)
	f.Add("a b c", "=", "=", false)
	f.Add("", "title=", "", false)
	f.Add("id user_id title =", "title==", "", false)
	f.Fuzz(func(t *testing.T, names, entry, ignored string, numbers bool) {
		columns := strings.Split(names, " ")
		if len(columns) > 50 {
			return
		}
		options := legacytable.Options{}
		if entry != "" {
			options.Map = []string{entry}
		}
		if ignored != "" {
			options.Ignore = []string{ignored}
		}
		found, err := legacytable.MappingOf(columns, numbers, options)
		if err != nil {
			return
		}
		for _, needed := range []string{"id=", "user_id=", "title="} {
			if !slices.ContainsFunc(found, func(one string) bool { return strings.HasPrefix(one, needed) }) {
				t.Errorf("%q has no %s", found, needed)
			}
		}
		if entry != "" && !slices.Contains(found, entry) {
			t.Errorf("%q is not in %q", entry, found)
		}
		for _, one := range found {
			_, column, _ := strings.Cut(one, "=")
			if !slices.Contains(columns, column) || column == ignored && one != entry {
				t.Errorf("%q is in %q", one, found)
			}
		}
	})
}
