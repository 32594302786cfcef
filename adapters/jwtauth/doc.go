// Package jwtauth tells from a JWT who is asking. Its [Verifier] accepts the
// tokens that Better Auth and the applications around it mint for a user, and
// no other token signed with the same keys:
//
//   - HS256 with the shared secret, BETTER_AUTH_SECRET, as a server route mints
//     them for its own back end;
//   - EdDSA, ECDSA and RSA with the keys of an auth server, as Better Auth's
//     jwt plugin mints them at /api/auth/token.
//
// A token is taken apart by rules stricter than those of golang-jwt, which
// then computes nothing but the signature. A refusal may come before the
// signature has been checked, an acceptance never does.
//
// [SecretIssuer] and [KeyIssuer] mint such tokens, for development and tests.
package jwtauth
