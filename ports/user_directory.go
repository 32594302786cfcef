package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// UserDirectory knows the users of the auth server. Taskward reads it and
// never writes to it.
//
// Every sentence from here on is a rule that portstest.TestUserDirectory
// checks under the same words.
type UserDirectory interface {
	// Get returns the user with every field as the directory has it. What the
	// directory does not know of a user is zero. Get returns the user as they
	// are now. Get returns domain.ErrUserNotFound for an id that nobody has.
	// Get returns domain.ErrUserNotFound for a user who was removed. Ids are
	// compared byte for byte. Get returns the context's error if the context
	// has ended. A closed directory answers with domain.Unavailable. Users are
	// looked up concurrently.
	Get(ctx context.Context, id domain.UserID) (domain.User, error)
}
