package portstest

import "github.com/taskward/taskward/domain"

var placeMutants = mutations{
	"A task is placed right before or behind another, and no other moves": {
		{"a task is never moved", changing(each(func(edit *domain.Edit) { edit.Place = domain.Optional[domain.Place]{} }))},
		{"a task is created at the end", changing(each(func(create *domain.Create) { create.Place = domain.Optional[domain.Place]{} }))},
		{"before is behind", placing(domain.Behind)},
		{"behind is before", placing(domain.Before)},
		{"a place has nothing around it", around(func(_ []domain.Task, _, _ domain.Position) (domain.Position, domain.Position) {
			return domain.Position{}, domain.Position{}
		})},
		{"a place has nothing above it", around(func(_ []domain.Task, below, _ domain.Position) (domain.Position, domain.Position) {
			return below, domain.Position{}
		})},
		{"a place has nothing below it", around(func(_ []domain.Task, _, above domain.Position) (domain.Position, domain.Position) {
			return domain.Position{}, above
		})},
		{"a place reaches to the ends", around(func(live []domain.Task, below, above domain.Position) (domain.Position, domain.Position) {
			for _, task := range live {
				if below != (domain.Position{}) && task.Position.Compare(below) < 0 {
					below = task.Position
				}
				if above != (domain.Position{}) && task.Position.Compare(above) > 0 {
					above = task.Position
				}
			}
			return below, above
		})},
		{"the task that another is placed beside moves", inTable(func(t *table) {
			t.stores = func(before, after domain.Task) domain.Task {
				if before.ID != 0 && before.Position != after.Position {
					for i, row := range t.rows {
						if row.Owner == after.Owner && row.ID != after.ID {
							t.rows[i].Position = domain.PositionOf(row.ID + 1000)
						}
					}
				}
				return after
			}
		})},
		{"a batch does not see what it has moved", inTable(func(t *table) {
			t.plays = func(p play) (domain.Effects, error) {
				all := domain.Effects{Counters: p.counters}
				held := holdings{t.seen(p.owner, t.applySees), t.seen(p.owner, t.aroundSees)}
				for _, change := range p.batch.Changes() {
					one, err := with(p.batch, change).Play(p.owner, all.Counters, held)
					if err != nil {
						return domain.Effects{}, err
					}
					all.Counters = one.Counters
					all.Saved = append(all.Saved, one.Saved...)
					all.Results = append(all.Results, one.Results...)
					if created := one.Saved[0]; created.CreatedAt.Equal(p.batch.At()) {
						held.tasks = append(held.tasks, created)
					}
				}
				return all, nil
			}
		})},
		{"a task is placed beside another that has its place", changing(each(func(edit *domain.Edit) {
			if edit.Place == domain.Some(domain.Before(edit.ID)) {
				edit.Place = domain.Some(domain.At(domain.PositionOf(1 << 40)))
			}
		}))},
	},
}

// placing puts tasks on one side of others, whatever is asked for.
func placing(side func(domain.TaskID) domain.Place) harness {
	return changing(each(func(edit *domain.Edit) {
		for anchor := domain.TaskID(1); anchor < 9; anchor++ {
			if place, moves := edit.Place.Get(); moves && (place == domain.Before(anchor) || place == domain.Behind(anchor)) {
				edit.Place = domain.Some(side(anchor))
			}
		}
	}))
}

// around has stores tell otherwise what stands around a position.
func around(spoil func(live []domain.Task, below, above domain.Position) (domain.Position, domain.Position)) harness {
	return inTable(func(t *table) {
		t.plays = func(p play) (domain.Effects, error) {
			p.holdings = surrounded{p.holdings, func(below, above domain.Position) (domain.Position, domain.Position) {
				return spoil(t.seen(p.owner, t.aroundSees), below, above)
			}}
			return p.sound()
		}
	})
}

// surrounded are holdings that have other positions around one.
type surrounded struct {
	domain.Holdings
	spoil func(below, above domain.Position) (domain.Position, domain.Position)
}

func (s surrounded) Around(position domain.Position) (below, above domain.Position, err error) {
	below, above, err = s.Holdings.Around(position)
	below, above = s.spoil(below, above)
	return below, above, err
}
