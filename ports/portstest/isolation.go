package portstest

import (
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var isolationRules = []rule{
	{"Get hides another owner's task", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			task := theirs.create("theirs")
			mine.wantGone(task.ID)
			theirs.wantTask(task)
			mine.create("mine") // so that ids are in step when the two are swapped
		})
	}},
	{"List leaves out and does not count another owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			before := len(mine.all())
			theirs.createMany(3)
			for _, order := range []domain.Order{domain.Descending, domain.Ascending} {
				for _, query := range everyFilter() {
					query.Order = order
					for _, task := range mine.list(query).Tasks {
						if task.Owner != mine.owner {
							t.Errorf("List(%+v) of one owner gave a task of another", query)
						}
					}
				}
			}
			for _, limit := range []int{before, 100} {
				page := mine.list(domain.TaskQuery{Limit: limit, Count: true})
				if total, _ := page.Total.Get(); len(page.Tasks) != before || total != before || page.More {
					t.Errorf("List gave %d tasks, total %d, more %v; want %d, %d, false", len(page.Tasks), total, page.More, before, before)
				}
			}
		})
	}},
	{"Trash leaves out another owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			before := mine.trash(domain.TrashQuery{Limit: plenty}).Tasks
			theirs.createMany(2)
			theirs.apply(later, domain.Delete{Target: on(1)}, domain.Delete{Target: on(2)})
			for _, query := range []domain.TrashQuery{{Limit: plenty}, {Limit: len(before), Over: noon}, {Limit: plenty, Before: 99, Over: noon}} {
				page := mine.trash(query)
				if mine.wantIDs(page, ids(before)...); !slices.Equal(page.Tasks, before) || page.More {
					t.Errorf("Trash(%+v) gave %+v, more %v; want %+v", query, page.Tasks, page.More, before)
				}
			}
		})
	}},
	{"Changes leaves out another owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			before := mine.changes(0, plenty)
			theirs.createMany(3)
			theirs.delete(later, 1, 2)
			theirs.apply(later, domain.Purge{Target: on(1)})
			for _, limit := range []int{len(before.Tasks), plenty} {
				feed := mine.changes(0, limit)
				if !slices.Equal(feed.Tasks, before.Tasks) || feed.More || feed.Until != before.Until {
					t.Errorf("Changes gave %+v, want %+v", feed, before)
				}
				mine.wantFeed(mine.goOn(feed.Until, limit))
			}
		})
	}},
	{"State is not moved by another owner's changes", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			before := mine.state()
			theirs.createMany(2)
			theirs.delete(noon, 1)
			theirs.send(domain.NewBatch(later, domain.Delete{Target: on(2)}).ForgettingTrash(noon))
			theirs.erase()
			if got := mine.state(); got != before {
				t.Errorf("State gave %+v, want %+v", got, before)
			}
		})
	}},
	{"Apply does not touch another owner's task", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			live := theirs.createMany(3)[0].ID
			theirs.delete(noon, live+1)
			theirs.apply(later, domain.Edit{Target: on(live + 2), Place: domain.Some(domain.Before(live))})
			before := theirs.belongings()
			for _, expects := range []bool{false, true} {
				for at, act := range map[domain.TaskID]func(domain.Target) []domain.Change{live: changesOf, live + 1: changesInTrash} {
					target := on(at)
					if expects {
						found := slices.Concat(before.live, before.trash)
						target.Expected = found[slices.Index(ids(found), at)].Sequence
					}
					for _, change := range act(target) {
						mine.wantApplyError(domain.ErrTaskNotFound, change)
						mine.wantApplyError(domain.ErrTaskNotFound, change, bare("beside"))
					}
				}
			}
			mine.wantApplyError(domain.Invalidity(), domain.Create{Title: title("beside theirs"), Place: domain.Some(domain.Behind(live + 2))})
			theirs.wantUnchanged(before)
			mine.createMany(3)
			mine.delete(noon, live+1)
			moved := mine.apply(later, domain.Edit{Target: on(live + 2), Place: domain.Some(domain.Before(live))})[0]
			if want := theirs.get(live + 2).Position; moved.Position != want {
				t.Errorf("where one owner's task got position %v, that of another with the same tasks got %v", want, moved.Position)
			}
			mine.apply(later, domain.Edit{Target: on(live), Title: domain.Some(title("mine, edited"))})
			mine.apply(later, domain.ToggleCompleted{Target: on(live)})
			mine.apply(later, domain.Restore{Target: on(live + 1)})
			mine.send(domain.NewBatch(later, domain.Delete{Target: on(live)}, domain.Delete{Target: on(live + 1)}).ForgettingTrash(noon))
			mine.apply(later, domain.Purge{Target: on(live + 1)})
			theirs.wantUnchanged(before)
		})
	}},
	{"Erase does not touch another owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			theirs.createMany(3)
			theirs.delete(noon, theirs.all()[0].ID, theirs.all()[1].ID)
			theirs.apply(later, domain.Purge{Target: on(theirs.trash(domain.TrashQuery{Limit: 1}).Tasks[0].ID)})
			once := keyed("key", "request", domain.NewBatch(later, bare("once")))
			theirs.send(once)
			before := theirs.belongings()
			mine.create("mine")
			mine.erase()
			theirs.send(once)
			theirs.wantUnchanged(before)
		})
	}},
	{"A key of one owner says nothing about another's", func(t reporter, tasks ports.TaskRepository) {
		for _, request := range []string{"theirs", "mine"} {
			bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
				key := domain.OnceKey("of " + theirs.owner)
				theirs.send(keyed(key, "theirs", domain.NewBatch(noon, rich("theirs"))))
				before := theirs.belongings()
				got := mine.send(keyed(key, request, domain.NewBatch(noon, rich("mine"))))[0]
				if got.Owner != mine.owner || got.Title != title("mine") {
					t.Errorf("a key of another owner's gave %+v", got)
				}
				mine.wantTask(got)
				theirs.send(keyed(key, "theirs", domain.NewBatch(noon, rich("theirs"))))
				theirs.wantUnchanged(before)
			})
		}
		// Owner and key together are the same text.
		short := newScene(t, tasks)
		long := scene{t, tasks, short.owner + "x"}
		short.send(keyed("xy", "request", domain.NewBatch(noon, rich("of the short"))))
		long.wantTask(long.send(keyed("y", "another", domain.NewBatch(noon, rich("of the long"))))[0])
	}},
}

// everyFilter gives a query for each filter and for each sort. What
// [scene.createMany] makes passes them, unless it is to be completed.
func everyFilter() []domain.TaskQuery {
	queries := []domain.TaskQuery{
		{},
		{Completed: no},
		{Completed: yes},
		{Priority: domain.Some(domain.High)},
		{Tags: tags("home")},
		{DueFrom: noon},
		{DueBefore: noon.AddDate(1, 0, 0)},
		{UpdatedSince: noon},
		{Search: "many"},
		{After: after(2)},
		{Skip: 1},
	}
	for i := range queries {
		queries[i].Limit, queries[i].Count = plenty, true
	}
	for _, by := range everySort {
		queries = append(queries, domain.TaskQuery{Sort: by, Limit: plenty})
	}
	return queries
}
