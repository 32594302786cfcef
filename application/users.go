package application

import (
	"context"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// Users are the use cases around whoever asks.
type Users struct{ directory ports.UserDirectory }

// NewUsers returns the use cases on a directory. Without one (nil) users are
// what their tokens say.
func NewUsers(directory ports.UserDirectory) *Users { return &Users{directory} }

// Me returns the user who asks. It fails with [domain.ErrNotAuthenticated] if
// nobody does, and otherwise as the directory does.
func (u *Users) Me(ctx context.Context, actor domain.AuthenticatedUserContext) (domain.User, error) {
	switch {
	case !actor.IsAuthenticated():
		return domain.User{}, domain.ErrNotAuthenticated
	case u.directory == nil:
		return actor.User(), nil
	}
	return u.directory.Get(ctx, actor.UserID())
}
