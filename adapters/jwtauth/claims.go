package jwtauth

import (
	"cmp"
	"time"

	"github.com/taskward/taskward/domain"
)

// claims is what a token says of its user and of itself.
type claims struct {
	user      domain.User
	sessionID domain.SessionID // sid
	tokenID   domain.TokenID   // jti
	issuer    domain.Optional[string]
	audiences domain.Optional[[]string]
	lifetime  lifetime
}

// parseClaims reads the claims of RFC 7519 section 4.1, and of Better Auth's
// user row what a [domain.User] holds. Every error is a refusal.
func parseClaims(members object) (claims, error) {
	user, err := parseSubject(members)
	if err != nil {
		return claims{}, err
	}
	if err := cmp.Or(checkClient(members), readProfile(&user, members)); err != nil {
		return claims{}, err
	}
	sessionID, sessionIDErr := optional(members, "sid", parsing(members, domain.ParseSessionID), errInvalidSessionID)
	tokenID, tokenIDErr := optional(members, "jti", parsing(members, domain.ParseTokenID), errInvalidTokenID)
	issuer, issuerErr := optional(members, "iss", members.text, errWrongIssuer)
	audiences, audiencesErr := optional(members, "aud", members.texts, errWrongAudience)
	lifetime, lifetimeErr := parseLifetime(members)
	if err := cmp.Or(sessionIDErr, tokenIDErr, issuerErr, audiencesErr, lifetimeErr); err != nil {
		return claims{}, err
	}
	return claims{
		user: user, sessionID: sessionID.Or(""), tokenID: tokenID.Or(""),
		issuer: issuer, audiences: audiences, lifetime: lifetime,
	}, nil
}

// parseSubject reads whom the token speaks for. That is sub alone: tokens made
// for another purpose carry the user under other names.
func parseSubject(members object) (domain.User, error) {
	subject, ok := members.text("sub")
	if !ok || subject == "" {
		return domain.User{}, errMissingSubject
	}
	id, err := domain.ParseUserID(subject)
	if err != nil {
		return domain.User{}, errInvalidSubject
	}
	if same, _ := members.text("user_id"); members.has("user_id") && same != subject {
		return domain.User{}, errUserIDMismatch
	}
	return domain.User{ID: id}, nil
}

// checkClient refuses tokens that are no bearer tokens of a user.
func checkClient(members object) error {
	subject, _ := members.text("sub")
	for _, name := range []string{"client_id", "azp"} {
		if client, _ := members.text(name); client == subject {
			return errClientToken
		}
	}
	if members.has("cnf") {
		return errBoundToken
	}
	return nil
}

// readProfile reads what members of a user row say of a user beside the id.
func readProfile(user *domain.User, members object) error {
	if members.has("email") && members["email"].Kind() != 'n' {
		text, _ := members.text("email")
		email, err := domain.ParseEmail(text)
		if err != nil {
			return errInvalidEmail
		}
		user.Email = email
	}
	user.Name, _ = members.text("name")
	user.CreatedAt, _ = members.moment("createdAt")
	user.UpdatedAt, _ = members.moment("updatedAt")
	return nil
}

// optional reads a member that may be left out, but may not be malformed.
func optional[T any](members object, name string, read func(string) (T, bool), malformed error) (domain.Optional[T], error) {
	if !members.has(name) {
		return domain.Optional[T]{}, nil
	}
	value, ok := read(name)
	if !ok {
		return domain.Optional[T]{}, malformed
	}
	return domain.Some(value), nil
}

// parsing reads members that are text of a stricter kind.
func parsing[T any](members object, parse func(string) (T, error)) func(string) (T, bool) {
	return func(name string) (T, bool) {
		text, isText := members.text(name)
		value, err := parse(text)
		return value, isText && err == nil
	}
}

// moment gives a member that is a time as RFC 3339 writes it, and false and
// the zero time for anything else or none.
func (o object) moment(name string) (time.Time, bool) {
	text, _ := o.text(name)
	local, err := time.Parse(time.RFC3339Nano, text)
	moment := domain.Moment(local)
	if err != nil || moment.Year() < 1 || moment.Year() > 9999 { // a zone can lead out of what RFC 3339 can write
		return time.Time{}, false
	}
	return moment, true
}
