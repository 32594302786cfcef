package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// SessionLookup knows which sessions live at the auth server. Taskward asks it
// and never ends one. An answer may be given again for a while, which each
// adapter sets: its staleness.
//
// Every sentence from here on is a rule that portstest.TestSessionLookup checks
// under the same words.
type SessionLookup interface {
	// Live reports whether the user has a session with this id. The session of
	// one user never lives for another. A session lives up to its expiry and
	// not at it, whatever the staleness. A session that is prolonged lives on.
	// A session that was ended does not live once the staleness has passed. A
	// session that was begun lives once the staleness has passed. User ids are
	// compared byte for byte. Session ids are compared byte for byte. An error
	// says nothing about the session. Live returns the context's error if the
	// context has ended. A closed lookup answers with domain.Unavailable.
	// Sessions are looked up concurrently.
	Live(ctx context.Context, user domain.UserID, session domain.SessionID) (bool, error)
}
