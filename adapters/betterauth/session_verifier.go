package betterauth

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// SessionVerifier is the [ports.TokenVerifier] for Better Auth's opaque
// session tokens, as they are in its table session. It asks the database for
// each token, so that a sign-out holds at once. It may be used by many
// goroutines.
type SessionVerifier struct {
	find *statement
	now  func() time.Time
}

var _ ports.TokenVerifier = (*SessionVerifier)(nil)

// NewSessionVerifier returns the verifier of the sessions in the database, a
// PostgreSQL through pgx. It does not connect yet. A clock of nil is time.Now.
func NewSessionVerifier(db *sql.DB, names Names, clock func() time.Time) *SessionVerifier {
	if clock == nil {
		clock = time.Now
	}
	return &SessionVerifier{newStatement(db, names, "verify a session token", `
SELECT s.{session.id}::text, s.{session.createdAt}, s.{session.expiresAt}, `+userColumns+`
FROM {session} AS s JOIN {user} AS u ON u.{user.id} = s.{session.userId} WHERE s.{session.token} = $1::text`), clock}
}

// Why a session token is refused.
var (
	errMalformed      = refusal("malformed_session_token", "This is not a session token: send the token of the session, without anything before or behind it.")
	errSigned         = refusal("signed_session_token", "This is a session token with its signature, as cookies have it: send the part before the dot.")
	errUnknown        = refusal("unknown_session", "There is no session with this token: it was signed out, or is one of another auth server.")
	errExpired        = refusal("session_expired", "The session has expired: sign in again.")
	errInvalidSubject = refusal("invalid_subject", "The session's user has an id that cannot be used here.")
)

func refusal(code, detail string) *domain.Error {
	return &domain.Error{Kind: domain.Unauthenticated, Code: code, Detail: detail}
}

// Verify implements [ports.TokenVerifier]. The user is the one in the table
// "user", as [Users] has them, and the token expires with its session. Beside
// refusals Verify returns the context's error, [domain.ErrUnavailable], or an
// error that tells what to set where the tables are not as expected.
func (v *SessionVerifier) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	if err := checkShape(token); err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	var row sessionRow
	if err := v.find.query(ctx, func(rows *sql.Rows) error { return rows.Scan(row.columns()...) }, token); err != nil {
		return domain.AuthenticatedUserContext{}, err
	}
	session := row.session()
	_, unfit := domain.ParseUserID(row.user.id)
	switch {
	case row.id == "":
		return domain.AuthenticatedUserContext{}, errUnknown
	case !session.ValidAt(v.now()):
		return domain.AuthenticatedUserContext{}, errExpired
	case unfit != nil:
		return domain.AuthenticatedUserContext{}, errInvalidSubject
	}
	return domain.Authenticate(row.user.user(), session)
}

// sessionRow is a session as the table has it, with its user.
type sessionRow struct {
	id                   string
	createdAt, expiresAt sql.NullTime
	user                 userRow
}

func (r *sessionRow) columns() []any {
	return append([]any{&r.id, &r.createdAt, &r.expiresAt}, r.user.columns()...)
}

// session leaves the token's id empty: what the token is known by is a secret.
func (r *sessionRow) session() domain.Session {
	id, _ := domain.ParseSessionID(r.id) // empty for what no store could index
	return domain.Session{
		UserID: domain.UserID(r.user.id), ID: id,
		IssuedAt: moment(r.createdAt), ExpiresAt: moment(r.expiresAt),
	}
}

// Better Auth makes tokens of 32 letters and digits. Others may be set by an
// application's hooks.
const (
	minTokenBytes = 16
	maxTokenBytes = 256
)

// checkShape keeps what is no session token from the database. The signature
// of a cookie's value (token, dot, HMAC in base64) is not verified: whoever has
// the token needs none, and the database knows the token.
func checkShape(token string) error {
	bare, signature, dotted := strings.Cut(token, ".")
	switch {
	case dotted && isToken(bare) && isSignature(signature):
		return errSigned
	case !isToken(token):
		return errMalformed
	}
	return nil
}

func isToken(text string) bool {
	return len(text) >= minTokenBytes && len(text) <= maxTokenBytes && consistsOf(text, "-_")
}

// isSignature is true for the HMAC-SHA256 of a cookie in base64, percent-encoded or not.
func isSignature(text string) bool {
	return len(text) >= 43 && len(text) <= 3*44 && consistsOf(text, "-_+/=%")
}

// consistsOf reports whether a text has nothing but letters, digits and some others.
func consistsOf(text, others string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune(others, r)
	})
}
