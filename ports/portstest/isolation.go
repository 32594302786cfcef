package portstest

import (
	"strings"

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
			query := domain.TaskQuery{Limit: 100, Count: true}
			for _, order := range []domain.Order{domain.NewestFirst, domain.OldestFirst} {
				for _, completed := range []domain.Optional[bool]{{}, domain.Some(false), domain.Some(true)} {
					query.Order, query.Completed = order, completed
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
	{"Apply does not touch another owner's task", func(t reporter, tasks ports.TaskRepository) {
		bothWays(newScene(t, tasks), newScene(t, tasks), func(mine, theirs scene) {
			theirTasks := theirs.createMany(2)
			target := domain.Target{ID: theirTasks[1].ID}
			expecting := domain.Target{ID: target.ID, Expected: theirTasks[1].Sequence}
			for _, target := range []domain.Target{target, expecting} {
				for _, change := range []domain.Change{
					domain.Edit{Target: target, Title: domain.Some(title("stolen"))},
					domain.SetCompleted{Target: target, Completed: true},
					domain.ToggleCompleted{Target: target},
					domain.Delete{Target: target},
				} {
					mine.wantApplyError(domain.ErrTaskNotFound, change)
					mine.wantApplyError(domain.ErrTaskNotFound, change, domain.Create{Title: title("beside")})
				}
			}
			for _, task := range theirTasks {
				theirs.wantTask(task)
			}
			own := on(mine.create("mine").ID)
			mine.apply(later, domain.Edit{Target: own, Title: domain.Some(title("mine, edited"))})
			mine.apply(later, domain.ToggleCompleted{Target: own})
			mine.apply(later, domain.Delete{Target: own})
			for _, task := range theirTasks {
				theirs.wantTask(task)
			}
		})
	}},
	{"Owners are compared byte for byte", func(t reporter, tasks ports.TaskRepository) {
		for _, pair := range alikeUserIDs {
			fresh := newScene(t, tasks)
			named := func(pattern string) scene {
				owner := strings.ReplaceAll(pattern, "@", string(fresh.owner))
				return scene{t, tasks, domain.UserID(owner)}
			}
			bothWays(named(pair[0]), named(pair[1]), func(mine, theirs scene) {
				task := theirs.create("theirs")
				mine.wantGone(task.ID)
				mine.wantApplyError(domain.ErrTaskNotFound, domain.ToggleCompleted{Target: on(task.ID)})
				theirs.wantTask(task)
				if got := mine.create("mine").ID; got != task.ID {
					t.Errorf("%q got id %d where %q got %d", mine.owner, got, theirs.owner, task.ID)
				}
			})
		}
	}},
	{"Any owner id is kept as it is", func(t reporter, tasks ports.TaskRepository) {
		for _, id := range hostileUserIDs {
			odd := newScene(t, tasks)
			odd.owner += domain.UserID(id)
			odd.owner = odd.owner[:min(len(odd.owner), domain.MaxUserIDBytes)]
			created := odd.create("odd owner")
			if created.Owner != odd.owner {
				t.Errorf("Apply gave owner %q, want %q", created.Owner, odd.owner)
			}
			odd.wantTask(created)
		}
	}},
}
