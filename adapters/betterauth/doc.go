// Package betterauth reads the tables that Better Auth keeps in PostgreSQL,
// and never writes to them:
//
//   - [KeyTable] gives the public keys of its jwt plugin, in the place of the
//     JWKS endpoint;
//   - [SessionVerifier] accepts its opaque session tokens as bearer tokens;
//   - [Sessions] tells whether the session that a JWT names still lives;
//   - [Users] is the directory of its users.
//
// The tables may be anywhere that the connection reaches: [Names] says what
// they and their columns are called. A role needs USAGE on their schema and
// SELECT on the columns named there; the private keys are none of them. Ids
// may be text, UUIDs or numbers. Times without a time zone are taken as UTC,
// which is how Drizzle and Prisma write them.
//
// Better Auth on other engines is not supported, nor are sessions that it
// keeps in a secondary storage alone.
package betterauth
