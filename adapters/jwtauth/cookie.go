package jwtauth

import "github.com/taskward/taskward/domain"

// looksLikeCookie reports whether claims have the form that Better Auth gives
// to the JWT of its session cookie (session_data, with the cookie cache's
// strategy "jwt"): a session and a user, and nothing of what says in other
// tokens whom they speak for and to whom.
func looksLikeCookie(members object) bool {
	return members.has("session") && members.has("user") && !members.has("sub") && !members.has("iss") && !members.has("aud")
}

// isCookie reports whether a token is such a JWT, were its signature right.
// What cannot be read comes to no algorithm and no members.
func isCookie(text string) bool {
	rawHeader, rawClaims, _, _ := splitToken(text)
	headerMembers, _ := parseObject(rawHeader)
	header, _ := parseHeader(headerMembers)
	if !header.isSecret() {
		return false
	}
	members, _ := parseObject(rawClaims)
	return looksLikeCookie(members)
}

// parseCookie reads those claims. The user is the one whom both the session
// and the user row name, and it holds no longer than the session does. Every
// error is a refusal.
func parseCookie(h header, members object) (claims, error) {
	if !h.isSecret() || !looksLikeCookie(members) {
		return claims{}, errMalformedCookie
	}
	session, sessionErr := parseObject(members["session"])
	row, rowErr := parseObject(members["user"])
	token, _ := session.text("token")
	owner, _ := session.text("userId")
	subject, _ := row.text("id")
	sessionID, named := parsing(session, domain.ParseSessionID)("id")
	sessionEnd, ends := session.moment("expiresAt")
	if sessionErr != nil || rowErr != nil || !named || !ends || token == "" || members["updatedAt"].Kind() != '0' {
		return claims{}, errMalformedCookie
	}
	id, err := domain.ParseUserID(subject)
	if err != nil {
		return claims{}, errInvalidSubject
	}
	if owner != subject {
		return claims{}, errUserIDMismatch
	}
	user := domain.User{ID: id}
	if err := readProfile(&user, row); err != nil {
		return claims{}, err
	}
	lifetime, err := parseLifetime(members)
	if err != nil {
		return claims{}, err
	}
	if sessionEnd.Before(lifetime.expiresAt) {
		lifetime.expiresAt = sessionEnd
	}
	return claims{user: user, sessionID: sessionID, lifetime: lifetime}, nil
}
