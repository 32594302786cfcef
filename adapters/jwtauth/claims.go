package jwtauth

import (
	"cmp"
	"time"

	"github.com/taskward/taskward/domain"
)

// claims is what a token says of its user and of itself.
type claims struct {
	user      domain.User
	issuer    domain.Optional[string]
	audiences domain.Optional[[]string]
	expiresAt time.Time
	issuedAt  domain.Optional[time.Time]
	notBefore domain.Optional[time.Time]
}

// parseClaims reads the claims of RFC 7519 section 4.1, and of Better Auth's
// user row what a [domain.User] holds. Every error is a refusal.
func parseClaims(text []byte) (claims, error) {
	members, err := parseObject(text)
	if err != nil {
		return claims{}, errMalformedClaims
	}
	user, err := parseUser(members)
	if err != nil {
		return claims{}, err
	}
	issuer, issuerErr := optional(members, "iss", members.text, errWrongIssuer)
	audiences, audiencesErr := optional(members, "aud", members.texts, errWrongAudience)
	expiry, expiryErr := optional(members, "exp", members.time, errInvalidExpiry)
	issuedAt, issuedAtErr := optional(members, "iat", members.time, errInvalidIssuedAt)
	notBefore, notBeforeErr := optional(members, "nbf", members.time, errInvalidStart)
	if err := cmp.Or(issuerErr, audiencesErr, expiryErr, issuedAtErr, notBeforeErr); err != nil {
		return claims{}, err
	}
	expiresAt, ok := expiry.Get()
	if !ok {
		return claims{}, errMissingExpiry
	}
	return claims{user, issuer, audiences, expiresAt, issuedAt, notBefore}, nil
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

// parseUser reads whom the token speaks for. That is sub alone: tokens made
// for another purpose carry the user under other names.
func parseUser(members object) (domain.User, error) {
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
	for _, name := range []string{"client_id", "azp"} {
		if client, _ := members.text(name); client == subject {
			return domain.User{}, errClientToken
		}
	}
	if members.has("cnf") {
		return domain.User{}, errBoundToken
	}
	user := domain.User{ID: id}
	if members.has("email") && members["email"].Kind() != 'n' {
		email, _ := members.text("email")
		if user.Email, err = domain.ParseEmail(email); err != nil {
			return domain.User{}, errInvalidEmail
		}
	}
	user.Name, _ = members.text("name")
	user.CreatedAt = members.moment("createdAt")
	user.UpdatedAt = members.moment("updatedAt")
	return user, nil
}

// moment gives a member that is a time as RFC 3339 writes it, and the zero
// time for anything else or none.
func (o object) moment(name string) time.Time {
	text, _ := o.text(name)
	local, err := time.Parse(time.RFC3339Nano, text)
	moment := domain.Moment(local)
	if err != nil || moment.Year() < 1 || moment.Year() > 9999 { // a zone can lead out of what RFC 3339 can write
		return time.Time{}
	}
	return moment
}
