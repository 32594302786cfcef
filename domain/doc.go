// Package domain holds what Taskward is about: tasks, their owners, the
// changes that happen to them, and who may ask for one.
//
// It is pure. Nothing here reads a clock, makes an id at random, logs or does
// I/O, and nothing here knows of HTTP, JSON or SQL. Values are parsed, not
// validated: a [Title], [Email] or [UserID] that exists has passed its rules.
package domain
