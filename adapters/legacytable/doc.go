// Package legacytable reads the task table that an earlier back end kept in
// PostgreSQL, and never writes to it. [Open] finds out which of its columns
// are what of a task; [Table.Read] gives its rows as tasks to import, one at a
// time, however many there are.
//
// Columns with well-known names are found by themselves, in snake_case or
// camelCase; any other is named in [Options]. A view is as good as a table, so
// whatever does not fit can be put right in SQL.
//
// PostgreSQL turns every value into JSON. Times without a time zone are taken
// as UTC, which is how Drizzle, Prisma and SQLAlchemy write them.
package legacytable
