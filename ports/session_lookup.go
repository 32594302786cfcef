package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// SessionLookup knows which sessions live at the auth server. Taskward asks it
// and never ends one.
type SessionLookup interface {
	// Live reports whether the user has a session with this id that has neither
	// been ended nor expired. Its answer may be some seconds old. An error says
	// nothing about the session.
	Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error)
}
