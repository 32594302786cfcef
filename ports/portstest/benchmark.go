package portstest

import (
	"testing"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// BenchmarkTaskRepository measures the frequent calls for an owner of 1,000
// tasks, in the repository that open gives.
func BenchmarkTaskRepository(b *testing.B, open func(b *testing.B) ports.TaskRepository) {
	b.Helper()
	const many, middle = 1_000, domain.TaskID(500)
	s := newScene(b, open(b))
	for range many {
		s.create("Buy milk")
	}
	for _, call := range []struct {
		name string
		make func()
	}{
		{"create", func() { s.create("Buy milk") }},
		{"complete", func() { s.apply(later, domain.ToggleCompleted{Target: on(middle)}) }},
		{"edit", func() { s.apply(later, domain.Edit{Target: on(middle), Priority: domain.Some(domain.High)}) }},
		{"get", func() { s.get(middle) }},
		{"list 20", func() { s.list(domain.TaskQuery{Limit: 20}) }},
		{"search", func() { s.list(domain.TaskQuery{Search: "bread", Limit: 20}) }},
		{"changes, nothing new", func() { s.changes(s.state().Sequence, 20) }},
	} {
		b.Run(call.name, func(b *testing.B) {
			s.t = b
			for b.Loop() {
				call.make()
			}
		})
	}
}
