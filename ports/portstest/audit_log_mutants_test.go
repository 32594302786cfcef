package portstest

import (
	"cmp"
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestAuditMutants runs each rule over a sound log, which has to pass, and over
// logs that break the rule, which all have to fail.
func TestAuditMutants(t *testing.T) {
	var kills kills
	rules := append(slices.Clone(auditRules), closedAuditRule)
	for _, rule := range rules {
		t.Run(rule.sentence, func(t *testing.T) {
			if failure := auditVerdict(t, rule, func(sound *memory.AuditLog) ports.AuditLog { return sound }); failure != "" {
				t.Errorf("a sound log fails: %s", failure)
			}
			try(t, &kills, rule.sentence, auditMutants[rule.sentence], func(t *testing.T, mutant auditMutant) string {
				t.Helper()
				return auditVerdict(t, rule, mutant)
			})
		})
	}
	if len(auditMutants) != len(rules) {
		t.Errorf("there are mutants for %d rules, want %d", len(auditMutants), len(rules))
	}
	kills.print(t)
}

type auditMutant = func(sound *memory.AuditLog) ports.AuditLog

// auditMutants breaks the rules, each in several ways.
var auditMutants = map[string]map[string]auditMutant{
	"Record writes every member of each entry as it is": {
		"writes nothing":         auditEntries(func([]domain.AuditEntry) []domain.AuditEntry { return nil }),
		"writes the first alone": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry { return entries[:min(len(entries), 1)] }),
		"leaves out refusals": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			return slices.DeleteFunc(slices.Clone(entries), func(entry domain.AuditEntry) bool { return entry.Outcome != domain.AuditDone })
		}),
		"leaves out nobody": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			return slices.DeleteFunc(slices.Clone(entries), func(entry domain.AuditEntry) bool { return entry.Actor == "" })
		}),
		"drops the time":          auditChange(func(entry *domain.AuditEntry) { entry.At = time.Time{} }),
		"cuts times":              auditChange(func(entry *domain.AuditEntry) { entry.At = entry.At.Truncate(time.Millisecond) }),
		"writes local times":      auditChange(func(entry *domain.AuditEntry) { entry.At = entry.At.In(time.FixedZone("", 3600)) }),
		"drops the actor":         auditChange(func(entry *domain.AuditEntry) { entry.Actor = "" }),
		"drops the owner":         auditChange(func(entry *domain.AuditEntry) { entry.Owner = "" }),
		"takes actor for owner":   auditChange(func(entry *domain.AuditEntry) { entry.Owner = entry.Actor }),
		"drops the action":        auditChange(func(entry *domain.AuditEntry) { entry.Action = "" }),
		"drops the tasks":         auditChange(func(entry *domain.AuditEntry) { entry.Tasks = nil }),
		"sorts the tasks":         auditTasks(func(tasks []domain.TaskID) []domain.TaskID { return slices.Sorted(slices.Values(tasks)) }),
		"drops repeated tasks":    auditTasks(func(tasks []domain.TaskID) []domain.TaskID { return slices.Compact(tasks) }),
		"cuts the tasks":          auditTasks(func(tasks []domain.TaskID) []domain.TaskID { return tasks[:min(len(tasks), domain.MaxAuditTasks-1)] }),
		"cuts ids":                auditTasks(func(tasks []domain.TaskID) []domain.TaskID { tasks[0] = domain.TaskID(int32(tasks[0])); return tasks }),
		"makes doubles of ids":    auditTasks(func(tasks []domain.TaskID) []domain.TaskID { tasks[0] = domain.TaskID(float32(tasks[0])); return tasks }),
		"takes all for done":      auditChange(func(entry *domain.AuditEntry) { entry.Outcome = domain.AuditDone }),
		"drops the token's id":    auditChange(func(entry *domain.AuditEntry) { entry.TokenID = "" }),
		"drops the request's id":  auditChange(func(entry *domain.AuditEntry) { entry.RequestID = "" }),
		"takes token for request": auditChange(func(entry *domain.AuditEntry) { entry.TokenID = domain.TokenID(entry.RequestID) }),
		"makes up an actor":       auditChange(func(entry *domain.AuditEntry) { entry.Actor = cmp.Or(entry.Actor, "nobody") }),
		"makes up a task": auditChange(func(entry *domain.AuditEntry) {
			if len(entry.Tasks) == 0 {
				entry.Tasks = []domain.TaskID{0}
			}
		}),
	},
	"Any ids are kept as they are": {
		"trims ids":  auditIDs(strings.TrimSpace),
		"folds case": auditIDs(strings.ToUpper),
		"cuts ids":   auditIDs(func(id string) string { return id[:min(len(id), 255)] }),
		"drops what is no ASCII": auditIDs(func(id string) string {
			return strings.Map(func(r rune) rune {
				if r > 127 {
					return -1
				}
				return r
			}, id)
		}),
		"drops quotes": auditIDs(func(id string) string { return strings.NewReplacer(`"`, "", `\`, "", "'", "").Replace(id) }),
		"cuts lines":   auditIDs(func(id string) string { line, _, _ := strings.Cut(id, "\n"); return line }),
	},
	"Entries stand in the order in which they came, whatever their times are": {
		"sorts what came together": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			return slices.SortedStableFunc(slices.Values(entries), func(a, b domain.AuditEntry) int { return a.At.Compare(b.At) })
		}),
		"turns them around": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			entries = slices.Clone(entries)
			slices.Reverse(entries)
			return entries
		}),
		"lets time never go back": func(sound *memory.AuditLog) ports.AuditLog {
			var last time.Time
			return auditChange(func(entry *domain.AuditEntry) {
				if entry.At.Before(last) {
					entry.At = last
				}
				last = entry.At
			})(sound)
		},
	},
	"An entry that comes twice is there twice": {
		"drops what is there": func(sound *memory.AuditLog) ports.AuditLog {
			return auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
				return slices.DeleteFunc(slices.Clone(entries), func(entry domain.AuditEntry) bool {
					return slices.ContainsFunc(sound.Entries(), func(other domain.AuditEntry) bool { return sameEntry(entry, other) })
				})
			})(sound)
		},
		"drops repetitions": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			return slices.CompactFunc(slices.Clone(entries), sameEntry)
		}),
	},
	"To record no entries writes nothing": {
		"writes an empty one": auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
			if len(entries) == 0 {
				return make([]domain.AuditEntry, 1)
			}
			return entries
		}),
		"fails": func(sound *memory.AuditLog) ports.AuditLog {
			return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
				if len(entries) == 0 {
					return errors.New("nothing to write")
				}
				return sound.Record(ctx, entries...)
			})
		},
	},
	"What becomes of an entry after Record does not show": {
		"keeps what it was given": func(*memory.AuditLog) ports.AuditLog { return &auditKeeper{copied: slices.Clip[[]domain.AuditEntry]} },
		"copies the entries and not their tasks": func(*memory.AuditLog) ports.AuditLog {
			return &auditKeeper{copied: slices.Clone[[]domain.AuditEntry]}
		},
	},
	"What is recorded at the same time is all there, each entry whole": {
		"can do one at a time": func(sound *memory.AuditLog) ports.AuditLog {
			var inside atomic.Int32
			return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
				defer inside.Add(-1)
				if inside.Add(1) > 1 {
					return nil
				}
				runtime.Gosched()
				return sound.Record(ctx, entries...)
			})
		},
		"mixes entries": func(sound *memory.AuditLog) ports.AuditLog {
			var last atomic.Value
			return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
				last.Store(entries[0].Owner)
				runtime.Gosched()
				entries = slices.Clone(entries)
				for i := range entries {
					entries[i].Owner = last.Load().(domain.UserID)
				}
				return sound.Record(ctx, entries...)
			})
		},
	},
	"Record returns the context's error if the context has ended": {
		"ignores the context": auditEndless(func(error) error { return nil }),
		"gives the driver's error": auditEndless(func(err error) error {
			if err != nil {
				return errors.New("interrupted")
			}
			return nil
		}),
		"calls every end a cancellation": auditEndless(func(err error) error {
			if err != nil {
				return context.Canceled
			}
			return nil
		}),
	},
	"Nothing is written if the context has ended": {
		"writes before it looks at the context": auditEndless(func(err error) error { return err }),
		"writes the first": func(sound *memory.AuditLog) ports.AuditLog {
			return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
				return errors.Join(sound.Record(context.WithoutCancel(ctx), entries[0]), sound.Record(ctx, entries[1:]...), ctx.Err())
			})
		},
	},
	"A closed log answers with domain.Unavailable": {
		"writes all the same": func(*memory.AuditLog) ports.AuditLog { return memory.NewAuditLog() },
		"gives the driver's error": func(*memory.AuditLog) ports.AuditLog {
			return auditFunc(func(context.Context, ...domain.AuditEntry) error { return errors.New("database is closed") })
		},
		"does nothing": func(*memory.AuditLog) ports.AuditLog {
			return auditFunc(func(context.Context, ...domain.AuditEntry) error { return nil })
		},
	},
}

// auditVerdict gives what a rule says against the log that mutate makes of a
// sound one, which is closed for the rule of closed ones.
func auditVerdict(t *testing.T, rule auditRule, mutate auditMutant) string {
	t.Helper()
	sound := memory.NewAuditLog()
	mutant := mutate(sound)
	read := sound.Entries
	if reader, ok := mutant.(interface{ Entries() []domain.AuditEntry }); ok {
		read = reader.Entries
	}
	if rule.sentence == closedAuditRule.sentence {
		if err := sound.Close(); err != nil {
			t.Fatal(err)
		}
	}
	harness := AuditHarness{Log: mutant, Read: func(context.Context) ([]domain.AuditEntry, error) { return read(), nil }}
	return verdict(t, func(t reporter) { rule.check(t, harness) })
}

type auditFunc func(ctx context.Context, entries ...domain.AuditEntry) error

func (f auditFunc) Record(ctx context.Context, entries ...domain.AuditEntry) error {
	return f(ctx, entries...)
}

// auditEntries breaks what comes together.
func auditEntries(change func([]domain.AuditEntry) []domain.AuditEntry) auditMutant {
	return func(sound *memory.AuditLog) ports.AuditLog {
		return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
			return sound.Record(ctx, change(entries)...)
		})
	}
}

// auditChange breaks each entry.
func auditChange(change func(*domain.AuditEntry)) auditMutant {
	return auditEntries(func(entries []domain.AuditEntry) []domain.AuditEntry {
		entries = slices.Clone(entries)
		for i := range entries {
			change(&entries[i])
		}
		return entries
	})
}

// auditTasks breaks the tasks of each entry that has some.
func auditTasks(change func([]domain.TaskID) []domain.TaskID) auditMutant {
	return auditChange(func(entry *domain.AuditEntry) {
		if len(entry.Tasks) > 0 {
			entry.Tasks = change(slices.Clone(entry.Tasks))
		}
	})
}

// auditIDs breaks the ids of each entry.
func auditIDs(change func(string) string) auditMutant {
	return auditChange(func(entry *domain.AuditEntry) {
		entry.Actor = domain.UserID(change(string(entry.Actor)))
	})
}

// auditEndless writes whether the context has ended or not, and answers what is
// made of its end.
func auditEndless(answer func(end error) error) auditMutant {
	return func(sound *memory.AuditLog) ports.AuditLog {
		return auditFunc(func(ctx context.Context, entries ...domain.AuditEntry) error {
			return errors.Join(sound.Record(context.WithoutCancel(ctx), entries...), answer(ctx.Err()))
		})
	}
}

// auditKeeper keeps what it is given, as far as copied does not copy it.
type auditKeeper struct {
	copied func([]domain.AuditEntry) []domain.AuditEntry
	mu     sync.Mutex
	given  [][]domain.AuditEntry
}

func (k *auditKeeper) Record(_ context.Context, entries ...domain.AuditEntry) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.given = append(k.given, k.copied(entries))
	return nil
}

func (k *auditKeeper) Entries() []domain.AuditEntry {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Concat(k.given...)
}

func auditSentences() []string {
	sentences := []string{closedAuditRule.sentence}
	for _, rule := range auditRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}
