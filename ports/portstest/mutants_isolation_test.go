package portstest

import (
	"errors"
	"slices"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

var isolationMutants = mutations{
	"Get hides another owner's task": {
		{"Get ignores the owner", inTable(func(t *table) { t.getSees = anyone })},
		{"Get shows earlier owners' tasks to later ones", inTable(func(t *table) {
			t.getSees = func(asking, owner domain.UserID) bool { return asking >= owner }
		})},
	},
	"List leaves out and does not count another owner's tasks": {
		{"List ignores the owner", inTable(func(t *table) { t.listSees = anyone })},
		{"List counts the tasks of all owners", inTable(func(t *table) { t.countSees = anyone })},
		{"List promises more when other owners have some", harness{tasks: func() ports.TaskRepository {
			counting := newTable(func(t *table) { t.countSees = anyone })
			return mutant{sound: counting, list: func(c call, query domain.TaskQuery) (domain.TaskPage, error) {
				asked := query.Count
				query.Count = true
				page, err := c.list(query)
				page.More = page.Total.Or(0) > query.Skip+len(page.Tasks)
				if !asked {
					page.Total = domain.Optional[int]{}
				}
				return page, err
			}}
		}}},
	},
	"Trash leaves out another owner's tasks": {
		{"Trash ignores the owner", inTable(func(t *table) { t.trashSees = anyone })},
		{"Trash shows earlier owners' tasks to later ones", inTable(func(t *table) {
			t.trashSees = func(asking, owner domain.UserID) bool { return asking >= owner }
		})},
		{"Trash promises more when other owners have some", harness{tasks: func() ports.TaskRepository {
			return mutant{sound: newTable(func(t *table) { t.trashSees = anyone }), trash: func(c call, query domain.TrashQuery) (domain.TaskPage, error) {
				limit := query.Limit
				query.Limit = plenty
				page, err := c.trash(query)
				own := ownOnly(c.owner, page.Tasks)
				return domain.TaskPage{Tasks: own[:min(len(own), limit)], More: len(page.Tasks) > limit}, err
			}}
		}}},
	},
	"Changes leaves out another owner's tasks": {
		{"Changes ignores the owner", inTable(func(t *table) { t.feedSees = anyone })},
		{"Changes tells later owners of earlier ones' tasks", inTable(func(t *table) {
			t.feedSees = func(asking, owner domain.UserID) bool { return asking >= owner }
		})},
		{"Changes promises more when other owners have some", harness{tasks: func() ports.TaskRepository {
			return mutant{sound: newTable(func(t *table) { t.feedSees = anyone }), changes: func(c call, since domain.Mark, limit int) (domain.Feed, error) {
				feed, err := c.changes(since, plenty)
				own := ownOnly(c.owner, feed.Tasks)
				if err != nil || len(own) == 0 {
					return domain.Feed{Until: since, More: len(feed.Tasks) > limit}, err
				}
				own = own[:min(len(own), limit)]
				return domain.Feed{Tasks: own, More: len(feed.Tasks) > limit, Until: domain.Mark{Sequence: own[len(own)-1].Sequence}}, nil
			}}
		}}},
	},
	"State is not moved by another owner's changes": {
		{"all owners have one sequence", countingAll(func(mine *domain.Counters, all domain.Counters) { mine.Sequence = all.Sequence })},
		{"all owners have one last id", countingAll(func(mine *domain.Counters, all domain.Counters) { mine.LastTaskID = all.LastTaskID })},
		{"what is forgotten is forgotten of all owners", countingAll(func(mine *domain.Counters, all domain.Counters) { mine.Forgotten = all.Forgotten })},
	},
	"Apply does not touch another owner's task": {
		{"Apply ignores the owner", inTable(func(t *table) { t.applySees = anyone })},
		{"Apply changes the tasks of that id of all owners", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.ID == before.ID {
						t.rows[i].Title = after.Title
					}
				}
				return after
			}
		})},
		{"Apply deletes the tasks of that id of all owners", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.ID == before.ID && !after.IsLive() {
						t.rows[i].DeletedAt = after.DeletedAt
					}
				}
				return after
			}
		})},
		{"Apply forgets the trash of all owners", inTable(func(t *table) { t.forgetSees = anyone })},
		{"Apply makes room among the tasks of all owners", inTable(func(t *table) { t.aroundSees = anyone })},
		{"Apply places a task beside another owner's", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				effects, err := p.sound()
				if domain.KindOf(err) == domain.Invalid {
					p.holdings = holdings{t.rows, t.rows}
					return p.sound()
				}
				return effects, err
			}
		})},
	},
	"Erase does not touch another owner's tasks": {
		{"Erase ignores the owner", inTable(func(t *table) { t.eraseSees = anyone })},
		{"Erase removes the trash of all owners", erasingInTable(func(t *table, _ domain.UserID) {
			t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return !row.IsLive() })
		})},
		{"Erase removes the keys of all owners", erasingInTable(func(t *table, _ domain.UserID) { clear(t.answers) })},
		{"Erase makes all owners forget", erasingInTable(func(t *table, owner domain.UserID) {
			for other, counters := range t.counters {
				counters.Forgotten = max(counters.Forgotten, t.counters[owner].Forgotten)
				t.counters[other] = counters
			}
		})},
	},
	"A key of one owner says nothing about another's": {
		{"keys are those of all owners", keeping(func(_ domain.UserID, key domain.OnceKey) string { return string(key) })},
		{"an owner and a key are one text", keeping(func(owner domain.UserID, key domain.OnceKey) string { return string(owner) + string(key) })},
		{"keys hold for later owners", overriding(func() mutant {
			var seen notes[domain.OnceKey, domain.UserID]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				once, keyed := batch.OnlyOnce().Get()
				if other, known := seen.get(once.Key); keyed && known && other < c.owner {
					c.owner = other
				}
				results, err := c.apply(batch)
				if keyed && err == nil {
					seen.put(once.Key, results[0].Owner)
				}
				return results, err
			}}
		})},
	},
}

func ownOnly(owner domain.UserID, tasks []domain.Task) []domain.Task {
	return slices.DeleteFunc(slices.Clone(tasks), func(task domain.Task) bool { return task.Owner != owner })
}

// countingAll has State answer from the highest counters of all owners.
func countingAll(spoil func(mine *domain.Counters, all domain.Counters)) harness {
	return overriding(func() mutant {
		var highest notes[string, domain.Counters]
		count := func(c call) error {
			state, err := c.state()
			all, _ := highest.get("")
			highest.put("", domain.Counters{
				LastTaskID: max(all.LastTaskID, state.LastTaskID),
				Sequence:   max(all.Sequence, state.Sequence),
				Forgotten:  max(all.Forgotten, state.Forgotten),
			})
			return err
		}
		return mutant{
			apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				results, err := c.apply(batch)
				return results, errors.Join(err, count(c))
			},
			erase: func(c call) error { return errors.Join(c.erase(), count(c)) },
			state: func(c call) (domain.Counters, error) {
				state, err := c.state()
				all, _ := highest.get("")
				spoil(&state, all)
				return state, err
			},
		}
	})
}

// erasingInTable has Erase do more than it should.
func erasingInTable(more func(t *table, owner domain.UserID)) harness {
	return harness{tasks: func() ports.TaskRepository {
		table := newTable(func(*table) {})
		return mutant{sound: table, erase: func(c call) error {
			err := c.erase()
			table.mu.Lock()
			defer table.mu.Unlock()
			more(table, c.owner)
			return err
		}}
	}}
}

// keeping has batches happen once by the names that their keys are kept under.
func keeping(name func(owner domain.UserID, key domain.OnceKey) string) harness {
	return overriding(func() mutant { return mutant{apply: keptBy(name)} })
}

func keptBy(name func(owner domain.UserID, key domain.OnceKey) string) func(c call, batch domain.Batch) ([]domain.Task, error) {
	var kept notes[string, answer]
	return func(c call, batch domain.Batch) ([]domain.Task, error) {
		once, keyed := batch.OnlyOnce().Get()
		if given, known := kept.get(name(c.owner, once.Key)); keyed && known && given.once.Until.After(batch.At()) {
			return slices.Clone(given.results), given.once.Matches(once.Request)
		}
		results, err := c.apply(keyless(batch))
		if keyed && err == nil {
			kept.put(name(c.owner, once.Key), answer{once, slices.Clone(results)})
		}
		return results, err
	}
}
