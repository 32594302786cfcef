package bunstore_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/adapters/bunstore"
	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
)

// Queries that differ in nothing but values are one statement, so it is
// planned once.
func TestListsHaveNoValuesInTheirText(t *testing.T) {
	lists := bunstore.Lists{
		Mark: "@", Limit: "LIMIT ", Tasks: "tasks WHERE user_id = @1", Open: "open WHERE user_id = @1", Sequence: "(sequence)",
		Title: "folded", Position: "place",
		HasTags:  func(names string) string { return "has(" + names + ")" },
		Mentions: func(text string) string { return "(mentions(" + text + ") OR mentions(" + text + "))" },
	}
	texts := map[string]string{}
	rapid.Check(t, func(t *rapid.T) {
		course := begin(t, newHistory(t, "memory", memory.NewTasks()))
		for range 10 {
			query := course.query(t)
			text, args := lists.Statement(domain.UserID(rapid.String().Draw(t, "owner")), query)
			if known, ok := texts[shape(query)]; ok && known != text {
				t.Fatalf("%+v is\n%s\nand was\n%s", query, text, known)
			}
			texts[shape(query)] = text
			for i := range args {
				if !strings.Contains(text, fmt.Sprintf("@%d", i+1)) {
					t.Errorf("no parameter stands for %v in\n%s", args[i], text)
				}
			}
		}
	})
}

// shape is a query without its values.
func shape(query domain.TaskQuery) string {
	_, priority := query.Priority.Get()
	_, after := query.After.Get()
	return fmt.Sprint(query.Completed, priority, query.Tags != domain.Tags{}, query.DueFrom.IsZero(), query.DueBefore.IsZero(), query.UpdatedSince.IsZero(),
		query.Search != "", query.Sort, query.Order, after, query.Count)
}
