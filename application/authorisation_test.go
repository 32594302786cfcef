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

// useCase makes a request with good input, and with bad if there is any.
type useCase struct {
	good, bad func(request) (any, error)
}

var useCases = map[string]useCase{
	"Create": {
		good: func(r request) (any, error) {
			return r.tasks.Create(r.ctx, r.actor, r.owner, application.Draft{Title: "title"})
		},
		bad: func(r request) (any, error) {
			return r.tasks.Create(r.ctx, r.actor, r.owner, application.Draft{Title: "\x00"})
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
				tasks := application.NewTasks(untouchable{t}, func() time.Time {
					t.Error("the clock was read")
					return time.Time{}
				}, domain.DefaultLimits)
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
			r := request{
				tasks: application.NewTasks(memory.NewTasks(), func() time.Time { return noon }, domain.DefaultLimits),
				ctx:   t.Context(), actor: user(t, "owner"), owner: "owner",
			}
			if _, err := useCases["Create"].good(r); err != nil {
				t.Fatal(err)
			}
			if useCase.bad != nil {
				if _, err := useCase.bad(r); err == nil {
					t.Error("bad input is no error")
				}
			}
			if _, err := useCase.good(r); err != nil {
				t.Errorf("the owner got error %v", err)
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
	return domain.TaskPage{More: true}, nil
}

func (u untouchable) Apply(context.Context, domain.UserID, domain.Batch) ([]domain.Task, error) {
	u.t.Error("Apply was called")
	return make([]domain.Task, 1), nil
}
