package ports_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// A whole store: a map of what each owner has. On an engine with transactions
// the lock and the copy become one of them.
func Example() {
	var tasks ports.TaskRepository = &store{owners: map[domain.UserID]ledger{}}
	title, err := domain.DefaultLimits.ParseTitle("Water the plants")
	if err != nil {
		fmt.Println(err)
		return
	}
	noon := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	create, toggle := domain.Create{Title: title}, domain.ToggleCompleted{Target: domain.Target{ID: 1}}
	if _, err := tasks.Apply(context.Background(), "alice", domain.NewBatch(noon, create, create, toggle)); err != nil {
		fmt.Println(err)
		return
	}
	page, err := tasks.List(context.Background(), "alice", domain.TaskQuery{Limit: 10})
	for _, task := range page.Tasks {
		fmt.Println(task.ID, task.Title, task.Completed)
	}
	fmt.Println(err)
	_, err = tasks.Get(context.Background(), "bob", 1)
	fmt.Println(err)
	// Output:
	// 2 Water the plants false
	// 1 Water the plants true
	// <nil>
	// task_not_found: There is no task with this id.
}

// store is a ports.TaskRepository.
type store struct {
	mu     sync.Mutex
	owners map[domain.UserID]ledger
	closed bool
}

// ledger is all that is kept of one owner.
type ledger struct {
	counters domain.Counters
	tasks    map[domain.TaskID]domain.Task // live, in the trash and tombstones
	answers  map[domain.OnceKey]answer
}

// answer is what a batch with a key came to.
type answer struct {
	once    domain.Once
	results []domain.Task
}

func (s *store) Get(ctx context.Context, owner domain.UserID, id domain.TaskID) (domain.Task, error) {
	mine, err := s.read(ctx, owner)
	if err != nil {
		return domain.Task{}, err
	}
	task, err := mine.Task(id)
	if err == nil && !task.IsLive() {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, err
}

func (s *store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	mine, err := s.read(ctx, owner)
	if err != nil {
		return domain.TaskPage{}, err
	}
	return query.Page(mine.all(), mine.counters.Sequence), nil
}

func (s *store) Trash(ctx context.Context, owner domain.UserID, query domain.TrashQuery) (domain.TaskPage, error) {
	mine, err := s.read(ctx, owner)
	if err != nil {
		return domain.TaskPage{}, err
	}
	return query.Page(mine.all()), nil
}

func (s *store) Changes(ctx context.Context, owner domain.UserID, since domain.Mark, limit int) (domain.Feed, error) {
	mine, err := s.read(ctx, owner)
	if err != nil {
		return domain.Feed{}, err
	}
	return domain.NewFeed(mine.all(), mine.counters, since, limit)
}

func (s *store) State(ctx context.Context, owner domain.UserID) (domain.Counters, error) {
	mine, err := s.read(ctx, owner)
	return mine.counters, err
}

func (s *store) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) (results []domain.Task, err error) {
	err = s.write(ctx, owner, func(mine *ledger) error {
		results, err = mine.apply(owner, batch)
		return err
	})
	return results, err
}

func (s *store) Erase(ctx context.Context, owner domain.UserID) error {
	return s.write(ctx, owner, func(mine *ledger) error {
		if mine.counters != (domain.Counters{}) {
			*mine = ledger{counters: mine.counters.Erased()}
		}
		return nil
	})
}

// Close has every later call answer domain.ErrUnavailable.
func (s *store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return nil
}

func (s *store) read(ctx context.Context, owner domain.UserID) (mine ledger, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ledger{}, domain.ErrUnavailable
	}
	return s.owners[owner], ctx.Err()
}

// write is a transaction: what an error leaves behind is a copy.
func (s *store) write(ctx context.Context, owner domain.UserID, change func(mine *ledger) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return domain.ErrUnavailable
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	mine := s.owners[owner]
	mine.tasks, mine.answers = maps.Clone(mine.tasks), maps.Clone(mine.answers)
	if err := change(&mine); err != nil {
		return err
	}
	s.owners[owner] = mine
	return nil
}

func (l *ledger) apply(owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	// Who sends a batch with a key again gets what it came to.
	once, keyed := batch.OnlyOnce().Get()
	if given, known := l.answers[once.Key]; keyed && known && given.once.Until.After(batch.At()) {
		if err := given.once.Matches(once.Request); err != nil {
			return nil, err
		}
		return slices.Clone(given.results), nil
	}
	effects, err := batch.Play(owner, l.counters, l)
	if err != nil {
		return nil, err
	}
	l.counters = effects.Counters
	for _, task := range effects.Saved {
		l.put(task)
	}
	// A delete makes room: what is over in the trash goes for good.
	if batch.Deletes() {
		l.forget(batch.TrashOver())
	}
	// Keep what the key says, and make room: drop answers whose keys are free.
	if keyed && len(effects.Results) > 0 {
		l.answer(answer{once, once.Kept(effects.Results)}, batch.At())
	}
	return effects.Results, nil
}

func (l *ledger) put(task domain.Task) {
	if l.tasks == nil {
		l.tasks = map[domain.TaskID]domain.Task{}
	}
	l.tasks[task.ID] = task
}

func (l *ledger) forget(over time.Time) {
	for id, task := range l.tasks {
		if !task.IsLive() && !task.DeletedAt.After(over) {
			l.counters.Forgotten = max(l.counters.Forgotten, task.Sequence)
			delete(l.tasks, id)
		}
	}
}

func (l *ledger) answer(given answer, at time.Time) {
	maps.DeleteFunc(l.answers, func(_ domain.OnceKey, old answer) bool { return !old.once.Until.After(at) })
	if l.answers == nil {
		l.answers = map[domain.OnceKey]answer{}
	}
	l.answers[given.once.Key] = given
}

func (l *ledger) all() []domain.Task { return slices.Collect(maps.Values(l.tasks)) }

// Task implements domain.Holdings.
func (l *ledger) Task(id domain.TaskID) (domain.Task, error) {
	task, known := l.tasks[id]
	if !known {
		return domain.Task{}, domain.ErrTaskNotFound
	}
	return task, nil
}

// Around implements domain.Holdings.
func (l *ledger) Around(position domain.Position) (below, above domain.Position, err error) {
	below, above = domain.Nearest(position, l.all())
	return below, above, nil
}
