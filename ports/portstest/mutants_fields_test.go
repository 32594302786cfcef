package portstest

import (
	"time"

	"github.com/taskward/taskward/domain"
)

var fieldMutants = mutations{
	"A create stores its fields and the batch's time": {
		{"a create drops completed", changing(each(func(create *domain.Create) { create.Completed = false }))},
		{"a create drops the description", changing(each(func(create *domain.Create) { create.Description = domain.Description{} }))},
		{"a create gives an empty description to a task without one", changing(each(func(create *domain.Create) {
			text, _ := create.Description.Text()
			create.Description = description(text)
		}))},
		{"a create drops the priority", changing(each(func(create *domain.Create) { create.Priority = 0 }))},
		{"a create without a priority gets a low one", changing(each(func(create *domain.Create) { create.Priority = max(create.Priority, domain.Low) }))},
		{"a create drops the tags", changing(each(func(create *domain.Create) { create.Tags = domain.Tags{} }))},
		{"a create drops the due date", changing(each(func(create *domain.Create) { create.Due = domain.Due{} }))},
		{"a create drops the zone", changing(each(func(create *domain.Create) { create.Due = must(domain.NewDue(create.Due.Date(), domain.Zone{})) }))},
		{"a create drops the place", changing(each(func(create *domain.Create) { create.Place = domain.Optional[domain.Place]{} }))},
		{"creates stand all in one place", changing(each(func(create *domain.Create) {
			create.Place = domain.Some(create.Place.Or(domain.At(position("3fffffffffffffffV"))))
		}))},
		{"a create takes the time from a clock", batching(func(batch domain.Batch) domain.Batch { return dated(batch, time.Now()) })},
		{"a create keeps whole seconds", batching(func(batch domain.Batch) domain.Batch { return dated(batch, batch.At().Truncate(time.Second)) })},
		{"a create has not been updated yet", remaking(func(before, after domain.Task) domain.Task {
			if before.ID == 0 {
				after.UpdatedAt = time.Time{}
			}
			return after
		})},
		{"a create that is completed was never completed", remaking(func(before, after domain.Task) domain.Task {
			if before.ID == 0 {
				after.CompletedAt = time.Time{}
			}
			return after
		})},
		{"a create leaves the owner out of its answer", resulting(func(_ []domain.Change, results []domain.Task) []domain.Task {
			for i := range results {
				results[i].Owner = ""
			}
			return results
		})},
	},
	"An import stores its own times and keeps its id if no higher one was given": {
		{"an import is a create", changing(func(change domain.Change) domain.Change {
			if imported, ok := change.(domain.Import); ok {
				return imported.Create
			}
			return change
		})},
		{"an import drops CreatedAt", changing(each(func(imported *domain.Import) { imported.CreatedAt = time.Time{} }))},
		{"an import drops UpdatedAt", changing(each(func(imported *domain.Import) { imported.UpdatedAt = time.Time{} }))},
		{"an import drops CompletedAt", changing(each(func(imported *domain.Import) { imported.CompletedAt = time.Time{} }))},
		{"an import keeps CompletedAt of a pending task", onImport(func(_ play, imported domain.Import, task *domain.Task) {
			task.CompletedAt = imported.CompletedAt
		})},
		{"an import is updated when it is stored", onImport(func(p play, _ domain.Import, task *domain.Task) { task.UpdatedAt = p.batch.At() })},
		{"an import without times has none", onImport(func(_ play, imported domain.Import, task *domain.Task) {
			task.CreatedAt, task.UpdatedAt = imported.CreatedAt, imported.UpdatedAt
		})},
		{"an import keeps its time zone and nanoseconds", onImport(func(_ play, imported domain.Import, task *domain.Task) {
			if !imported.CreatedAt.IsZero() && imported.UpdatedAt.IsZero() {
				task.CreatedAt = imported.CreatedAt
			}
		})},
		{"an import gets the next id", changing(each(func(imported *domain.Import) { imported.ID = 0 }))},
		{"an import keeps any id", onImport(func(_ play, imported domain.Import, task *domain.Task) {
			if imported.ID > 0 {
				task.ID = imported.ID
			}
		})},
		{"an import leaves the next id as it was", effecting(func(_ *table, p play, effects *domain.Effects) {
			if has[domain.Import](p.batch) {
				effects.Counters.LastTaskID = p.counters.LastTaskID + 1
			}
		})},
		{"an import is refused if its id was given", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if imported, ok := firstOf[domain.Import](batch); ok && imported.ID > 0 {
				if _, err := c.get(imported.ID); err == nil {
					return nil, domain.Invalidity()
				}
			}
			return c.apply(batch)
		})},
	},
	"An edit replaces what it names and keeps the rest": {
		{"an edit clears the title if it does not name it", changing(each(func(edit *domain.Edit) { edit.Title = domain.Some(edit.Title.Or(domain.Title{})) }))},
		{"an edit clears the description if it does not name it", changing(each(func(edit *domain.Edit) {
			edit.Description = domain.Some(edit.Description.Or(domain.Description{}))
		}))},
		{"an edit makes a task pending if it does not name completed", changing(each(func(edit *domain.Edit) { edit.Completed = domain.Some(edit.Completed.Or(false)) }))},
		{"an edit resets the priority if it does not name it", changing(each(func(edit *domain.Edit) {
			edit.Priority = domain.Some(edit.Priority.Or(domain.DefaultPriority))
		}))},
		{"an edit clears the tags if it does not name them", changing(each(func(edit *domain.Edit) { edit.Tags = domain.Some(edit.Tags.Or(domain.Tags{})) }))},
		{"an edit clears the due date if it does not name it", changing(each(func(edit *domain.Edit) {
			if edit.DueZone == (domain.Optional[domain.Zone]{}) {
				edit.DueDate = domain.Some(edit.DueDate.Or(domain.DueDate{}))
			}
		}))},
		{"an edit clears the zone if it does not name it", changing(each(func(edit *domain.Edit) { edit.DueZone = domain.Some(edit.DueZone.Or(domain.Zone{})) }))},
		{"an edit moves the task back if it does not name a place", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 && before.Position == after.Position {
				after.Position = domain.PositionOf(after.ID)
			}
			return after
		})},
		{"an edit cannot clear the description", changing(each(func(edit *domain.Edit) {
			if edit.Description.Or(domain.Description{}) == (domain.Description{}) {
				edit.Description = domain.Optional[domain.Description]{}
			}
		}))},
		{"an edit cannot empty the description", changing(each(func(edit *domain.Edit) {
			if edit.Description == domain.Some(description("")) {
				edit.Description = domain.Optional[domain.Description]{}
			}
		}))},
		{"an edit cannot make a task pending", changing(each(func(edit *domain.Edit) {
			if !edit.Completed.Or(false) {
				edit.Completed = domain.Optional[bool]{}
			}
		}))},
		{"an edit cannot clear the tags", changing(each(func(edit *domain.Edit) {
			if edit.Tags.Or(domain.Tags{}) == (domain.Tags{}) {
				edit.Tags = domain.Optional[domain.Tags]{}
			}
		}))},
		{"an edit cannot clear the due date", changing(each(func(edit *domain.Edit) {
			if edit.DueDate.Or(domain.DueDate{}) == (domain.DueDate{}) {
				edit.DueDate = domain.Optional[domain.DueDate]{}
			}
		}))},
		{"an edit cannot clear the zone", changing(each(func(edit *domain.Edit) {
			if edit.DueZone.Or(domain.Zone{}) == (domain.Zone{}) {
				edit.DueZone = domain.Optional[domain.Zone]{}
			}
		}))},
		{"an edit drops the priority", changing(each(func(edit *domain.Edit) { edit.Priority = domain.Optional[domain.Priority]{} }))},
		{"an edit adds tags", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if edit, ok := firstOf[domain.Edit](batch); ok {
				if task, err := c.get(edit.ID); err == nil && edit.Tags != (domain.Optional[domain.Tags]{}) {
					edit.Tags = domain.Some(tags(append(task.Tags.Names(), edit.Tags.Or(domain.Tags{}).Names()...)...))
					batch = with(batch, edit)
				}
			}
			return c.apply(batch)
		})},
		{"an edit drops the place", changing(each(func(edit *domain.Edit) { edit.Place = domain.Optional[domain.Place]{} }))},
		{"an edit replaces the title alone if it names it", changing(each(func(edit *domain.Edit) {
			if edit.Title != (domain.Optional[domain.Title]{}) {
				*edit = domain.Edit{Target: edit.Target, Title: edit.Title}
			}
		}))},
		{"an edit makes the task anew", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 {
				after.CreatedAt = after.UpdatedAt
			}
			return after
		})},
		{"an edit that names nothing is refused", applying(func(c call, batch domain.Batch) ([]domain.Task, error) {
			if edit, ok := firstOf[domain.Edit](batch); ok && edit == (domain.Edit{Target: edit.Target}) {
				return nil, domain.Invalidity()
			}
			return c.apply(batch)
		})},
	},
	"Completion is set or toggled": {
		{"set toggles", changing(func(change domain.Change) domain.Change {
			if set, ok := change.(domain.SetCompleted); ok {
				return domain.ToggleCompleted{Target: set.Target}
			}
			return change
		})},
		{"toggle sets", changing(func(change domain.Change) domain.Change {
			if toggle, ok := change.(domain.ToggleCompleted); ok {
				return domain.SetCompleted{Target: toggle.Target, Completed: true}
			}
			return change
		})},
		{"set knows one state", changing(each(func(set *domain.SetCompleted) { set.Completed = true }))},
		{"completion is not stored", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				if before.ID != 0 {
					after.Completed = before.Completed
				}
				return after
			}
		})},
		{"completion spreads to all tasks of the owner", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.Owner == after.Owner && before.ID != 0 {
						t.rows[i].Completed = after.Completed
					}
				}
				return after
			}
		})},
	},
	"CompletedAt is when the task was last completed": {
		{"CompletedAt is never set", giving(func(task *domain.Task) { task.CompletedAt = time.Time{} })},
		{"CompletedAt moves on when a completed task is completed", remaking(func(before, after domain.Task) domain.Task {
			if before.Completed && after.Completed && before.UpdatedAt != after.UpdatedAt && before.Title == after.Title {
				after.CompletedAt = after.UpdatedAt
			}
			return after
		})},
		{"CompletedAt moves on with every change", remaking(func(_, after domain.Task) domain.Task {
			if after.Completed {
				after.CompletedAt = after.UpdatedAt
			}
			return after
		})},
		{"CompletedAt stays while the task is pending", remaking(func(before, after domain.Task) domain.Task {
			if !after.Completed {
				after.CompletedAt = before.CompletedAt
			}
			return after
		})},
		{"CompletedAt is when the task was first completed", overriding(func() mutant {
			var first notes[domain.UserID, time.Time]
			return mutant{apply: func(c call, batch domain.Batch) ([]domain.Task, error) {
				results, err := c.apply(batch)
				return spoiled(results, func(task *domain.Task) {
					if !task.Completed {
						return
					}
					if at, known := first.get(task.Owner); known {
						task.CompletedAt = at
					} else {
						first.put(task.Owner, task.CompletedAt)
					}
				}), err
			}}
		})},
		{"CompletedAt is not stored", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				if before.ID != 0 {
					after.CompletedAt = before.CompletedAt
				}
				return after
			}
		})},
		{"CompletedAt is not set by an edit", effecting(func(_ *table, p play, effects *domain.Effects) {
			if _, edits := firstOf[domain.Edit](p.batch); edits {
				before, _ := p.holdings.Task(effects.Saved[0].ID)
				effects.Saved[0].CompletedAt = before.CompletedAt
				effects.Results[0].CompletedAt = before.CompletedAt
			}
		})},
		{"a delete clears CompletedAt", remaking(func(_, after domain.Task) domain.Task {
			if !after.IsLive() {
				after.CompletedAt = time.Time{}
			}
			return after
		})},
		{"a restore completes the task anew", remaking(func(before, after domain.Task) domain.Task {
			if !before.IsLive() && after.Completed {
				after.CompletedAt = after.UpdatedAt
			}
			return after
		})},
	},
	"A change's time becomes UpdatedAt, which never goes back": {
		{"UpdatedAt stays", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt stays unless the title changes", remaking(func(before, after domain.Task) domain.Task {
			if before.Title == after.Title {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt stays when a task is moved", remaking(func(before, after domain.Task) domain.Task {
			if before.ID != 0 && before.Position != after.Position {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt stays when a task is deleted", remaking(func(before, after domain.Task) domain.Task {
			if !after.IsLive() {
				after.UpdatedAt = before.UpdatedAt
			}
			return after
		})},
		{"UpdatedAt goes back when a task is restored", effecting(func(_ *table, p play, effects *domain.Effects) {
			if _, restores := firstOf[domain.Restore](p.batch); restores {
				effects.Saved[0].UpdatedAt = p.batch.At()
				effects.Results[0].UpdatedAt = p.batch.At()
			}
		})},
		{"UpdatedAt goes back", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i := range effects.Saved {
				effects.Saved[i].UpdatedAt = p.batch.At()
			}
			for i := range effects.Results {
				effects.Results[i].UpdatedAt = p.batch.At()
			}
		})},
		{"UpdatedAt goes back where it is stored", effecting(func(_ *table, p play, effects *domain.Effects) {
			for i := range effects.Saved {
				effects.Saved[i].UpdatedAt = p.batch.At()
			}
		})},
		{"UpdatedAt moves on by itself", remaking(func(before, after domain.Task) domain.Task {
			if before.UpdatedAt.Equal(after.UpdatedAt) {
				after.UpdatedAt = after.UpdatedAt.Add(time.Microsecond)
			}
			return after
		})},
		{"all tasks of the owner are updated", inTable(func(t *table) {
			t.stores = func(_, after domain.Task) domain.Task {
				for i, row := range t.rows {
					if row.Owner == after.Owner {
						t.rows[i].UpdatedAt = after.UpdatedAt
					}
				}
				return after
			}
		})},
	},
}

// onImport spoils the task that a single import makes.
func onImport(spoil func(p play, imported domain.Import, task *domain.Task)) harness {
	return effecting(func(_ *table, p play, effects *domain.Effects) {
		if imported, ok := firstOf[domain.Import](p.batch); ok && len(effects.Saved) == 1 {
			spoil(p, imported, &effects.Saved[0])
			effects.Results[0] = effects.Saved[0]
		}
	})
}
