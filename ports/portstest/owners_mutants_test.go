package portstest

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestOwnersMutants runs each rule over sound owners, which have to pass, and
// over such as break the rule, which all have to fail.
func TestOwnersMutants(t *testing.T) {
	var kills kills
	left := maps.Clone(ownersMutants)
	for _, rule := range append(slices.Clone(ownersRules), closedOwnersRule) {
		t.Run(rule.sentence, func(t *testing.T) {
			if failure := ownersVerdict(t, rule, func(s ownersStage) ports.Owners { return s.sound }); failure != "" {
				t.Errorf("sound owners fail: %s", failure)
			}
			try(t, &kills, rule.sentence, left[rule.sentence], func(t *testing.T, mutant ownersMutant) string {
				t.Helper()
				return ownersVerdict(t, rule, mutant)
			})
		})
		delete(left, rule.sentence)
	}
	for sentence := range left {
		t.Errorf("mutants break the rule %q, which does not exist", sentence)
	}
	kills.print(t)
}

// ownersStage is what a mutant is made of: a sound store, and everybody whom
// it was asked for.
type ownersStage struct {
	sound *memory.Tasks
	asked *notes[domain.UserID, bool]
}

type ownersMutant = func(ownersStage) ports.Owners

// ownersVerdict gives what a rule says against the owners that mutate makes of
// a sound store. It is full, and closed where the rule is about that.
func ownersVerdict(t *testing.T, rule ownersRule, mutate ownersMutant) string {
	t.Helper()
	stage := ownersStage{memory.NewTasks(), &notes[domain.UserID, bool]{}}
	for _, somebody := range []domain.UserID{"0", "Owner-", "Owner-Z", "~", "🙂"} {
		newFamily(&recorder{ctx: t.Context()}, stage.sound, stage.sound).member("").create("task")
		scene{&recorder{ctx: t.Context()}, stage.sound, somebody}.create("task")
	}
	if rule.sentence == closedOwnersRule.sentence {
		_ = stage.sound.Close() // never fails
	}
	tasks := noting{stage.sound, stage.asked}
	return verdict(t, func(t reporter) { rule.check(t, mutate(stage), tasks) })
}

// noting is a repository that notes whom it was asked for.
type noting struct {
	ports.TaskRepository
	asked *notes[domain.UserID, bool]
}

func (n noting) List(ctx context.Context, owner domain.UserID, query domain.TaskQuery) (domain.TaskPage, error) {
	n.asked.put(owner, true)
	return n.TaskRepository.List(ctx, owner, query)
}

func (n noting) Apply(ctx context.Context, owner domain.UserID, batch domain.Batch) ([]domain.Task, error) {
	n.asked.put(owner, true)
	return n.TaskRepository.Apply(ctx, owner, batch)
}

func (n noting) Erase(ctx context.Context, owner domain.UserID) error {
	n.asked.put(owner, true)
	return n.TaskRepository.Erase(ctx, owner)
}

// ownersMutants breaks the rules, each in several ways.
var ownersMutants = map[string]map[string]ownersMutant{
	"Owners returns everybody who has ever had a task": {
		"those without a live task are left out": ownersWith(func(s ownersStage, owner domain.UserID) bool {
			page, err := s.sound.List(context.Background(), owner, domain.TaskQuery{Limit: 1})
			return err == nil && len(page.Tasks) > 0
		}),
		"those without a task in any state are left out": ownersWith(func(s ownersStage, owner domain.UserID) bool {
			feed, err := s.sound.Changes(context.Background(), owner, domain.Mark{}, 1)
			return err == nil && len(feed.Tasks) > 0
		}),
		"those without pending tasks are left out": ownersWith(func(s ownersStage, owner domain.UserID) bool {
			page, err := s.sound.List(context.Background(), owner, domain.TaskQuery{Limit: 1, Completed: domain.Some(true)})
			return err == nil && len(page.Tasks) == 0
		}),
		"nobody is there": ownersWith(func(ownersStage, domain.UserID) bool { return false }),
	},
	"Owners returns nobody who has not": {
		"all who ever asked are there": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				found, err := s.sound.Owners(ctx, after, 1000)
				if err != nil {
					return nil, err
				}
				for owner := range s.asked.kept {
					if owner > after && !slices.Contains(found, owner) {
						found = append(found, owner)
					}
				}
				slices.Sort(found)
				return found[:min(limit, len(found))], nil
			})
		},
		"somebody is made up": ownersAfter(func(after domain.UserID, found []domain.UserID) []domain.UserID {
			return append([]domain.UserID{after + "\x01"}, found...)
		}),
	},
	"Each comes once": {
		"each comes once a task": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				var repeated []domain.UserID
				found, err := s.sound.Owners(ctx, after, limit)
				for _, owner := range found {
					counters, stateErr := s.sound.State(ctx, owner)
					repeated = append(repeated, slices.Repeat([]domain.UserID{owner}, int(counters.LastTaskID))...)
					err = cmp.Or(err, stateErr)
				}
				return repeated[:min(limit, len(repeated))], err
			})
		},
		"the first comes twice": ownersAfter(func(_ domain.UserID, found []domain.UserID) []domain.UserID {
			return append(slices.Clone(found[:min(1, len(found))]), found...)
		}),
	},
	"They come in the order of their ids, byte for byte": {
		"case does not matter": ownersSorted(func(a, b string) int {
			return cmp.Or(strings.Compare(strings.ToLower(a), strings.ToLower(b)), strings.Compare(a, b))
		}),
		"punctuation does not matter": ownersSorted(func(a, b string) int {
			letters := func(text string) string {
				return strings.NewReplacer("-", "", "'", "", "!", "", "_", "", " ", "").Replace(text)
			}
			return cmp.Or(strings.Compare(letters(a), letters(b)), strings.Compare(a, b))
		}),
		"accents do not matter": ownersSorted(func(a, b string) int {
			return cmp.Or(strings.Compare(domain.Fold(a), domain.Fold(b)), strings.Compare(a, b))
		}),
		"UTF-16 is compared":      ownersSorted(func(a, b string) int { return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b))) }),
		"shorter ones come first": ownersSorted(func(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b)) }),
		"bytes are signed": ownersSorted(func(a, b string) int {
			return slices.CompareFunc([]byte(a), []byte(b), func(a, b byte) int { return cmp.Compare(int8(a), int8(b)) })
		}),
		"the last comes first": ownersSorted(func(a, b string) int { return strings.Compare(b, a) }),
	},
	"Only those behind after come": {
		"after comes, too": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				found, err := s.sound.Owners(ctx, after, limit)
				if state, stateErr := s.sound.State(ctx, after); stateErr == nil && state != (domain.Counters{}) {
					found = append([]domain.UserID{after}, found...)
				}
				return found[:min(limit, len(found))], err
			})
		},
		"after does not matter": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, _ domain.UserID, limit int) ([]domain.UserID, error) {
				return s.sound.Owners(ctx, "", limit)
			})
		},
		"after has to be there": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				if state, err := s.sound.State(ctx, after); err != nil || state == (domain.Counters{}) {
					return nil, err
				}
				return s.sound.Owners(ctx, after, limit)
			})
		},
		"whoever begins as after does is left out": ownersAfter(func(after domain.UserID, found []domain.UserID) []domain.UserID {
			return slices.DeleteFunc(found, func(owner domain.UserID) bool { return strings.HasPrefix(string(owner), string(after)) })
		}),
		"who is found stays so": func(s ownersStage) ports.Owners {
			var known notes[domain.UserID, []domain.UserID]
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				if found, ok := known.get(after); ok {
					return found, nil
				}
				found, err := s.sound.Owners(ctx, after, limit)
				known.put(after, found)
				return found, err
			})
		},
	},
	"At most limit come at a time": {
		"all come":       limiting(func(int) int { return 1000 }),
		"one more comes": limiting(func(limit int) int { return limit + 1 }),
		"one less comes": limiting(func(limit int) int { return limit - 1 }),
		"three at most":  limiting(func(limit int) int { return min(3, limit) }),
		"none means all": limiting(func(limit int) int { return cmp.Or(limit, 1000) }),
	},
	"Owners returns the context's error if the context has ended": {
		"the context does not matter": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				return s.sound.Owners(context.WithoutCancel(ctx), after, limit)
			})
		},
		"the driver's error comes":      ownersFailing(errors.New("interrupted")),
		"the store is unavailable":      ownersFailing(domain.ErrUnavailable),
		"every end counts as cancelled": ownersFailing(context.Canceled),
		"some come in spite of the error": func(s ownersStage) ports.Owners {
			return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
				found, _ := s.sound.Owners(context.WithoutCancel(ctx), after, limit)
				return found, ctx.Err()
			})
		},
	},
	closedOwnersRule.sentence: {
		"a closed store has nobody":               func(ownersStage) ports.Owners { return memory.NewTasks() },
		"a closed store gives the driver's error": ownersFailing(errors.New("database is closed")),
	},
}

type ownersFunc func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error)

func (f ownersFunc) Owners(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
	return f(ctx, after, limit)
}

// ownersWith leaves out those who do not match.
func ownersWith(match func(s ownersStage, owner domain.UserID) bool) ownersMutant {
	return func(s ownersStage) ports.Owners {
		return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
			found, err := s.sound.Owners(ctx, after, limit)
			return slices.DeleteFunc(found, func(owner domain.UserID) bool { return !match(s, owner) }), err
		})
	}
}

// ownersAfter breaks what is answered.
func ownersAfter(change func(after domain.UserID, found []domain.UserID) []domain.UserID) ownersMutant {
	return func(s ownersStage) ports.Owners {
		return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
			found, err := s.sound.Owners(ctx, after, limit)
			if err != nil {
				return nil, err
			}
			found = change(after, found)
			return found[:min(limit, len(found))], nil
		})
	}
}

// ownersSorted has another order, also for what is behind after.
func ownersSorted(compare func(a, b string) int) ownersMutant {
	return func(s ownersStage) ports.Owners {
		return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
			found, err := s.sound.Owners(ctx, "", 1000)
			found = slices.DeleteFunc(found, func(owner domain.UserID) bool { return compare(string(owner), string(after)) <= 0 })
			slices.SortFunc(found, func(a, b domain.UserID) int { return compare(string(a), string(b)) })
			return found[:min(limit, len(found))], err
		})
	}
}

// limiting has another limit.
func limiting(change func(limit int) int) ownersMutant {
	return func(s ownersStage) ports.Owners {
		return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
			return s.sound.Owners(ctx, after, change(limit))
		})
	}
}

// ownersFailing answers every error with another.
func ownersFailing(as error) ownersMutant {
	return func(s ownersStage) ports.Owners {
		return ownersFunc(func(ctx context.Context, after domain.UserID, limit int) ([]domain.UserID, error) {
			found, err := s.sound.Owners(ctx, after, limit)
			if err != nil {
				return nil, as
			}
			return found, nil
		})
	}
}
