package sqlite_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
)

// everyList gives queries by what the statements that answer them are called:
// each order with each state of tasks, and each filter.
func everyList(t testing.TB) map[string]domain.TaskQuery {
	t.Helper()
	tags, err := domain.ParseTags([]string{"tag"})
	if err != nil {
		t.Fatal(err)
	}
	queries := map[string]domain.TaskQuery{
		"list by priority":      {Priority: domain.Some(domain.High)},
		"list by tags":          {Tags: tags},
		"list due from":         {DueFrom: time.Unix(1e9, 0)},
		"list due before":       {DueBefore: time.Unix(1e9, 0)},
		"list updated since":    {UpdatedSince: time.Unix(1e9, 0)},
		"list mentioning":       {Search: "text"},
		"list with all filters": {Priority: domain.Some(domain.High), Tags: tags, DueFrom: time.Unix(1e9, 0), DueBefore: time.Unix(1e9, 0), UpdatedSince: time.Unix(1e9, 0), Search: "text", Count: true},
	}
	for state, completed := range map[string]domain.Optional[bool]{"all": {}, "open": domain.Some(false), "completed": domain.Some(true)} {
		for sort := domain.ByCreation; sort <= domain.ByPosition; sort++ {
			for order, name := range map[domain.Order]string{domain.Descending: "down", domain.Ascending: "up"} {
				for _, counted := range []string{"", " counted"} {
					query := domain.TaskQuery{Completed: completed, Sort: sort, Order: order, Count: counted != ""}
					queries[fmt.Sprintf("list %s sorted %s %s%s", state, sorts[sort], name, counted)] = query
					query.After = domain.Some(domain.Bookmark{Number: 500, Text: "text", ID: 500})
					queries[fmt.Sprintf("list %s sorted %s %s%s, deep", state, sorts[sort], name, counted)] = query
				}
			}
		}
	}
	return queries
}

var sorts = map[domain.Sort]string{
	domain.ByCreation: "by creation", domain.ByChange: "by change", domain.ByDue: "by due date",
	domain.ByPriority: "by priority", domain.ByTitle: "by title", domain.ByPosition: "by position",
}
