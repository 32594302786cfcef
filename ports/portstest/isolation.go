package portstest

import (
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var isolationRules = []rule{
	{"Get hides another owner's task", func(t reporter, tasks ports.TaskRepository) {
		bothWays(t, tasks, func(mine, theirs scene) {
			task := theirs.create("theirs")
			mine.wantGone(task.ID)
			theirs.wantTask(task)
			mine.create("mine") // so that ids are in step when the two are swapped
		})
	}},
	{"List leaves out and does not count another owner's tasks", func(t reporter, tasks ports.TaskRepository) {
		bothWays(t, tasks, func(mine, theirs scene) {
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
			page := mine.list(domain.TaskQuery{Limit: 100, Count: true})
			if total, _ := page.Total.Get(); len(page.Tasks) != before || total != before || page.More {
				t.Errorf("List gave %d tasks, total %d, more %v; want %d, %d, false", len(page.Tasks), total, page.More, before, before)
			}
		})
	}},
	{"Apply does not touch another owner's task", func(t reporter, tasks ports.TaskRepository) {
		bothWays(t, tasks, func(mine, theirs scene) {
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
			mine.create("mine")
			for _, task := range theirTasks {
				theirs.wantTask(task)
			}
		})
	}},
	{"Owners are compared byte for byte", func(t reporter, tasks ports.TaskRepository) {
		base := newScene(t, tasks)
		base.create("base")
		for _, suffix := range []string{" ", "\t", "%", "_", "é", "e\u0301"} {
			like := base
			like.owner += domain.UserID(suffix)
			like.wantGone(1)
			like.create("alike")
		}
		lower, upper := base, base
		lower.owner += "-case-ß"
		upper.owner += "-CASE-ß"
		lower.create("lower")
		upper.wantGone(1)
	}},
	{"Any owner id is kept as it is", func(t reporter, tasks ports.TaskRepository) {
		for _, id := range hostileUserIDs {
			odd := newScene(t, tasks)
			odd.owner += domain.UserID(id)
			created := odd.create("odd owner")
			if created.Owner != odd.owner {
				t.Errorf("Apply gave owner %q, want %q", created.Owner, odd.owner)
			}
			odd.wantTask(created)
		}
	}},
}
