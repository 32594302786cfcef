package jwtauth

import (
	"errors"

	"github.com/taskward/taskward/domain"
)

// All the reasons why a token is refused. Codes are stable; the sentences name
// the mistake and the way out, and repeat nothing of the token.
var (
	// What is no signed JWT at all.
	errTokenTooLong      = refusal("token_too_long", "The token is longer than 8 KiB.")
	errOpaqueToken       = refusal("opaque_token", "This is a session token, not a JWT: ask the auth server for a JWT (GET /api/auth/token) and send that.")
	errEncryptedToken    = refusal("encrypted_token", "This is an encrypted token (JWE): send a signed JWT.")
	errMalformedToken    = refusal("malformed_token", "This is not a JWT: send the three parts, joined by dots, exactly as they were issued.")
	errMalformedEncoding = refusal("malformed_encoding", "A part of the token is not base64url as JWTs have it: send the token exactly as it was issued.")
	errMalformedHeader   = refusal("malformed_header", "The token's header is not a plain JSON object, or its kid is no text.")
	errMalformedClaims   = refusal("malformed_claims", "The token's claims are not a plain JSON object.")
	errDuplicateMember   = refusal("duplicate_member", "The token's header or claims have a member twice, so that readers may disagree on what it says.")
	errNestedTooDeep     = refusal("nested_too_deep", "The token's header or claims are nested deeper than is read here.")

	// What the header says.
	errCriticalHeader       = refusal("critical_header", "The token's header demands an extension (crit or b64) that is not understood here: have it issued without.")
	errEmbeddedKey          = refusal("embedded_key_header", "The token's header brings a key or says where to find one (jwk, jku, x5u or x5c): have it issued without, as only keys count that this service was told of.")
	errUnsupportedHeader    = refusal("unsupported_header", "The token's header says that the claims are compressed or another token (zip or cty): have it issued without.")
	errLogoutToken          = refusal("logout_token", "This is a logout token, which tells an application that a session has ended: send the token that GET /api/auth/token gives.")
	errSessionCacheToken    = refusal("session_cache_token", "This is the token of Better Auth's session cache, which is meant for Better Auth alone: send the token that GET /api/auth/token gives.")
	errUnsupportedType      = refusal("unsupported_type", "The token's typ says that it is not meant as a bearer token: send the one that GET /api/auth/token gives.")
	errUnsignedToken        = refusal("unsigned_token", "The token's alg is none, so that nobody vouches for it: send a signed one.")
	errUnsupportedAlgorithm = refusal("unsupported_algorithm", "The token's alg is not accepted here: use EdDSA, ES256, ES384, ES512, RS256, RS384, RS512, PS256, PS384, PS512 or HS256.")
	errNoSecret             = refusal("shared_secret_not_configured", "The token is signed with a shared secret (HS256), but this service has none: configure BETTER_AUTH_SECRET, or send a token signed with the auth server's keys.")
	errNoServer             = refusal("key_set_not_configured", "The token is signed with a key pair (EdDSA, ES256 or the like), but this service only has the shared secret: configure BETTER_AUTH_URL, or send an HS256 token.")

	// What the claims say.
	errMissingSubject   = refusal("missing_subject", "The token names no user (sub): send one that was issued for this service.")
	errMailToken        = refusal("mail_token", "This is a token from one of Better Auth's mails (email and userId, but no sub), which shows that the mail arrived and not who is asking: send the token that GET /api/auth/token gives.")
	errSessionCookie    = refusal("session_cookie", "This is the JWT of Better Auth's session cookie, which is not accepted here: send the token that GET /api/auth/token gives, or configure TASKWARD_COOKIE_TOKENS.")
	errInvalidSubject   = refusal("invalid_subject", "The token's sub cannot be the id of a user.")
	errUserIDMismatch   = refusal("user_id_mismatch", "The token names two different users.")
	errInvalidEmail     = refusal("invalid_email", "The token's email is not a mail address.")
	errClientToken      = refusal("client_token", "The token speaks for a client (client_credentials), not for a user.")
	errBoundToken       = refusal("sender_constrained_token", "The token is bound to its sender's key (cnf) and cannot be used as a bearer token.")
	errWrongIssuer      = refusal("wrong_issuer", "The token's iss is missing or not an issuer that is accepted here: compare it with the configured ones, character by character; a trailing slash counts.")
	errWrongAudience    = refusal("wrong_audience", "The token's aud is missing or does not name this service: send a token that was issued for it, or configure its audience.")
	errIDToken          = refusal("id_token", "This is an ID token of OpenID Connect, which tells an application who has signed in to it: send an access token that was issued for this service.")
	errInvalidSessionID = refusal("invalid_session_id", "The token's sid is not a text of 1 to 255 bytes.")
	errInvalidTokenID   = refusal("invalid_token_id", "The token's jti is not a text of 1 to 255 bytes.")
	errMalformedCookie  = refusal("malformed_session_cookie", "This is not the JWT of Better Auth's session cookie, or it lacks a part of it: send the cookie's value exactly as it was set.")
	errMissingExpiry    = refusal("missing_expiry", "The token has no expiry (exp).")
	errInvalidExpiry    = refusal("invalid_expiry", "The token's exp is not a time in seconds since 1970: it must be a number, and not of milliseconds.")
	errExpired          = refusal("token_expired", "The token has expired: get a new one.")
	errMissingIssuedAt  = refusal("missing_issued_at", "The token does not say when it was issued (iat).")
	errInvalidIssuedAt  = refusal("invalid_issued_at", "The token's iat is not a time in seconds since 1970: it must be a number, and not of milliseconds.")
	errIssuedInFuture   = refusal("issued_in_future", "The token was issued in the future (iat): check the clocks of this service and of the auth server.")
	errInvalidStart     = refusal("invalid_not_before", "The token's nbf is not a time in seconds since 1970: it must be a number, and not of milliseconds.")
	errLivesTooLong     = refusal("token_lives_too_long", "The token's life, from iat to exp, is longer than is accepted here: have it issued for a shorter time.")
	errNotYetValid      = refusal("not_yet_valid", "The token is not valid yet (nbf): use it later, or check the clocks.")

	// What the keys say.
	errUnknownKey       = refusal("unknown_key", "The auth server has no key that the token could be signed with: is it from another server, or older than its key?")
	errAmbiguousKey     = refusal("ambiguous_key", "Several keys of the auth server could have signed the token, and it does not tell which (kid).")
	errKeyMismatch      = refusal("key_mismatch", "The token's alg does not fit the key that it names (kid).")
	errInvalidSignature = refusal("invalid_signature", "The token's signature is wrong: it was changed on the way, or signed with another key or secret than this service knows.")
)

// What is no fault of the token: the same one may be accepted later.
var (
	errKeysUnavailable = outage("keys_unavailable", "The auth server's keys could not be fetched yet, so no token can be checked. Try again soon.")
	errKeysTooOld      = outage("keys_too_old", "The auth server's keys could not be fetched for so long that they are not trusted any more. Try again soon.")
	errKeyNotFetched   = outage("key_not_fetched", "The token is signed with a key that is not known yet; it may be a new one. Try again soon.")
	errOverload        = outage("too_many_verifications", "Too many tokens whose signature is costly to check (ES384, ES512) have come at once. Try again soon.")
)

func refusal(code, detail string) *domain.Error {
	return &domain.Error{Kind: domain.Unauthenticated, Code: code, Detail: detail}
}

// malformed gives the refusal of JSON that [parseObject] could not read.
func malformed(err error, otherwise *domain.Error) error {
	switch {
	case errors.Is(err, errTwice):
		return errDuplicateMember
	case errors.Is(err, errTooDeep):
		return errNestedTooDeep
	}
	return otherwise
}

func outage(code, detail string) *domain.Error {
	return &domain.Error{Kind: domain.Unavailable, Code: code, Detail: detail}
}
