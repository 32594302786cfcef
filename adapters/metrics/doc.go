// Package metrics counts what operators ask about, for Prometheus. Requests are
// counted as they are answered; all else is read, when somebody asks, where it
// is known anyway.
package metrics
