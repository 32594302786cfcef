package memory_test

import (
	"context"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

func TestUsers(t *testing.T) {
	somebody := domain.User{ID: "somebody", Name: "Some Body"}
	users, closed := memory.NewUsers(somebody), memory.NewUsers(somebody)
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	portstest.TestUserDirectory(t, portstest.UserHarness{
		Directory: users,
		Put: func(_ context.Context, user domain.User) error {
			users.Put(user)
			return nil
		},
		Remove: func(_ context.Context, id domain.UserID) error {
			users.Remove(id)
			return nil
		},
		Closed: closed,
	})
}

func TestNewUsers(t *testing.T) {
	here := domain.User{ID: "u1", Name: "User One"}
	if user, err := memory.NewUsers(domain.User{ID: "u1"}, here).Get(t.Context(), "u1"); err != nil || user != here {
		t.Errorf("Get gave %+v and error %v, want %+v", user, err, here)
	}
}
