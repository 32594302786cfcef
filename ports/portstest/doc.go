// Package portstest proves adapters. For each port it has one entry that runs
// the port's contract, sentence by sentence, against an implementation:
//
//	func TestTasks(t *testing.T) {
//		portstest.TestTaskRepository(t, func(t *testing.T) ports.TaskRepository {
//			return open(t)
//		})
//	}
//
// It needs nothing but the standard library, so any module can use it. Its
// own tests run it over adapters that are broken on purpose: each rule has
// failed at least one of them.
package portstest
