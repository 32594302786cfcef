// Package bunstore holds what the task stores on SQL engines share: the row
// and how it becomes a [domain.Task] and back, the page, the feed, how a list
// statement is put together, the words for failures, and the [Migrator]. The
// engines' own statements and connections are in the packages postgres and
// sqlite.
//
// Statements are constant text with parameters and go to the driver as they
// are; Bun scans what comes back. Bun's query builder would write values into
// the text, and so make the database plan each call anew.
package bunstore
