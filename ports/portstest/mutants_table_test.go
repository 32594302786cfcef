package portstest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

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
	answers  map[answerKey]answer

	getSees, listSees, countSees, trashSees, feedSees sees
	applySees, aroundSees, forgetSees, eraseSees      sees

	counts  func(domain.UserID, domain.Counters) domain.Counters // the counters that a batch starts from
	between func()                                               // runs without the lock, between reading and writing
	plays   func(play) (domain.Effects, error)                   // instead of the batch
	stores  func(before, after domain.Task) domain.Task          // what is stored of a task
	forgets func(over []domain.Task) []domain.Task               // what is forgotten of the trash that is over
}

// sees tells whether a statement on behalf of one owner reaches another's rows.
type sees func(asking, owner domain.UserID) bool

type answerKey struct {
	owner domain.UserID
	key   domain.OnceKey
}

type answer struct {
	once    domain.Once
	results []domain.Task
}

// play is a batch with what it needs to be played.
type play struct {
	batch    domain.Batch
	owner    domain.UserID
	counters domain.Counters
	holdings domain.Holdings
}

func (p play) sound() (domain.Effects, error) { return p.batch.Play(p.owner, p.counters, p.holdings) }

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
		before, err := p.holdings.Task(effects.Saved[0].ID)
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
		answers:  map[answerKey]answer{},
		getSees:  own, listSees: own, countSees: own, trashSees: own, feedSees: own,
		applySees: own, aroundSees: own, forgetSees: own, eraseSees: own,
		counts:  func(_ domain.UserID, counters domain.Counters) domain.Counters { return counters },
		plays:   play.sound,
		stores:  func(_, after domain.Task) domain.Task { return after },
		forgets: func(over []domain.Task) []domain.Task { return over },
	}
	spoil(table)
	return table
}

// seen gives the rows that are seen on behalf of an owner.
func (t *table) seen(owner domain.UserID, sees sees) []domain.Task {
	return slices.DeleteFunc(slices.Clone(t.rows), func(row domain.Task) bool { return !sees(owner, row.Owner) })
}

func (t *table) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.Task{}, err
	}
	return find(t.seen(owner, t.getSees), func(row domain.Task) bool { return row.ID == id && row.IsLive() })
}

func (t *table) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.TaskPage{}, err
	}
	page := query.Page(t.seen(owner, t.listSees), t.counters[owner].Sequence)
	page.Total = query.Page(t.seen(owner, t.countSees), 0).Total
	return page, nil
}

func (t *table) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.TaskPage{}, err
	}
	return query.Page(t.seen(owner, t.trashSees)), nil
}

func (t *table) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return domain.Feed{}, err
	}
	return domain.NewFeed(t.seen(owner, t.feedSees), t.counters[owner], since, limit)
}

func (t *table) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counters[owner], ctx.Err()
}

func (t *table) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	once, keyed := batch.OnlyOnce().Get()
	if given, known := t.answers[answerKey{owner, once.Key}]; keyed && known && given.once.Until.After(batch.At()) {
		return slices.Clone(given.results), given.once.Matches(once.Request)
	}
	counters := t.counts(owner, t.counters[owner])
	held := holdings{t.seen(owner, t.applySees), t.seen(owner, t.aroundSees)}
	if t.between != nil {
		t.mu.Unlock()
		t.between()
		t.mu.Lock()
	}
	effects, err := t.plays(play{batch, owner, counters, held})
	if err != nil {
		return nil, err
	}
	t.counters[owner] = effects.Counters
	for _, task := range effects.Saved {
		t.save(task)
	}
	if has[domain.Delete](batch) {
		t.forget(owner, batch.TrashOver())
	}
	if keyed {
		t.answers[answerKey{owner, once.Key}] = answer{once, once.Kept(effects.Results)}
	}
	return effects.Results, nil
}

func (t *table) Erase(ctx context.Context, owner domain.UserID) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := ctx.Err(); err != nil || t.counters[owner] == (domain.Counters{}) {
		return err
	}
	t.counters[owner] = t.counters[owner].Erased()
	t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return t.eraseSees(owner, row.Owner) })
	maps.DeleteFunc(t.answers, func(key answerKey, _ answer) bool { return t.eraseSees(owner, key.owner) })
	return nil
}

func (t *table) save(task domain.Task) {
	at := slices.IndexFunc(t.rows, func(row domain.Task) bool { return row.Owner == task.Owner && row.ID == task.ID })
	if at < 0 {
		t.rows = append(t.rows, t.stores(domain.Task{}, task))
		return
	}
	t.rows[at] = t.stores(t.rows[at], task)
}

// forget drops what was deleted at over or earlier.
func (t *table) forget(owner domain.UserID, over time.Time) {
	forgotten := t.forgets(slices.DeleteFunc(t.seen(owner, t.forgetSees), func(row domain.Task) bool {
		return row.IsLive() || row.DeletedAt.After(over)
	}))
	t.rows = slices.DeleteFunc(t.rows, func(row domain.Task) bool { return slices.Contains(forgotten, row) })
	counters := t.counters[owner]
	for _, row := range forgotten {
		counters.Forgotten = max(counters.Forgotten, row.Sequence)
	}
	t.counters[owner] = counters
}

// holdings are rows of one owner's: those to find tasks among, and those to
// find a place among.
type holdings struct{ tasks, places []domain.Task }

func (h holdings) Task(id domain.TaskID) (domain.Task, error) {
	return find(h.tasks, func(row domain.Task) bool { return row.ID == id })
}

func (h holdings) Around(position domain.Position) (below, above domain.Position, err error) {
	below, above = domain.Nearest(position, h.places)
	return below, above, nil
}

func find(rows []domain.Task, is func(domain.Task) bool) (domain.Task, error) {
	at := slices.IndexFunc(rows, is)
	if at < 0 {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return rows[at], nil
}
