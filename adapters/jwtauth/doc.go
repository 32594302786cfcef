// Package jwtauth tells from a JWT who is asking. Its [Verifier] accepts the
// tokens that Better Auth and the applications around it mint for a user, and
// no other token signed with the same keys:
//
//   - HS256 with the shared [Secrets], BETTER_AUTH_SECRET, as a server route
//     mints them for its own back end;
//   - EdDSA, ECDSA and RSA with the keys of one auth server or several, as
//     Better Auth's jwt plugin mints them at /api/auth/token. The keys come from
//     any [ports.KeySource], such as [URLSource] or [FileSource].
//
// A token is taken apart by rules stricter than those of golang-jwt, which
// then computes nothing but the signature. A refusal may come before the
// signature has been checked, an acceptance never does; it is remembered for
// as long as the key stays. [Verifier.Explain] and [Verifier.Status] tell the
// operator why.
//
// [CookieVerifier] accepts the JWT of Better Auth's session cookie, signed with
// the same secrets. [ByShape] puts it, and a verifier of session tokens, beside
// the one for all other JWTs.
// [SecretIssuer] and [KeyIssuer] mint tokens, for development and tests.
package jwtauth
