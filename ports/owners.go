package ports

import (
	"context"

	"github.com/taskward/taskward/domain"
)

// Owners knows who has tasks, or had. It tells nothing else about them: it is
// for an operator's housekeeping, and no request of a user's leads to it.
//
// Every sentence from here on is a rule that portstest.TestOwners checks
// under the same words.
type Owners interface {
	// Owners returns everybody who has ever had a task. Owners returns nobody
	// who has not. Each comes once. They come in the order of their ids, byte
	// for byte. Only those behind after come. At most limit come at a time.
	// Owners returns the context's error if the context has ended. A closed
	// store answers with domain.Unavailable.
	Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error)
}
