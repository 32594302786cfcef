package portstest

import (
	"testing"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// BenchmarkTaskRepository measures the frequent calls for an owner of 1,000
// tasks in the repository that open gives.
func BenchmarkTaskRepository(b *testing.B, open func(b *testing.B) ports.TaskRepository) {
	b.Helper()
	const middle = 500
	s := newScene(b, open(b))
	for range 2 * middle {
		s.apply(noon, bare("Buy milk"))
	}
	measure := func(name string, call func(s scene)) {
		b.Run(name, func(b *testing.B) {
			s := scene{b, s.tasks, s.owner}
			for b.Loop() {
				call(s)
			}
		})
	}
	measure("create", func(s scene) { s.apply(noon, bare("Buy milk")) })
	measure("complete", func(s scene) { s.apply(noon, domain.ToggleCompleted{Target: on(middle)}) })
	measure("edit", func(s scene) { s.apply(noon, domain.Edit{Target: on(middle), Priority: domain.Some(domain.High)}) })
	measure("get", func(s scene) { s.get(middle) })
	measure("list 20", func(s scene) { s.list(domain.TaskQuery{Limit: 20}) })
	measure("search", func(s scene) { s.list(domain.TaskQuery{Search: "bread", Limit: 20}) })
	measure("changes, the first 20", func(s scene) { s.changes(0, 20) })
	last := s.state().Sequence
	measure("changes, nothing new", func(s scene) { s.changes(last, 20) })
}
