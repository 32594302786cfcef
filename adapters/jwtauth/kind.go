package jwtauth

import (
	"slices"
	"strings"
)

// Auth servers sign more than bearer tokens. What is none is refused whatever
// it is; where its kind is certain, the refusal names it.

// checkType refuses tokens whose typ is not that of a bearer token.
func checkType(members object) error {
	if !members.has("typ") {
		return nil
	}
	kind, _ := members.text("typ")
	switch {
	case strings.EqualFold(kind, "JWT"), strings.EqualFold(kind, accessTokenType):
		return nil
	case strings.EqualFold(kind, "logout+jwt"): // OpenID Connect Back-Channel Logout 1.0 section 2.4
		return errLogoutToken
	case strings.EqualFold(kind, "better-auth.session-cache+jwt"):
		return errSessionCacheToken
	}
	return errUnsupportedType
}

// accessTokenType is the typ of RFC 9068 section 2.1.
const accessTokenType = "at+jwt"

// nameless refuses claims without sub. Those that Better Auth signs with the
// shared secret have no typ: their form tells them.
func nameless(members object) error {
	switch {
	case looksLikeCookie(members):
		return errSessionCookie
	case looksLikeMail(members):
		return errMailToken
	}
	return errMissingSubject
}

// mailMembers are all that the token in a mail may have.
var mailMembers = []string{"email", "userId", "updateTo", "requestType", "iat", "exp"}

// looksLikeMail reports whether claims have the form that Better Auth gives to
// the token of a mail that verifies an address, or changes it.
func looksLikeMail(members object) bool {
	for name := range members {
		if !slices.Contains(mailMembers, name) {
			return false
		}
	}
	return members.has("email") && (members.has("userId") || members.has("updateTo"))
}

// looksLikeIDToken reports whether a token has what OpenID Connect Core 1.0
// (sections 2, 3.1.3.6 and 3.3.2.11) gives to ID tokens alone. They need none
// of it, so that some are not found out.
func looksLikeIDToken(header, claims object) bool {
	kind, _ := header.text("typ")
	return !strings.EqualFold(kind, accessTokenType) && (claims.has("nonce") || claims.has("at_hash") || claims.has("c_hash"))
}
