package portstest

import (
	"bytes"
	"context"
	"errors"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/taskward/taskward/adapters/memory"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestUserMutants runs each rule over a sound directory, which has to pass,
// and over directories that break the rule, which all have to fail.
func TestUserMutants(t *testing.T) {
	var kills kills
	for _, rule := range userRules {
		t.Run(rule.sentence, func(t *testing.T) {
			if failure := userVerdict(t, rule, func(s userStage) ports.UserDirectory { return s.sound }); failure != "" {
				t.Errorf("a sound directory fails: %s", failure)
			}
			try(t, &kills, rule.sentence, userMutants[rule.sentence], func(t *testing.T, mutant userMutant) string {
				t.Helper()
				return userVerdict(t, rule, mutant)
			})
		})
	}
	if len(userMutants) != len(userRules) {
		t.Errorf("there are mutants for %d rules, want %d", len(userMutants), len(userRules))
	}
	kills.print(t)
}

// userStage is what a mutant is made of: a sound directory, and all users that
// were ever put into it.
type userStage struct {
	sound ports.UserDirectory
	seen  *[]domain.User
}

type userMutant = func(userStage) ports.UserDirectory

// userMutants breaks the rules, each in several ways.
var userMutants = map[string]map[string]userMutant{
	"Get returns the user with every field as the directory has it": {
		"drops the id":       userChange(func(user *domain.User) { user.ID = "" }),
		"drops the email":    userChange(func(user *domain.User) { user.Email = domain.Email{} }),
		"drops the name":     userChange(func(user *domain.User) { user.Name = "" }),
		"drops the creation": userChange(func(user *domain.User) { user.CreatedAt = time.Time{} }),
		"drops the update":   userChange(func(user *domain.User) { user.UpdatedAt = time.Time{} }),
		"swaps the times":    userChange(func(user *domain.User) { user.CreatedAt, user.UpdatedAt = user.UpdatedAt, user.CreatedAt }),
		"cuts times":         userChange(func(user *domain.User) { user.CreatedAt = user.CreatedAt.Truncate(time.Millisecond) }),
		"gives local times":  userChange(func(user *domain.User) { user.UpdatedAt = user.UpdatedAt.In(time.FixedZone("", 3600)) }),
		"trims names":        userChange(func(user *domain.User) { user.Name = strings.TrimSpace(user.Name) }),
		"cuts names":         userChange(func(user *domain.User) { user.Name = user.Name[:min(len(user.Name), 255)] }),
		"drops a tag":        userChange(func(user *domain.User) { user.Email = userEmail(strings.Replace(user.Email.String(), "+tag", "", 1)) }),
		"drops what is no ASCII": userChange(func(user *domain.User) {
			user.Name = strings.Map(func(r rune) rune {
				if r > unicode.MaxASCII {
					return -1
				}
				return r
			}, user.Name)
		}),
	},
	"What the directory does not know of a user is zero": {
		"makes up a name": userChange(func(user *domain.User) {
			if user.Name == "" {
				user.Name = string(user.ID)
			}
		}),
		"makes up an email": userChange(func(user *domain.User) {
			if user.Email == (domain.Email{}) {
				user.Email = userEmail("nobody@example.test")
			}
		}),
		"fails without an email": userAfter(func(user domain.User, err error) (domain.User, error) {
			if err == nil && user.Email == (domain.Email{}) {
				return domain.User{}, domain.Invalidity(domain.Violation{Field: "email", Detail: "must be a mail address"})
			}
			return user, err
		}),
		"knows nobody without a name": userAfter(func(user domain.User, err error) (domain.User, error) {
			if err == nil && user.Name == "" {
				return domain.User{}, domain.ErrUserNotFound
			}
			return user, err
		}),
	},
	"Get returns the user as they are now": {
		"remembers what it read": userRemembering(func(err error) bool { return err == nil }),
		"forgets what it knew": func(s userStage) ports.UserDirectory {
			var asked notes[domain.UserID, bool]
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				if again, _ := asked.get(id); again {
					return domain.User{}, domain.ErrUserNotFound
				}
				asked.put(id, true)
				return s.sound.Get(ctx, id)
			})
		},
	},
	"Get returns domain.ErrUserNotFound for an id that nobody has": {
		"makes up users": userFailing(func(error) error { return nil }),
		"gives the driver's error": userFailing(func(error) error {
			return errors.New("no rows in result set")
		}),
		"is unavailable for them": userFailing(func(error) error { return domain.ErrUnavailable }),
		"finds users by email": userFinding(func(id domain.UserID, user domain.User) bool {
			return string(id) == user.Email.String()
		}),
		"finds users by name": userFinding(func(id domain.UserID, user domain.User) bool { return string(id) == user.Name }),
		"reads ids up to NUL": userBefore(func(id domain.UserID) domain.UserID {
			text, _, _ := strings.Cut(string(id), "\x00")
			return domain.UserID(text)
		}),
		"drops what is no text": userBefore(func(id domain.UserID) domain.UserID {
			return domain.UserID(strings.ToValidUTF8(string(id), ""))
		}),
		"panics over what is no text": userBefore(func(id domain.UserID) domain.UserID {
			if !utf8.ValidString(string(id)) {
				panic("not that")
			}
			return id
		}),
		"panics over long ids": userBefore(func(id domain.UserID) domain.UserID {
			if len(id) > 1<<16 {
				panic("not that")
			}
			return id
		}),
		"refuses the empty id": func(s userStage) ports.UserDirectory {
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				if _, err := domain.ParseUserID(string(id)); err != nil {
					return domain.User{}, err
				}
				return s.sound.Get(ctx, id)
			})
		},
		"gives somebody along with the error": userAfter(func(user domain.User, err error) (domain.User, error) {
			if err != nil {
				user.Name = "Nobody"
			}
			return user, err
		}),
	},
	"Get returns domain.ErrUserNotFound for a user who was removed": {
		"remembers what it read": userRemembering(func(err error) bool { return err == nil }),
	},
	"Ids are compared byte for byte": {
		"folds case":      userLike(bytes.EqualFold),
		"trims ids":       userLike(func(a, b []byte) bool { return bytes.Equal(bytes.TrimSpace(a), bytes.TrimSpace(b)) }),
		"cuts ids":        userLike(func(a, b []byte) bool { return bytes.Equal(a[:min(len(a), 255)], b[:min(len(b), 255)]) }),
		"compares starts": userLike(bytes.HasPrefix),
		"compares wildly": userLike(func(a, b []byte) bool { return bytes.HasSuffix(b, []byte("%")) && bytes.HasPrefix(a, b[:len(b)-1]) }),
	},
	"Get returns the context's error if the context has ended": {
		"ignores the context": func(s userStage) ports.UserDirectory {
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				return s.sound.Get(context.WithoutCancel(ctx), id)
			})
		},
		"looks up before it looks at the context": func(s userStage) ports.UserDirectory {
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				user, err := s.sound.Get(context.WithoutCancel(ctx), id)
				if err == nil {
					err = ctx.Err()
				}
				return user, err
			})
		},
		"gives the driver's error":          userFailing(func(error) error { return errors.New("interrupted") }),
		"is unavailable":                    userFailing(func(error) error { return domain.ErrUnavailable }),
		"calls every end a cancellation":    userFailing(func(error) error { return context.Canceled }),
		"answers for the empty id at once":  userAtOnce(""),
		"answers for unknown ids with that": userFailing(func(error) error { return domain.ErrUserNotFound }),
	},
	"A closed directory answers with domain.Unavailable": {
		"answers all the same": func(userStage) ports.UserDirectory {
			return memory.NewUsers(domain.User{ID: "somebody"}, domain.User{ID: ""})
		},
		"gives the driver's error": userFailing(func(error) error { return errors.New("database is closed") }),
		"has nobody in it":         userFailing(func(error) error { return domain.ErrUserNotFound }),
		"answers for the empty id": userAtOnce(""),
	},
	"Users are looked up concurrently": {
		"can do one at a time": func(s userStage) ports.UserDirectory {
			var inside atomic.Int32
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				defer inside.Add(-1)
				if inside.Add(1) > 1 {
					return domain.User{}, domain.ErrUnavailable
				}
				runtime.Gosched()
				return s.sound.Get(ctx, id)
			})
		},
		"keeps the user where others overwrite it": func(s userStage) ports.UserDirectory {
			var last atomic.Value
			return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
				user, err := s.sound.Get(ctx, id)
				if err != nil {
					return user, err
				}
				last.Store(user)
				runtime.Gosched()
				return last.Load().(domain.User), nil
			})
		},
	},
}

// userVerdict gives what a rule says against the directories that mutate makes
// of sound ones, open and closed.
func userVerdict(t *testing.T, rule userRule, mutate userMutant) string {
	t.Helper()
	var seen []domain.User
	users, closed := memory.NewUsers(), memory.NewUsers()
	if err := closed.Close(); err != nil {
		t.Fatal(err)
	}
	harness := UserHarness{
		Directory: mutate(userStage{users, &seen}),
		Put: func(_ context.Context, user domain.User) error {
			seen = append(seen, user)
			users.Put(user)
			return nil
		},
		Remove: func(_ context.Context, id domain.UserID) error {
			users.Remove(id)
			return nil
		},
		Closed: mutate(userStage{closed, &seen}),
	}
	return verdict(t, func(t reporter) { rule.check(t, harness) })
}

type userFunc func(context.Context, domain.UserID) (domain.User, error)

func (f userFunc) Get(ctx context.Context, id domain.UserID) (domain.User, error) { return f(ctx, id) }

// userBefore breaks what is asked for.
func userBefore(change func(domain.UserID) domain.UserID) userMutant {
	return func(s userStage) ports.UserDirectory {
		return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
			return s.sound.Get(ctx, change(id))
		})
	}
}

// userAfter breaks what is answered.
func userAfter(change func(domain.User, error) (domain.User, error)) userMutant {
	return func(s userStage) ports.UserDirectory {
		return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
			return change(s.sound.Get(ctx, id))
		})
	}
}

// userChange breaks the users that are found.
func userChange(change func(*domain.User)) userMutant {
	return userAfter(func(user domain.User, err error) (domain.User, error) {
		if err == nil {
			change(&user)
		}
		return user, err
	})
}

// userFailing answers every error with another.
func userFailing(change func(error) error) userMutant {
	return userAfter(func(user domain.User, err error) (domain.User, error) {
		if err != nil {
			err = change(err)
		}
		return user, err
	})
}

// userFinding finds users also by something else.
func userFinding(is func(asked domain.UserID, user domain.User) bool) userMutant {
	return func(s userStage) ports.UserDirectory {
		return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
			user, err := s.sound.Get(ctx, id)
			if err == nil {
				return user, nil
			}
			for _, other := range *s.seen {
				if is(id, other) {
					return other, nil
				}
			}
			return user, err
		})
	}
}

// userLike takes alike ids for the same.
func userLike(alike func(here, asked []byte) bool) userMutant {
	return userFinding(func(asked domain.UserID, user domain.User) bool { return alike([]byte(user.ID), []byte(asked)) })
}

// userRemembering answers what it answered first, if keep says so.
func userRemembering(keep func(error) bool) userMutant {
	return func(s userStage) ports.UserDirectory {
		var remembered notes[domain.UserID, domain.User]
		return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
			if user, known := remembered.get(id); known {
				return user, nil
			}
			user, err := s.sound.Get(ctx, id)
			if keep(err) {
				remembered.put(id, user)
			}
			return user, err
		})
	}
}

// userAtOnce answers for one id without looking.
func userAtOnce(at domain.UserID) userMutant {
	return func(s userStage) ports.UserDirectory {
		return userFunc(func(ctx context.Context, id domain.UserID) (domain.User, error) {
			if id == at {
				return domain.User{}, domain.ErrUserNotFound
			}
			return s.sound.Get(ctx, id)
		})
	}
}

func userEmail(text string) domain.Email {
	email, err := domain.ParseEmail(text)
	if err != nil {
		panic(err)
	}
	return email
}

func userDirectorySentences() []string {
	var sentences []string
	for _, rule := range userRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}
