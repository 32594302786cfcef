package ports

import (
	"context"
	"time"

	"github.com/taskward/taskward/domain"
)

// Revocations keeps of each owner's tokens which ones are not accepted any
// more, and which ones have been spent. It reads no clock: the time comes
// with the call, in whole microseconds ([domain.Moment]).
//
// Every sentence from here on is a rule that portstest.TestRevocations checks
// under the same words.
//
// # Isolation
//
// What is written about one owner changes nothing about another's tokens.
// Owners are compared byte for byte. Token ids are compared byte for byte. Any
// owner id and any token id are kept as they are.
//
// # Forgetting
//
// Revoke forgets the owner's revoked tokens whose entries are over, at least a
// hundred at a time. Spend forgets the owner's spent tokens whose entries are
// over, at least a hundred at a time. What is not over is not forgotten.
//
// # Concurrency
//
// Of several who spend a token at the same time, one is the first. Of several
// moments set at the same time, the latest stays. Revocations at the same time
// all happen.
//
// # Faults
//
// Every method returns the context's error if the context has ended. Nothing
// is written if the context has ended. A closed store answers with
// domain.Unavailable. Two handles on one store see each other's entries.
type Revocations interface {
	// Revoke makes the owner's sessions with this token revoked. A token that
	// is revoked again is so until the later of the two times.
	Revoke(ctx context.Context, owner domain.UserID, entry TokenEntry) error

	// RevokeBefore makes the owner's sessions revoked that were issued before
	// the moment, to the microsecond. A session that does not say when it was
	// issued counts as issued before any moment. The moment never goes back.
	RevokeBefore(ctx context.Context, owner domain.UserID, moment time.Time) error

	// Revoked reports whether the session is revoked, by its token or by its
	// time of issue. A session of which nothing is written is not revoked.
	Revoked(ctx context.Context, owner domain.UserID, session domain.Session) (bool, error)

	// Spend reports whether the token is spent for the first time. A token may
	// be spent again once its entry is over. To spend a token does not revoke
	// it, and to revoke it does not spend it.
	Spend(ctx context.Context, owner domain.UserID, entry TokenEntry) (first bool, err error)

	// Spent reports whether the token has been spent and its entry is not over
	// at that time. To ask about a token does not spend it.
	Spent(ctx context.Context, owner domain.UserID, token domain.TokenID, at time.Time) (bool, error)
}

// TokenEntry is what is written about a token.
type TokenEntry struct {
	Token domain.TokenID
	At    time.Time // when it is written
	Until time.Time // when it is over: from then on it is of no use to anybody
}
