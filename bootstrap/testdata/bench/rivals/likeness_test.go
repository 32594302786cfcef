package main

import (
	"testing"

	"example.com/bench/internal/generator"
)

func TestSameTasks(t *testing.T) {
	const task = `[{"id":1,"completed_at":null,"created_at":"2026-01-01T09:01:00Z","updated_at":"2026-01-01T09:01:00Z"}]`
	for other, same := range map[string]bool{
		task: true,
		`[{"completed_at":null, "created_at":"2026-01-01T09:01:00.000Z", "updated_at":"2026-01-01T10:01:00+01:00", "id":1}]`: true,
		`[{"id":2,"completed_at":null,"created_at":"2026-01-01T09:01:00Z","updated_at":"2026-01-01T09:01:00Z"}]`:             false,
		`[{"id":1,"completed_at":null,"created_at":"2026-01-01T09:01:00Z","updated_at":"2026-01-01T09:02:00Z"}]`:             false,
		`[{"id":1,"created_at":"2026-01-01T09:01:00Z","updated_at":"2026-01-01T09:01:00Z"}]`:                                 false,
		`[]`:                  false,
		`{"detail":"broken"}`: false,
	} {
		if got := sameTasks(&generator.Answer{Body: []byte(task)}, &generator.Answer{Body: []byte(other)}); got != same {
			t.Errorf("%s is the same as %s: %t", other, task, got)
		}
	}
}
