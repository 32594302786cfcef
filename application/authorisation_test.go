package application_test

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// request is what every use case takes.
type request struct {
	tasks *application.Tasks
	ctx   context.Context
	actor domain.AuthenticatedUserContext
	owner domain.UserID
}

// useCase makes a request with good input, and with bad if there is any. The
// good one takes it that there is a task, and that others were made before.
type useCase struct {
	before    []string
	good, bad func(request) (any, error)
}

// nothing is what a use case gives that gives no result.
type nothing struct{}

var useCases = map[string]useCase{
	"Create": {
		good: func(r request) (any, error) {
			return r.tasks.Create(r.ctx, r.actor, r.owner, application.Draft{Title: "title"}, application.Once{})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Create(r.ctx, r.actor, r.owner, application.Draft{Title: "\x00"}, application.Once{})
		},
	},
	"Get": {
		good: func(r request) (any, error) { return r.tasks.Get(r.ctx, r.actor, r.owner, 1) },
		bad:  func(r request) (any, error) { return r.tasks.Get(r.ctx, r.actor, r.owner, -1) },
	},
	"List": {
		good: func(r request) (any, error) {
			return r.tasks.List(r.ctx, r.actor, r.owner, domain.TaskQuery{Limit: 10})
		},
	},
	"State": {
		good: func(r request) (any, error) { return r.tasks.State(r.ctx, r.actor, r.owner) },
	},
	"Update": {
		good: func(r request) (any, error) {
			return r.tasks.Update(r.ctx, r.actor, r.owner, domain.Target{ID: 1}, application.Revision{Title: domain.Some("title")})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Update(r.ctx, r.actor, r.owner, domain.Target{ID: 1}, application.Revision{Title: domain.Some("\x00")})
		},
	},
	"Complete": {
		good: func(r request) (any, error) {
			return r.tasks.Complete(r.ctx, r.actor, r.owner, domain.Target{ID: 1}, domain.Optional[bool]{})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Complete(r.ctx, r.actor, r.owner, domain.Target{ID: -1}, domain.Some(true))
		},
	},
	"Delete": {
		good: func(r request) (any, error) {
			return r.tasks.Delete(r.ctx, r.actor, r.owner, domain.Target{ID: 1})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Delete(r.ctx, r.actor, r.owner, domain.Target{ID: 1, Expected: -1})
		},
	},
	"Batch": {
		good: func(r request) (any, error) {
			return r.tasks.Batch(r.ctx, r.actor, r.owner, []application.Operation{application.DeleteTask{Target: domain.Target{ID: 1}}}, application.Once{})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Batch(r.ctx, r.actor, r.owner, []application.Operation{application.CreateTask{}}, application.Once{})
		},
	},
	"Trash": {
		good: func(r request) (any, error) {
			return r.tasks.Trash(r.ctx, r.actor, r.owner, domain.TrashQuery{Limit: 10})
		},
	},
	"Restore": {
		before: []string{"Delete"},
		good:   func(r request) (any, error) { return r.tasks.Restore(r.ctx, r.actor, r.owner, domain.Target{ID: 1}) },
		bad:    func(r request) (any, error) { return r.tasks.Restore(r.ctx, r.actor, r.owner, domain.Target{ID: -1}) },
	},
	"Purge": {
		before: []string{"Delete"},
		good: func(r request) (any, error) {
			return nothing{}, r.tasks.Purge(r.ctx, r.actor, r.owner, domain.Target{ID: 1})
		},
		bad: func(r request) (any, error) {
			return nothing{}, r.tasks.Purge(r.ctx, r.actor, r.owner, domain.Target{ID: -1})
		},
	},
	"Erase": {
		good: func(r request) (any, error) { return nothing{}, r.tasks.Erase(r.ctx, r.actor, r.owner) },
	},
	"Changes": {
		good: func(r request) (any, error) {
			return r.tasks.Changes(r.ctx, r.actor, r.owner, domain.Mark{}, 10)
		},
		bad: func(r request) (any, error) {
			if err := r.tasks.Erase(r.ctx, r.actor, r.owner); err != nil {
				return nothing{}, err
			}
			return r.tasks.Changes(r.ctx, r.actor, r.owner, domain.Mark{Sequence: 1}, 10)
		},
	},
	"Follow": {
		good: func(r request) (any, error) {
			ctx, leave := context.WithCancel(r.ctx)
			defer leave()
			var followed domain.Feed
			err := r.tasks.Follow(ctx, r.actor, r.owner, domain.Mark{}, 10, func(feed domain.Feed) error {
				followed = feed
				leave()
				return nil
			})
			return followed, err
		},
		bad: func(r request) (any, error) {
			delivered := nothing{}
			return delivered, r.tasks.Follow(r.ctx, r.actor, r.owner, domain.Mark{}, 10, func(domain.Feed) error { return errors.New("broken pipe") })
		},
	},
	"Export": {
		good: func(r request) (any, error) {
			var exported []domain.Task
			for task, err := range r.tasks.Export(r.ctx, r.actor, r.owner) {
				if err != nil {
					return exported, err
				}
				exported = append(exported, task)
			}
			return exported, nil
		},
	},
	"Import": {
		good: func(r request) (any, error) {
			return r.tasks.Import(r.ctx, r.actor, r.owner, []application.Record{{Draft: application.Draft{Title: "title"}}})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Import(r.ctx, r.actor, r.owner, []application.Record{{}})
		},
	},
	"CheckImport": {
		good: func(r request) (any, error) {
			return nothing{}, r.tasks.CheckImport(r.ctx, r.actor, r.owner, []application.Record{{Draft: application.Draft{Title: "title"}}})
		},
		bad: func(r request) (any, error) {
			return nothing{}, r.tasks.CheckImport(r.ctx, r.actor, r.owner, []application.Record{{}})
		},
	},
}

func TestEveryUseCaseIsHere(t *testing.T) {
	var methods []string
	for method := range reflect.TypeFor[*application.Tasks]().Methods() {
		methods = append(methods, method.Name)
	}
	if diff := cmp.Diff(methods, slices.Sorted(maps.Keys(useCases))); diff != "" {
		t.Fatalf("use cases without authorisation tests (-), tests without a use case (+):\n%s", diff)
	}
}

func TestEveryUseCaseAuthorises(t *testing.T) {
	for name, useCase := range useCases {
		for _, test := range []struct {
			who   string
			actor domain.AuthenticatedUserContext
			owner domain.UserID
			want  error
		}{
			{"nobody", domain.AuthenticatedUserContext{}, "owner", domain.ErrNotAuthenticated},
			{"nobody for nobody", domain.AuthenticatedUserContext{}, "", domain.ErrNotAuthenticated},
			{"another user", user(t, "other"), "owner", domain.ErrNotOwner},
			{"a user like the owner", user(t, "Owner"), "owner", domain.ErrNotOwner},
			{"a user for nobody", user(t, "owner"), "", domain.ErrNotOwner},
		} {
			t.Run(name+" by "+test.who, func(t *testing.T) {
				tasks := application.NewTasks(untouchable{t}, silent{t}, func() time.Time {
					t.Error("the clock was read")
					return time.Time{}
				}, application.TasksOptions{})
				for _, ask := range []func(request) (any, error){useCase.good, useCase.bad} {
					if ask == nil {
						continue
					}
					result, err := ask(request{tasks, t.Context(), test.actor, test.owner})
					if !errors.Is(err, test.want) {
						t.Errorf("error is %v, want %v", err, test.want)
					}
					if !reflect.ValueOf(result).IsZero() {
						t.Errorf("the refusal came with %+v", result)
					}
				}
			})
		}
	}
}

// TestTheOwnerMayDoAll is the control: the requests are refused for nothing
// but the actor and bad input, which shows once the actor is the owner.
func TestTheOwnerMayDoAll(t *testing.T) {
	for name, useCase := range useCases {
		t.Run(name, func(t *testing.T) {
			for kind, ask := range map[string]func(request) (any, error){"good": useCase.good, "bad": useCase.bad} {
				if ask == nil {
					continue
				}
				r := request{
					tasks: application.NewTasks(memory.NewTasks(), memory.NewWakeups(), func() time.Time { return noon }, application.TasksOptions{}),
					ctx:   t.Context(), actor: user(t, "owner"), owner: "owner",
				}
				for _, before := range append([]string{"Create"}, useCase.before...) {
					if _, err := useCases[before].good(r); err != nil {
						t.Fatalf("%s, before: %v", before, err)
					}
				}
				if _, err := ask(r); (err == nil) != (kind == "good") {
					t.Errorf("with %s input the owner got error %v", kind, err)
				}
			}
		})
	}
}

func user(t *testing.T, id domain.UserID) domain.AuthenticatedUserContext {
	t.Helper()
	actor, err := domain.Authenticate(domain.User{ID: id}, domain.Session{UserID: id, ExpiresAt: noon.Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	return actor
}

// untouchable is a repository that nobody may ask for anything.
type untouchable struct{ t *testing.T }

func (u untouchable) Get(context.Context, domain.UserID, domain.TaskID) (domain.Task, error) {
	u.t.Error("Get was called")
	return domain.Task{ID: 1}, nil
}

func (u untouchable) List(context.Context, domain.UserID, domain.TaskQuery) (domain.TaskPage, error) {
	u.t.Error("List was called")
	return domain.TaskPage{}, domain.ErrUnavailable
}

func (u untouchable) Trash(context.Context, domain.UserID, domain.TrashQuery) (domain.TaskPage, error) {
	u.t.Error("Trash was called")
	return domain.TaskPage{More: true}, nil
}

func (u untouchable) Changes(context.Context, domain.UserID, domain.Mark, int) (domain.Feed, error) {
	u.t.Error("Changes was called")
	return domain.Feed{}, domain.ErrUnavailable
}

func (u untouchable) State(context.Context, domain.UserID) (domain.Counters, error) {
	u.t.Error("State was called")
	return domain.Counters{Sequence: 1}, nil
}

func (u untouchable) Apply(context.Context, domain.UserID, domain.Batch) ([]domain.Task, error) {
	u.t.Error("Apply was called")
	return make([]domain.Task, 1), nil
}

func (u untouchable) Erase(context.Context, domain.UserID) error {
	u.t.Error("Erase was called")
	return nil
}

// silent are wakeups that nobody may ask for anything.
type silent struct{ t *testing.T }

func (s silent) Wake(context.Context, domain.UserID) { s.t.Error("Wake was called") }

func (s silent) Listen(domain.UserID) (woken <-chan struct{}, stop func()) {
	s.t.Error("Listen was called")
	return nil, func() {}
}
