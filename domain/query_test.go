package domain_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

// listed are tasks that differ in everything that can be asked for, with ties.
// By their ids:
//
//	1: low, due first; 2: high, due second; 3: due second, done; 4 and 5: never due
func listed() []domain.Task {
	tasks := []domain.Task{
		{Title: title("Zebra"), Priority: domain.Low, Due: must(domain.NewDue(date("2026-11-20"), domain.Zone{}))},
		{Title: title("äpfel"), Priority: domain.High, Due: must(domain.NewDue(date("2026-11-22T00:00:00Z"), domain.Zone{})), Tags: tags("home")},
		{Title: title("Apfel"), Priority: domain.Medium, Due: must(domain.NewDue(date("2026-11-22"), domain.Zone{})), Tags: tags("work", "home")},
		{Title: title("banana"), Priority: domain.High, Description: description("Crème brûlée")},
		{Title: title("APFEL"), Priority: domain.Low, Tags: tags("work")},
	}
	changed := []domain.Sequence{9, 7, 10, 6, 8}
	places := []domain.TaskID{4, 2, 2, 1, 3}
	for i := range tasks {
		id := domain.TaskID(i + 1)
		tasks[i].Owner, tasks[i].ID, tasks[i].Sequence, tasks[i].Position = "owner", id, changed[i], domain.PositionOf(places[i])
		tasks[i].CreatedAt, tasks[i].UpdatedAt = noon, noon.Add(time.Duration(changed[i])*time.Minute)
	}
	tasks[2] = completed(tasks[2])
	return tasks
}

func idsOf(tasks []domain.Task) []domain.TaskID {
	ids := make([]domain.TaskID, len(tasks))
	for i, task := range tasks {
		ids[i] = task.ID
	}
	return ids
}

func TestSorts(t *testing.T) {
	for _, test := range []struct {
		sort                  domain.Sort
		ascending, descending []domain.TaskID
	}{
		{domain.ByCreation, []domain.TaskID{1, 2, 3, 4, 5}, []domain.TaskID{5, 4, 3, 2, 1}},
		{domain.ByChange, []domain.TaskID{4, 2, 5, 1, 3}, []domain.TaskID{3, 1, 5, 2, 4}},
		{domain.ByDue, []domain.TaskID{1, 2, 3, 4, 5}, []domain.TaskID{3, 2, 1, 5, 4}},
		{domain.ByPriority, []domain.TaskID{1, 5, 3, 2, 4}, []domain.TaskID{4, 2, 3, 5, 1}},
		{domain.ByTitle, []domain.TaskID{2, 3, 5, 4, 1}, []domain.TaskID{1, 4, 5, 3, 2}},
		{domain.ByPosition, []domain.TaskID{4, 2, 3, 5, 1}, []domain.TaskID{1, 5, 3, 2, 4}},
	} {
		for order, want := range map[domain.Order][]domain.TaskID{domain.Ascending: test.ascending, domain.Descending: test.descending} {
			page := domain.TaskQuery{Sort: test.sort, Order: order, Limit: 10}.Page(listed(), 10)
			if got := idsOf(page.Tasks); !slices.Equal(got, want) {
				t.Errorf("sort %d, order %d: %v, want %v", test.sort, order, got, want)
			}
		}
	}
	if got := idsOf(domain.TaskQuery{Limit: 10}.Page(listed(), 10).Tasks); !slices.Equal(got, []domain.TaskID{5, 4, 3, 2, 1}) {
		t.Errorf("a query that asks for nothing lists %v, want the newest first", got)
	}
}

func TestFilters(t *testing.T) {
	type query = domain.TaskQuery
	first, second := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC), time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		query query
		want  []domain.TaskID
	}{
		"none":                      {query{}, []domain.TaskID{1, 2, 3, 4, 5}},
		"completed":                 {query{Completed: domain.Some(true)}, []domain.TaskID{3}},
		"pending":                   {query{Completed: domain.Some(false)}, []domain.TaskID{1, 2, 4, 5}},
		"a priority":                {query{Priority: domain.Some(domain.High)}, []domain.TaskID{2, 4}},
		"a tag":                     {query{Tags: tags("work")}, []domain.TaskID{3, 5}},
		"several tags":              {query{Tags: tags("home", "work")}, []domain.TaskID{3}},
		"a tag that nothing has":    {query{Tags: tags("wor")}, nil},
		"due from":                  {query{DueFrom: second}, []domain.TaskID{2, 3}},
		"due from, just before":     {query{DueFrom: second.Add(time.Microsecond)}, nil},
		"due before":                {query{DueBefore: second}, []domain.TaskID{1}},
		"due before, just behind":   {query{DueBefore: second.Add(time.Microsecond)}, []domain.TaskID{1, 2, 3}},
		"due between":               {query{DueFrom: first.Add(1), DueBefore: second.Add(time.Hour)}, []domain.TaskID{2, 3}},
		"updated since":             {query{UpdatedSince: noon.Add(9 * time.Minute)}, []domain.TaskID{1, 3}},
		"updated since, just later": {query{UpdatedSince: noon.Add(9*time.Minute + time.Microsecond)}, []domain.TaskID{3}},
		"search in titles":          {query{Search: domain.Fold("ÄPF")}, []domain.TaskID{2, 3, 5}},
		"search in descriptions":    {query{Search: domain.Fold("e BRULEE")}, []domain.TaskID{4}},
		"search over both":          {query{Search: domain.Fold("banana Crème")}, nil},
		"search for a pattern":      {query{Search: "%"}, nil},
		"search, not folded":        {query{Search: "Apfel"}, nil},
		"all at once":               {query{Completed: domain.Some(false), Priority: domain.Some(domain.High), Tags: tags("home"), DueFrom: first, DueBefore: second.Add(1000), UpdatedSince: noon, Search: "apfel"}, []domain.TaskID{2}},
	} {
		t.Run(name, func(t *testing.T) {
			test.query.Order, test.query.Limit, test.query.Count = domain.Ascending, 10, true
			page := test.query.Page(append(listed(), deleted(stored(6)), purged(stored(7))), 12)
			if got := idsOf(page.Tasks); !slices.Equal(got, test.want) {
				t.Errorf("lists %v, want %v", got, test.want)
			}
			if page.Total != domain.Some(len(test.want)) || page.More || page.Sequence != 12 {
				t.Errorf("the page is %+v", page)
			}
		})
	}
}

func TestPages(t *testing.T) {
	for name, test := range map[string]struct {
		query domain.TaskQuery
		want  []domain.TaskID
		more  bool
		total domain.Optional[int]
	}{
		"just as many":        {query: domain.TaskQuery{Limit: 5}, want: []domain.TaskID{5, 4, 3, 2, 1}},
		"one less":            {query: domain.TaskQuery{Limit: 4}, want: []domain.TaskID{5, 4, 3, 2}, more: true},
		"none":                {query: domain.TaskQuery{}, more: true},
		"skipping":            {query: domain.TaskQuery{Skip: 1, Limit: 2}, want: []domain.TaskID{4, 3}, more: true},
		"skipping to the end": {query: domain.TaskQuery{Skip: 3, Limit: 2}, want: []domain.TaskID{2, 1}},
		"skipping all":        {query: domain.TaskQuery{Skip: 5, Limit: 2}},
		"skipping far":        {query: domain.TaskQuery{Skip: 1 << 40, Limit: 2, Count: true}, total: domain.Some(5)},
		"counting":            {query: domain.TaskQuery{Limit: 1, Count: true, Completed: domain.Some(false)}, want: []domain.TaskID{5}, more: true, total: domain.Some(4)},
		"after":               {query: domain.TaskQuery{Limit: 2, After: domain.Some(domain.Bookmark{ID: 4}), Count: true}, want: []domain.TaskID{3, 2}, more: true, total: domain.Some(5)},
		"after, skipping":     {query: domain.TaskQuery{Limit: 2, After: domain.Some(domain.Bookmark{ID: 4}), Skip: 1}, want: []domain.TaskID{2, 1}},
		"after the last":      {query: domain.TaskQuery{Limit: 2, After: domain.Some(domain.Bookmark{ID: 1})}},
		"after none":          {query: domain.TaskQuery{Limit: 2, After: domain.Some(domain.Bookmark{})}},
	} {
		t.Run(name, func(t *testing.T) {
			page := test.query.Page(listed(), 10)
			if got := idsOf(page.Tasks); !slices.Equal(got, test.want) || page.More != test.more || page.Total != test.total {
				t.Errorf("lists %v, more %v, total %+v", got, page.More, page.Total)
			}
			if page.Tasks == nil {
				t.Error("the tasks are nil, which is no list")
			}
		})
	}
	if page := (domain.TaskQuery{Limit: 5}).Page(nil, 0); page.Tasks == nil || len(page.Tasks) != 0 || page.More {
		t.Errorf("of no tasks the page is %+v", page)
	}
}

// TestBookmarks pages through a list while tasks go, and finds the rest: each
// once, in order.
func TestBookmarks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		query := domain.TaskQuery{
			Sort:  rapid.SampledFrom([]domain.Sort{domain.ByCreation, domain.ByChange, domain.ByDue, domain.ByPriority, domain.ByTitle, domain.ByPosition}).Draw(t, "sort"),
			Order: rapid.SampledFrom([]domain.Order{domain.Ascending, domain.Descending}).Draw(t, "order"),
		}
		tasks := anyTasks(t)
		query.Limit = len(tasks)
		want := idsOf(query.Page(tasks, 1).Tasks)
		if len(want) != len(tasks) {
			t.Fatalf("lists %d of %d tasks", len(want), len(tasks))
		}
		tasks = rapid.Permutation(tasks).Draw(t, "tasks")
		var got []domain.TaskID
		for more := true; more; {
			query.Limit = rapid.IntRange(1, 4).Draw(t, "limit")
			page := query.Page(tasks, 1)
			got = append(got, idsOf(page.Tasks)...)
			if more = page.More; !more {
				break
			}
			last := page.Tasks[len(page.Tasks)-1]
			query.After = domain.Some(query.Bookmark(last))
			if rapid.Bool().Draw(t, "the last is gone") {
				tasks = slices.DeleteFunc(tasks, func(task domain.Task) bool { return task.ID == last.ID })
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("sort %d, order %d: the pages list %v, want %v", query.Sort, query.Order, got, want)
		}
	})
}

// TestOrders holds each sort against what it says, and against its reverse.
func TestOrders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tasks := anyTasks(t)
		for sort, compare := range map[domain.Sort]func(a, b domain.Task) int{
			domain.ByCreation: func(domain.Task, domain.Task) int { return 0 },
			domain.ByChange:   func(a, b domain.Task) int { return cmp.Compare(a.Sequence, b.Sequence) },
			domain.ByPriority: func(a, b domain.Task) int { return cmp.Compare(a.Priority, b.Priority) },
			domain.ByTitle: func(a, b domain.Task) int {
				return cmp.Compare(domain.Fold(a.Title.String()), domain.Fold(b.Title.String()))
			},
			domain.ByPosition: func(a, b domain.Task) int { return cmp.Compare(a.Position.String(), b.Position.String()) },
			domain.ByDue:      func(a, b domain.Task) int { return a.Due.Date().At().Compare(b.Due.Date().At()) },
		} {
			up := domain.TaskQuery{Sort: sort, Order: domain.Ascending, Limit: 100}.Page(tasks, 1).Tasks
			down := domain.TaskQuery{Sort: sort, Order: domain.Descending, Limit: 100}.Page(tasks, 1).Tasks
			if sort == domain.ByDue {
				up, down = withoutNever(t, up), withoutNever(t, down)
			}
			if !slices.IsSortedFunc(up, func(a, b domain.Task) int { return cmp.Or(compare(a, b), cmp.Compare(a.ID, b.ID)) }) {
				t.Errorf("sort %d lists %v", sort, idsOf(up))
			}
			slices.Reverse(down)
			if !slices.Equal(up, down) {
				t.Errorf("sort %d lists %v, and descending, turned round, %v", sort, idsOf(up), idsOf(down))
			}
		}
	})
}

// withoutNever leaves out the tasks that are never due, which have to be last.
func withoutNever(t *rapid.T, tasks []domain.Task) []domain.Task {
	never := slices.IndexFunc(tasks, func(task domain.Task) bool { return task.Due == domain.Due{} })
	if never < 0 {
		return tasks
	}
	for _, task := range tasks[never:] {
		if task.Due != (domain.Due{}) {
			t.Errorf("a task that is due is behind one that never is: %v", idsOf(tasks))
		}
	}
	return tasks[:never]
}

// anyTasks draws live tasks that are often the same in what lists sort by.
func anyTasks(t *rapid.T) []domain.Task {
	dates := []domain.DueDate{{}, {}, date("0001-01-01"), date("2026-11-22"), date("2026-11-22T00:00:00Z"), date("9999-12-31T23:59:59.999999Z")}
	return rapid.Custom(func(t *rapid.T) []domain.Task {
		tasks := make([]domain.Task, rapid.IntRange(1, 12).Draw(t, "count"))
		sequences := rapid.Permutation(sequencesTo(len(tasks))).Draw(t, "sequences")
		for i := range tasks {
			tasks[i] = stored(domain.TaskID(i + 1))
			tasks[i].Sequence = sequences[i]
			tasks[i].Title = title(rapid.SampledFrom([]string{"a", "A", "ä", "b", "Z", "漢"}).Draw(t, "title"))
			tasks[i].Priority = rapid.SampledFrom([]domain.Priority{domain.Low, domain.Medium, domain.High}).Draw(t, "priority")
			tasks[i].Due = must(domain.NewDue(rapid.SampledFrom(dates).Draw(t, "due"), domain.Zone{}))
			tasks[i].Position = position(fmt.Sprintf("400000000000000%d%s", rapid.IntRange(1, 2).Draw(t, "whole"), rapid.SampledFrom([]string{"", "1", "Z", "a"}).Draw(t, "fraction")))
		}
		return tasks
	}).Draw(t, "tasks")
}

func sequencesTo(last int) []domain.Sequence {
	sequences := make([]domain.Sequence, last)
	for i := range sequences {
		sequences[i] = domain.Sequence(i + 1)
	}
	return sequences
}
