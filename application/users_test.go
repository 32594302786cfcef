package application_test

import (
	"errors"
	"testing"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

func TestMe(t *testing.T) {
	told := domain.User{ID: "u", Name: "as the token says"}
	known := domain.User{ID: "u", Name: "as the directory says"}
	actor, err := domain.Authenticate(told, domain.Session{UserID: "u"})
	if err != nil {
		t.Fatal(err)
	}
	if user, err := application.NewUsers(nil).Me(t.Context(), actor); err != nil || user != told {
		t.Errorf("without a directory: %+v, %v", user, err)
	}
	directory := memory.NewUsers()
	users := application.NewUsers(directory)
	if _, err := users.Me(t.Context(), actor); !errors.Is(err, domain.ErrUserNotFound) {
		t.Errorf("a user whom the directory does not know: %v", err)
	}
	directory.Put(known)
	if user, err := users.Me(t.Context(), actor); err != nil || user != known {
		t.Errorf("with a directory: %+v, %v", user, err)
	}
	if user, err := users.Me(t.Context(), domain.AuthenticatedUserContext{}); !errors.Is(err, domain.ErrNotAuthenticated) {
		t.Errorf("nobody: %+v, %v", user, err)
	}
}
