// Package ports holds the interfaces through which Taskward reaches the
// world. To put Taskward on another engine, implement one of them, prove it
// with its suite in [github.com/taskward/taskward/ports/portstest] and name
// its constructor in one line of wiring.
//
// # Write it
//
// [TaskRepository] has three methods. Get and List are plain reads. Apply
// makes all changes of a [domain.Batch] or none; the rules of each change are
// in domain, so a store only has to do, within one transaction of its own:
//
//  1. read the owner's [domain.Counters] (zero for a new owner) in a way that
//     lets no other Apply of this owner in until the transaction ends,
//  2. call batch.Play with them and a function that loads one task,
//  3. store the effects: the counters, what was saved, what was deleted.
//
// The package adapters/memory does just this in some sixty lines.
//
// # Prove it
//
//	func TestTasks(t *testing.T) {
//		portstest.TestTaskRepository(t, func(t *testing.T) ports.TaskRepository {
//			return open(t) // may hold other tests' owners already
//		})
//	}
//
// # Wire it
//
//	bootstrap.Use[ports.TaskRepository](mystore.New)
//
// given to bootstrap.Main stands in place of the shipped adapter.
package ports
