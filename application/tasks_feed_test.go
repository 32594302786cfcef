package application_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

func TestChanges(t *testing.T) {
	desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
	first, second := desk.create(application.Draft{Title: "first"}), desk.create(application.Draft{Title: "second"})
	feed, err := desk.tasks.Changes(t.Context(), desk.actor, "owner", domain.Mark{}, 1)
	if err != nil || !slices.Equal(feed.Tasks, []domain.Task{first}) || !feed.More || feed.Until != (domain.Mark{Sequence: 1}) {
		t.Errorf("from the beginning: %+v, error %v", feed, err)
	}
	deleted := desk.delete(1)
	feed, err = desk.tasks.Changes(t.Context(), desk.actor, "owner", feed.Until, 10)
	if err != nil || !slices.Equal(feed.Tasks, []domain.Task{second, deleted}) || feed.More || feed.Until != (domain.Mark{Sequence: 3}) {
		t.Errorf("then: %+v, error %v", feed, err)
	}
}

// follower follows an owner's changes within a bubble of synctest.
type follower struct {
	*desk
	got   chan domain.Feed // what was delivered
	ended chan error       // what Follow came to
	leave context.CancelFunc
}

// follow has somebody follow the owner's changes with a token of an hour, at
// most two at a time.
func follow(t *testing.T, repository ports.TaskRepository, options application.TasksOptions, deliver func(domain.Feed) error) *follower {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	f := &follower{newDesk(t, repository, options), make(chan domain.Feed, 100), make(chan error, 1), leave}
	go func() {
		f.ended <- f.tasks.Follow(ctx, f.actor, "owner", domain.Mark{}, 2, func(feed domain.Feed) error {
			f.got <- feed
			return deliver(feed)
		})
	}()
	synctest.Wait()
	return f
}

func take(domain.Feed) error { return nil }

// pass lets time of the bubble pass.
func pass(duration time.Duration) { <-time.After(duration) }

// wantNext fails the test unless just these tasks came next, at most two at a
// time.
func (f *follower) wantNext(ids ...domain.TaskID) {
	f.t.Helper()
	synctest.Wait()
	var got []domain.TaskID
	for range len(f.got) {
		feed := <-f.got
		if len(feed.Tasks) > 2 {
			f.t.Errorf("%d tasks came at a time", len(feed.Tasks))
		}
		for _, task := range feed.Tasks {
			got = append(got, task.ID)
		}
	}
	if !slices.Equal(got, ids) {
		f.t.Errorf("the tasks %v came, want %v", got, ids)
	}
}

// wantEnd fails the test unless Follow ends, or has ended, with this error.
func (f *follower) wantEnd(want error) {
	f.t.Helper()
	synctest.Wait()
	select {
	case err := <-f.ended:
		if !errors.Is(err, want) {
			f.t.Errorf("Follow ended with %v, want %v", err, want)
		}
	default:
		f.t.Error("Follow goes on")
		f.leave()
	}
}

// wantOn fails the test if Follow has ended.
func (f *follower) wantOn() {
	f.t.Helper()
	synctest.Wait()
	if len(f.ended) > 0 {
		f.t.Errorf("Follow ended with %v", <-f.ended)
	}
}

func TestFollowDeliversAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, memory.NewTasks(), application.TasksOptions{}, take)
		if looks := len(f.got); looks != 1 {
			t.Errorf("%d looks were told of before there is anything, want 1", looks)
		}
		f.wantNext()
		start := time.Now()
		f.create(application.Draft{Title: "first"})
		f.wantNext(1)
		f.create(application.Draft{Title: "second"})
		f.delete(1)
		f.wantNext(2, 1)
		if waited := time.Since(start); waited != 0 {
			t.Errorf("the changes came after %v", waited)
		}
		f.leave()
		f.wantEnd(nil)
	})
}

func TestFollowDrains(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := memory.NewTasks()
		before := newDesk(t, repository, application.TasksOptions{})
		for i := range 5 {
			before.create(application.Draft{Title: strconv.Itoa(i)})
		}
		f := follow(t, repository, application.TasksOptions{}, take)
		f.wantNext(1, 2, 3, 4, 5)
		f.leave()
		f.wantEnd(nil)
	})
}

func TestFollowLooksNowAndThen(t *testing.T) {
	for name, test := range map[string]struct{ told, poll time.Duration }{
		"each 5 seconds, unless told": {0, 5 * time.Second},
		"as often as told":            {time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				repository := memory.NewTasks()
				f := follow(t, repository, application.TasksOptions{Poll: test.told}, take)
				elsewhere := newDesk(t, repository, application.TasksOptions{}) // whose wakeups do not reach anybody here
				for id := domain.TaskID(1); id <= 3; id++ {
					elsewhere.create(application.Draft{Title: "task"})
					pass(test.poll - time.Nanosecond)
					f.wantNext()
					pass(time.Nanosecond)
					f.wantNext(id)
				}
				f.leave()
				f.wantEnd(nil)
			})
		})
	}
}

func TestFollowEndsWithTheToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, memory.NewTasks(), application.TasksOptions{Poll: 2 * time.Hour}, take)
		pass(time.Hour - time.Nanosecond)
		f.create(application.Draft{Title: "just before"})
		f.wantNext(1)
		f.wantOn()
		pass(time.Nanosecond)
		f.wantEnd(nil)
		f.create(application.Draft{Title: "after"})
		f.wantNext()
	})
}

// TestFollowEndsWithTheTokenThoughThereIsMore has a slow reader at work when
// the token expires.
func TestFollowEndsWithTheTokenThoughThereIsMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := memory.NewTasks()
		before := newDesk(t, repository, application.TasksOptions{})
		for range 9 {
			before.create(application.Draft{Title: "task"})
		}
		f := follow(t, repository, application.TasksOptions{}, func(domain.Feed) error {
			pass(40 * time.Minute)
			return nil
		})
		pass(80 * time.Minute)
		f.wantNext(1, 2, 3, 4)
		f.wantEnd(nil)
	})
}

func TestFollowWithATokenThatHasExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		desk := newDesk(t, memory.NewTasks(), application.TasksOptions{})
		desk.create(application.Draft{Title: "task"})
		desk.clock = desk.actor.TokenExpiresAt()
		err := desk.tasks.Follow(t.Context(), desk.actor, "owner", domain.Mark{}, 2, func(domain.Feed) error {
			t.Error("something was delivered")
			return nil
		})
		if err != nil {
			t.Errorf("Follow ended with %v", err)
		}
	})
}

func TestFollowEndsWithTheWakeups(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, memory.NewTasks(), application.TasksOptions{}, take)
		f.create(application.Draft{Title: "task"})
		f.wantNext(1)
		if err := f.wakeups.Close(); err != nil {
			t.Fatal(err)
		}
		f.wantEnd(nil)
	})
}

func TestFollowEndsWithTheContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for range 20 { // as the wake may be seen before the end, or after
			f := follow(t, memory.NewTasks(), application.TasksOptions{}, take)
			f.leave()
			f.wakeups.Wake(t.Context(), "owner")
			f.wantEnd(nil)
		}
	})
}

func TestFollowFailsAsDeliverDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken := errors.New("broken pipe")
		f := follow(t, memory.NewTasks(), application.TasksOptions{}, func(domain.Feed) error { return broken })
		f.wantEnd(broken)
	})
}

func TestFollowFailsAsTheRepositoryDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		repository := memory.NewTasks()
		f := follow(t, repository, application.TasksOptions{}, take)
		f.create(application.Draft{Title: "task"})
		f.wantNext(1)
		if err := f.tasks.Erase(t.Context(), f.actor, "owner"); err != nil {
			t.Fatal(err)
		}
		f.wantEnd(domain.ErrChangesForgotten)

		f = follow(t, repository, application.TasksOptions{}, take)
		if err := repository.Close(); err != nil {
			t.Fatal(err)
		}
		f.wakeups.Wake(t.Context(), "owner")
		f.wantEnd(domain.ErrUnavailable)
	})
}

// stuck is a repository that does not answer when it is asked for changes.
type stuck struct{ ports.TaskRepository }

func (stuck) Changes(ctx context.Context, _ domain.UserID, _ domain.Mark, _ int) (domain.Feed, error) {
	<-ctx.Done()
	return domain.Feed{}, ctx.Err()
}

func TestFollowDoesNotWaitForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := follow(t, stuck{memory.NewTasks()}, application.TasksOptions{}, take)
		pass(10*time.Second - time.Nanosecond)
		f.wantOn()
		pass(time.Nanosecond)
		f.wantEnd(domain.ErrUnavailable)

		f = follow(t, stuck{memory.NewTasks()}, application.TasksOptions{}, take)
		f.leave()
		f.wantEnd(nil)
	})
}

// leaving are wakeups that note who has stopped listening.
type leaving struct {
	*memory.Wakeups
	listening int
}

func (l *leaving) Listen(owner domain.UserID) (woken <-chan struct{}, stop func()) {
	woken, leave := l.Wakeups.Listen(owner)
	l.listening++
	return woken, func() {
		l.listening--
		leave()
	}
}

func TestFollowStopsListening(t *testing.T) {
	wakeups := &leaving{Wakeups: memory.NewWakeups()}
	tasks := application.NewTasks(memory.NewTasks(), wakeups, func() time.Time { return noon }, application.TasksOptions{})
	r := request{tasks, t.Context(), user(t, "owner"), "owner"}
	if _, err := useCases["Create"].good(r); err != nil {
		t.Fatal(err)
	}
	for _, ask := range []func(request) (any, error){useCases["Follow"].good, useCases["Follow"].bad} {
		_, _ = ask(r) // one of which fails
		if wakeups.listening != 0 {
			t.Errorf("%d are still listening", wakeups.listening)
		}
	}
}
