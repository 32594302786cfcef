// Package ports holds the interfaces through which Taskward reaches the
// world. To put Taskward on another engine, implement one of them, prove it
// with its suite in [github.com/taskward/taskward/ports/portstest] and name
// its constructor in one line of wiring.
//
// # Write it
//
// [TaskRepository] has seven methods. Five of them are plain reads, and most of
// what they promise is written in domain already: from all of an owner's tasks,
// in any order, [domain.TaskQuery.Page] answers List, [domain.TrashQuery.Page]
// answers Trash and [domain.NewFeed] answers Changes. A store that has better
// ways to filter and sort has to give the same answers.
//
// Apply makes all changes of a [domain.Batch] or none; the rules of each change
// are in domain, so a store only has to do, within one transaction of its own:
//
//  1. read the owner's [domain.Counters] (zero for a new owner) in a way that
//     lets no other Apply of this owner in until the transaction ends,
//  2. if the batch has a key that an earlier one took and that is not free yet,
//     ask [domain.Once.Matches] and give the results of that one again,
//  3. call batch.Play with the counters and [domain.Holdings]: a task by its
//     id, be it in the trash or not, and, with [domain.Nearest] if need be, the
//     positions around one,
//  4. store the effects: the counters, and what was saved in place of what has
//     its id,
//  5. if the batch deletes, drop what was deleted at batch.TrashOver or earlier,
//     and raise Counters.Forgotten to the highest sequence dropped,
//  6. keep the results under the key, if there is one.
//
// Erase leaves nothing of an owner but [domain.Counters.Erased]. The package
// adapters/memory does just this in some two hundred lines.
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
