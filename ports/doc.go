// Package ports holds the interfaces through which Taskward reaches the
// world. To put Taskward on another engine, implement one of them, prove it
// with its suite in [github.com/taskward/taskward/ports/portstest] and name
// its constructor in one line of wiring. An interface's comment is all that it
// promises: each sentence is a rule that the suite checks under the same words.
//
// What follows is about [TaskRepository], the largest. Its code is that of the
// package's example, a whole store on a map.
//
// # What to keep
//
// Of each owner a store keeps three things, apart from every other owner's:
//
//   - the [domain.Counters], three numbers, which no delete takes back,
//   - a [domain.Task] by its id, be it live, in the trash or a tombstone,
//   - an answer by its [domain.OnceKey]: a [domain.Once] and the tasks that
//     were the results.
//
// An owner nobody has heard of has zero counters and nothing else. To read
// does not make them known, nor does an empty batch or one that fails.
//
// An owner's id has from 1 to [domain.MaxUserIDBytes] bytes: keys are compared
// byte for byte, not by a collation, not cut short and not folded. A
// [domain.OnceKey] has from 1 to [domain.MaxOnceKeyBytes]. These and all other
// texts are UTF-8 with anything but NUL in it. Of a Once the Request and the
// Until are kept beside the Key.
//
// # Tasks as rows
//
// A task has to come back the same, as == says. Its fields, what a row has of
// each, and the way back:
//
//   - Owner and ID: text and a number. Together they are the key.
//   - Title: Title.String, and [domain.RestoreTitle].
//   - Description: Description.Text, which tells an absent text, null, from an
//     empty one; [domain.RestoreDescription] for one that is present.
//   - Completed: a boolean.
//   - Priority: Priority.String, and [domain.ParsePriority].
//   - Tags: Tags.Names, in their order, and [domain.RestoreTags].
//   - Due: Due.Date and Due.Zone, both text as it was written, empty for none;
//     [domain.ParseDueDate] unless it is empty, [domain.RestoreZone] and
//     [domain.NewDue].
//   - Position: Position.String, and [domain.ParsePosition]. It sorts byte for
//     byte.
//   - CompletedAt, CreatedAt, UpdatedAt, DeletedAt: moments in UTC and whole
//     microseconds, as [domain.Moment] makes them of what an engine gives. Each
//     may be zero, which is not 1970.
//   - Sequence: a number, which no other task of the owner has, be it live, in
//     the trash or a tombstone.
//
// A tombstone has nothing but its owner, id, sequence and DeletedAt: of a row
// with a DeletedAt and without a title there is nothing to restore.
//
// A row that cannot be restored is the store's mistake and not that of who
// asks. Tell it with an error of your own that does not wrap the parser's: that
// one is [domain.Invalid], and would be answered as if the request had been.
//
// # Reads
//
// From all of an owner's tasks, in any order, [domain.TaskQuery.Page] answers
// List, [domain.TrashQuery.Page] answers Trash and [domain.NewFeed] answers
// Changes. A store that has better ways to filter and sort has to give the same
// answers; [domain.TaskQuery.Bookmark] and [domain.FeedOf] help. The counters
// have to be as of the tasks: read both in one transaction.
//
//	func (s *store) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
//		mine, err := s.read(ctx, owner)
//		if err != nil {
//			return domain.TaskPage{}, err
//		}
//		return query.Page(mine.all(), mine.counters.Sequence), nil
//	}
//
// Get is the one that has to look for itself whether a task is live.
//
// The times of batches may go back, sequences do not: the trash and the changes
// are in the order of the latter. A mark is what a client has sent, so its
// sequence may be any number from 0 up.
//
// # Changes
//
// Apply makes all changes of a [domain.Batch] or none. What each change does is
// in domain: [domain.Batch.Play] works it out from the owner's counters and
// [domain.Holdings], which give a task by its id, live or not, and, with
// [domain.Nearest] if need be, the positions right below and above one, for
// which Play asks only where a task is put before or behind another. A store
// only has to do this, within one transaction of its own that lets no other
// Apply of this owner in between what it reads and what it writes:
//
//	func (l *ledger) apply(owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
//		// Who sends a batch with a key again gets what it came to.
//		once, keyed := batch.OnlyOnce().Get()
//		if given, known := l.answers[once.Key]; keyed && known && given.once.Until.After(batch.At()) {
//			if err := given.once.Matches(once.Request); err != nil {
//				return nil, err
//			}
//			return slices.Clone(given.results), nil
//		}
//		effects, err := batch.Play(owner, l.counters, l)
//		if err != nil {
//			return nil, err
//		}
//		l.counters = effects.Counters
//		for _, task := range effects.Saved {
//			l.put(task)
//		}
//		// A delete makes room: what is over in the trash goes for good.
//		if batch.Deletes() {
//			l.forget(batch.TrashOver())
//		}
//		// Keep what the key says, and make room: drop answers whose keys are free.
//		if keyed && len(effects.Results) > 0 {
//			l.answer(answer{once, once.Kept(effects.Results)}, batch.At())
//		}
//		return effects.Results, nil
//	}
//
// Where the batch deletes the store forgets: it drops what is not live and was
// deleted at TrashOver or earlier, tombstones too, at least a hundred at a time,
// and tells so in the counters, or those who follow changes would miss it:
//
//	func (l *ledger) forget(over time.Time) {
//		for id, task := range l.tasks {
//			if !task.IsLive() && !task.DeletedAt.After(over) {
//				l.counters.Forgotten = max(l.counters.Forgotten, task.Sequence)
//				delete(l.tasks, id)
//			}
//		}
//	}
//
// Erase leaves nothing of a known owner but [domain.Counters.Erased].
//
// Where the counters are what they were, nothing has happened and nothing needs
// to be written; and where a commit fails, nothing has happened either.
//
// A store never reads a clock and makes nothing up: times, ids and sequences
// come with the batch and from Play.
//
// # Errors
//
// What goes wrong is told so:
//
//   - A store that is closed, or that cannot be reached, answers
//     [domain.ErrUnavailable], with the engine's error in Because for the log.
//   - A context that has ended answers its own error, wrapped or as it is.
//     Look at it when the transaction has begun, for that may have waited long.
//     Of a closed store and an ended context either may be told.
//   - What Play, Matches and NewFeed say is returned as it is.
//   - Anything else is for the log: wrap it with %w, but for what a parser has
//     said of a row.
//
// With any error nothing has happened, and there are no results.
//
// # Prove it
//
// The suite may be given one store for all rules, and one that has been used
// before. Closed, and Twice for two handles on one store as two processes have
// them, add the rules that not every store can have; leave out Twice where the
// engine locks its file.
//
//	func TestTasks(t *testing.T) {
//		portstest.TestTaskRepository(t,
//			func(t *testing.T) ports.TaskRepository { return open(t) },
//			portstest.Closed(func(t *testing.T) ports.TaskRepository {
//				store := open(t)
//				if err := store.Close(); err != nil {
//					t.Fatal(err)
//				}
//				return store
//			}),
//		)
//	}
//
// A rule that fails prints its sentence.
//
// # Wire it
//
// A main of your own names what opens the store, a
// func(context.Context) (ports.TaskRepository, error):
//
//	func main() {
//		os.Exit(bootstrap.Run(bootstrap.Use[ports.TaskRepository](boltstore.At(os.Getenv("TASKS_FILE")))))
//	}
//
// It stands in place of the shipped adapter, which then does not open
// DATABASE_URL. Its settings are yours: names that begin with TASKWARD_ or
// BETTER_AUTH_ are not free. A mistake in wiring stops the start with a line
// that names where it was made.
//
// Three methods more are used where a store has them: Close() error when the
// service stops, Ping(context.Context) error for /readyz, and those of [Owners]
// for the command sweep. The last has a suite of its own.
//
// Taskward's repository has such an adapter, with its own module and main:
// bootstrap/testdata/boltstore.
//
// # Other ports
//
// [TokenVerifier] decides whom a token speaks for, [UserDirectory] knows the
// users, and [Wakeups] carries hints between processes. [Revocations] and
// [SessionLookup] know which tokens have ended, and are asked for where the
// setting TASKWARD_REVOCATION says so; [RateLimiter] counts requests where
// TASKWARD_RATE_LIMIT is set. [AuditLog] is told who did what, where there is
// one: Use is enough. All are written, proved and wired the same way.
// [KeySource] has public keys for the shipped verifier, and is not wired. The
// package portstest has an entry for each, with what it has to be given.
package ports
