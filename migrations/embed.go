// Package migrations holds the SQL that brings a database to the shape that
// this version of Taskward works on, one folder an engine.
//
// Each file is one step in goose's format, up and down, and runs in one
// transaction. A step that a released version has run is never edited.
package migrations

import "embed"

// Files has the folders postgres and sqlite.
//
//go:embed postgres/*.sql sqlite/*.sql
var Files embed.FS
