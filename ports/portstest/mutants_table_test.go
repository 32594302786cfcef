package portstest

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// table is a repository as it would be in SQL: the rows of all owners in one
// place, behind filters. It is sound; each hook that is set is a fault that
// cannot be made from the outside.
type table struct {
	mu       sync.Mutex
	counters map[domain.UserID]domain.Counters
	rows     []domain.Task

	getSees, listSees, countSees, applySees func(asking, owner domain.UserID) bool

	sorts   func(a, b domain.Task) int                           // how List sorts in either order
	counts  func(domain.UserID, domain.Counters) domain.Counters // the counters that a batch starts from
	between func()                                               // runs without the lock, between reading and writing
	plays   func(play) (domain.Effects, error)                   // instead of the batch
	stores  func(before, after domain.Task) domain.Task          // what is stored of a task
}

// play is a batch with what it needs to be played.
type play struct {
	batch    domain.Batch
	owner    domain.UserID
	counters domain.Counters
	load     func(domain.TaskID) (domain.Task, error)
}

func (p play) sound() (domain.Effects, error) { return p.batch.Play(p.owner, p.counters, p.load) }

// inTable opens a table with faults.
func inTable(spoil func(*table)) harness {
	return harness{tasks: func() ports.TaskRepository { return newTable(spoil) }}
}

// effecting opens a table on which batches have other effects than they should.
func effecting(spoil func(t *table, p play, effects *domain.Effects)) harness {
	return inTable(func(t *table) {
		t.plays = func(p play) (domain.Effects, error) {
			effects, err := p.sound()
			if err == nil {
				spoil(t, p, &effects)
			}
			return effects, err
		}
	})
}

// remaking has a single change make another task than it should, which Apply
// then stores and returns.
func remaking(remake func(before, after domain.Task) domain.Task) harness {
	return effecting(func(_ *table, p play, effects *domain.Effects) {
		if len(effects.Results) != 1 || len(effects.Saved) != 1 {
			return
		}
		before, err := p.load(effects.Saved[0].ID)
		if err != nil {
			before = domain.Task{} // it is created
		}
		effects.Saved[0] = remake(before, effects.Saved[0])
		effects.Results[0] = effects.Saved[0]
	})
}

func newTable(spoil func(*table)) *table {
	own := func(asking, owner domain.UserID) bool { return asking == owner }
	table := &table{
		counters: map[domain.UserID]domain.Counters{},
		getSees:  own, listSees: own, countSees: own, applySees: own,
		counts: func(_ domain.UserID, counters domain.Counters) domain.Counters { return counters },
		plays:  play.sound,
		stores: func(_, after domain.Task) domain.Task { return after },
	}
	spoil(table)
	return table
}

func (t *table) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.Task{}, err
	}
	return find(t.rows, func(row domain.Task) bool { return row.ID == id && t.getSees(owner, row.Owner) })
}

func (t *table) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.TaskPage{}, err
	}
	rows := slices.SortedFunc(slices.Values(t.rows), t.sorting(query.Order))
	rows = slices.DeleteFunc(rows, func(row domain.Task) bool { return query.Completed.Or(row.Completed) != row.Completed })
	total := 0
	var page domain.TaskPage
	for _, row := range rows {
		if t.countSees(owner, row.Owner) {
			total++
		}
		beyond := row.ID < query.After
		if query.Order == domain.OldestFirst {
			beyond = row.ID > query.After
		}
		switch {
		case !t.listSees(owner, row.Owner), query.After != 0 && !beyond:
		case query.Skip > 0:
			query.Skip--
		case len(page.Tasks) < query.Limit:
			page.Tasks = append(page.Tasks, row)
		default:
			page.More = true
		}
	}
	if query.Count {
		page.Total = domain.Some(total)
	}
	return page, nil
}

func (t *table) sorting(order domain.Order) func(a, b domain.Task) int {
	switch {
	case t.sorts != nil:
		return t.sorts
	case order == domain.OldestFirst:
		return func(a, b domain.Task) int { return cmp.Compare(a.ID, b.ID) }
	default:
		return func(a, b domain.Task) int { return cmp.Compare(b.ID, a.ID) }
	}
}

func (t *table) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	counters, rows := t.counts(owner, t.counters[owner]), slices.Clone(t.rows)
	if t.between != nil {
		t.mu.Unlock()
		t.between()
		t.mu.Lock()
	}
	effects, err := t.plays(play{batch, owner, counters, func(id domain.TaskID) (domain.Task, error) {
		return find(rows, func(row domain.Task) bool { return row.ID == id && t.applySees(owner, row.Owner) })
	}})
	if err != nil {
		return nil, err
	}
	t.counters[owner] = effects.Counters
	for _, task := range effects.Saved {
		t.save(task)
	}
	t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool {
		return slices.Contains(effects.Deleted, row.ID) && t.applySees(owner, row.Owner)
	})
	return effects.Results, nil
}

func (t *table) save(task domain.Task) {
	at := slices.IndexFunc(t.rows, func(row domain.Task) bool { return row.Owner == task.Owner && row.ID == task.ID })
	if at < 0 {
		t.rows = append(t.rows, t.stores(domain.Task{}, task))
		return
	}
	t.rows[at] = t.stores(t.rows[at], task)
}

func find(rows []domain.Task, is func(domain.Task) bool) (domain.Task, error) {
	at := slices.IndexFunc(rows, is)
	if at < 0 {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return rows[at], nil
}
