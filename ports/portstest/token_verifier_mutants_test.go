package portstest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestVerifierMutants runs each rule over a sound verifier, which has to pass,
// and over verifiers that break the rule, which all have to fail.
func TestVerifierMutants(t *testing.T) {
	var kills kills
	for _, rule := range verifierRules {
		t.Run(rule.sentence, func(t *testing.T) {
			if failure := verifierVerdict(t, rule, func(b *tokenBook) ports.TokenVerifier { return b }); failure != "" {
				t.Errorf("a sound verifier fails: %s", failure)
			}
			try(t, &kills, rule.sentence, verifierMutants[rule.sentence], func(t *testing.T, mutant verifierMutant) string {
				t.Helper()
				return verifierVerdict(t, rule, mutant)
			})
		})
	}
	if len(verifierMutants) != len(verifierRules) {
		t.Errorf("there are mutants for %d rules, want %d", len(verifierMutants), len(verifierRules))
	}
	kills.print(t)
}

type verifierMutant = func(*tokenBook) ports.TokenVerifier

// verifierMutants breaks the rules, each in several ways.
var verifierMutants = map[string]map[string]verifierMutant{
	"Verify returns the context of the token's subject, authenticated, with the token's email and expiry": {
		"authenticates nobody": verifierAfter(func(_ *tokenBook, _ string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			return domain.AuthenticatedUserContext{}, err
		}),
		"folds the subject's case": verifierChange(func(user *domain.User, _ *time.Time) {
			user.ID = domain.UserID(strings.ToLower(string(user.ID)))
		}),
		"trims the subject": verifierChange(func(user *domain.User, _ *time.Time) {
			user.ID = domain.UserID(strings.TrimSpace(string(user.ID)))
		}),
		"takes the email for the subject": verifierChange(func(user *domain.User, _ *time.Time) {
			if user.Email != (domain.Email{}) {
				user.ID = domain.UserID(user.Email.String())
			}
		}),
		"drops the email": verifierChange(func(user *domain.User, _ *time.Time) { user.Email = domain.Email{} }),
		"drops the expiry": verifierChange(func(_ *domain.User, expiresAt *time.Time) {
			*expiresAt = time.Time{}
		}),
		"rounds the expiry": verifierChange(func(_ *domain.User, expiresAt *time.Time) {
			*expiresAt = expiresAt.Truncate(time.Minute)
		}),
		"refuses users without an email": verifierAfter(func(_ *tokenBook, _ string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			if got.Email() == (domain.Email{}) {
				return domain.AuthenticatedUserContext{}, domain.ErrNotAuthenticated
			}
			return got, err
		}),
	},
	"It refuses what it does not accept with domain.Unauthenticated, a code that names the mistake and a context that authenticates nobody": {
		"answers nil": verifierRefuse(func(error) error { return nil }),
		"forgets that it is a refusal": verifierRefuse(func(err error) error {
			return errors.New(err.Error())
		}),
		"calls it invalid input": verifierRefuse(func(err error) error {
			return &domain.Error{Kind: domain.Invalid, Code: verifierCode(err), Detail: "No."}
		}),
		"has one code for all": verifierRefuse(func(error) error { return domain.ErrNotAuthenticated }),
		"explains nothing": verifierRefuse(func(err error) error {
			return &domain.Error{Kind: domain.Unauthenticated, Code: verifierCode(err)}
		}),
		"refuses and lets in": verifierAfter(func(b *tokenBook, token string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			if page, ok := b.pages[token]; ok {
				got, _ = domain.Authenticate(page.user, domain.Session{UserID: page.user.ID, ExpiresAt: page.expiresAt})
			}
			return got, err
		}),
		"trims white space": verifierBefore(strings.TrimSpace),
		"ignores what follows": verifierBefore(func(token string) string {
			return token[:min(len(token), tokenBookLength)]
		}),
		"does not look at the end": func(b *tokenBook) ports.TokenVerifier {
			return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
				for whole := range b.pages {
					if len(token) >= len(whole)-16 && strings.HasPrefix(whole, token[:len(whole)-16]) {
						token = whole
					}
				}
				return b.Verify(ctx, token)
			})
		},
	},
	"A token ceases to be accepted at its expiry": {
		"never looks at the clock": verifierAt(func(time.Time) time.Time { return time.Time{} }),
		"gives a second's grace":   verifierAt(func(now time.Time) time.Time { return now.Add(-time.Second) }),
		"accepts it at its expiry": verifierAt(func(now time.Time) time.Time { return now.Add(-time.Microsecond) }),
		"refuses it too early":     verifierAt(func(now time.Time) time.Time { return now.Add(time.Second) }),
		"remembers what it accepted": func(b *tokenBook) ports.TokenVerifier {
			var remembered sync.Map
			return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
				if got, ok := remembered.Load(token); ok {
					return got.(domain.AuthenticatedUserContext), nil
				}
				got, err := b.Verify(ctx, token)
				if err == nil {
					remembered.Store(token, got)
				}
				return got, err
			})
		},
	},
	"A refusal never repeats the token": {
		"quotes it to whoever asks": verifierAfter(func(_ *tokenBook, token string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			if err != nil {
				err = &domain.Error{Kind: domain.Unauthenticated, Code: verifierCode(err), Detail: "I do not know " + token}
			}
			return got, err
		}),
		"quotes it in the log": verifierAfter(func(_ *tokenBook, token string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			if err != nil {
				err = fmt.Errorf("token %s: %w", token, err)
			}
			return got, err
		}),
		"quotes a part of it": verifierAfter(func(_ *tokenBook, token string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
			if _, last, two := strings.Cut(token, "."); err != nil && two {
				err = domain.ErrNotAuthenticated.Because(errors.New(last))
			}
			return got, err
		}),
	},
	"Any text at all is answered without a panic": {
		"panics without a token":     verifierPanic(func(token string) bool { return token == "" }),
		"panics without three parts": verifierPanic(func(token string) bool { return len(strings.Split(token, ".")) < 2 }),
		"panics over other bytes":    verifierPanic(func(token string) bool { return !utf8.ValidString(token) }),
		"panics over long tokens":    verifierPanic(func(token string) bool { return len(token) > 1<<16 }),
		"takes any text":             verifierRefuse(func(error) error { return nil }),
	},
	"Tokens are verified concurrently": {
		"can do one at a time": func(b *tokenBook) ports.TokenVerifier {
			var inside atomic.Int32
			return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
				defer inside.Add(-1)
				if inside.Add(1) > 1 {
					return domain.AuthenticatedUserContext{}, domain.ErrNotAuthenticated
				}
				runtime.Gosched()
				return b.Verify(ctx, token)
			})
		},
		"keeps the user where others overwrite it": func(b *tokenBook) ports.TokenVerifier {
			var last atomic.Value
			return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
				got, err := b.Verify(ctx, token)
				if err != nil {
					return got, err
				}
				last.Store(got)
				runtime.Gosched()
				return last.Load().(domain.AuthenticatedUserContext), nil
			})
		},
	},
}

// tokenBook is a sound verifier that has every token written down.
type tokenBook struct {
	now   func() time.Time
	clock time.Time
	pages map[string]tokenPage
}

type tokenPage struct {
	user      domain.User
	expiresAt time.Time
	code      string // why it is refused, empty if it is not
}

const tokenBookLength = 2*26 + 1 // two texts of crypto/rand and a dot

func (b *tokenBook) Verify(_ context.Context, token string) (domain.AuthenticatedUserContext, error) {
	page, known := b.pages[token]
	switch {
	case !known:
		page.code = "unknown_token"
	case page.code == "" && !b.now().Before(page.expiresAt):
		page.code = "expired"
	}
	if page.code != "" {
		return domain.AuthenticatedUserContext{}, &domain.Error{Kind: domain.Unauthenticated, Code: page.code, Detail: "Not in the book."}
	}
	return domain.Authenticate(page.user, domain.Session{UserID: page.user.ID, ExpiresAt: page.expiresAt})
}

func (b *tokenBook) write(page tokenPage) string {
	token := rand.Text() + "." + rand.Text()
	b.pages[token] = page
	return token
}

// verifierVerdict gives what a rule says against the verifier that mutate
// makes of a sound one.
func verifierVerdict(t *testing.T, rule verifierRule, mutate verifierMutant) string {
	t.Helper()
	book := &tokenBook{clock: noon, pages: map[string]tokenPage{}}
	book.now = func() time.Time { return book.clock }
	harness := TokenHarness{
		Verifier: mutate(book),
		Now:      func() time.Time { return book.clock },
		Advance:  func(d time.Duration) { book.clock = book.clock.Add(d) },
		Mint: func(user domain.User, expiresAt time.Time) string {
			return book.write(tokenPage{user: user, expiresAt: expiresAt})
		},
		Refused: func() map[string]string {
			user, expiresAt := verifierUsers()[0], book.clock.Add(time.Hour)
			return map[string]string{
				"banned":  book.write(tokenPage{user, expiresAt, "banned"}),
				"revoked": book.write(tokenPage{user, expiresAt, "revoked"}),
			}
		},
	}
	return verdict(t, func(t reporter) { rule.check(t, harness) })
}

type verifierFunc func(context.Context, string) (domain.AuthenticatedUserContext, error)

func (f verifierFunc) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	return f(ctx, token)
}

func verifierBefore(change func(string) string) func(*tokenBook) ports.TokenVerifier {
	return func(b *tokenBook) ports.TokenVerifier {
		return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
			return b.Verify(ctx, change(token))
		})
	}
}

func verifierAfter(change func(*tokenBook, string, domain.AuthenticatedUserContext, error) (domain.AuthenticatedUserContext, error)) func(*tokenBook) ports.TokenVerifier {
	return func(b *tokenBook) ports.TokenVerifier {
		return verifierFunc(func(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
			got, err := b.Verify(ctx, token)
			return change(b, token, got, err)
		})
	}
}

// verifierChange breaks what is accepted.
func verifierChange(change func(*domain.User, *time.Time)) func(*tokenBook) ports.TokenVerifier {
	return verifierAfter(func(_ *tokenBook, _ string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
		if err != nil {
			return got, err
		}
		user, expiresAt := got.User(), got.TokenExpiresAt()
		change(&user, &expiresAt)
		return domain.Authenticate(user, domain.Session{UserID: user.ID, ExpiresAt: expiresAt})
	})
}

// verifierRefuse breaks how it is refused.
func verifierRefuse(change func(error) error) func(*tokenBook) ports.TokenVerifier {
	return verifierAfter(func(_ *tokenBook, _ string, got domain.AuthenticatedUserContext, err error) (domain.AuthenticatedUserContext, error) {
		if err != nil {
			err = change(err)
		}
		return got, err
	})
}

// verifierAt breaks the clock.
func verifierAt(change func(time.Time) time.Time) func(*tokenBook) ports.TokenVerifier {
	return func(b *tokenBook) ports.TokenVerifier {
		b.now = func() time.Time { return change(b.clock) }
		return b
	}
}

func verifierPanic(when func(token string) bool) func(*tokenBook) ports.TokenVerifier {
	return verifierBefore(func(token string) string {
		if when(token) {
			panic("not that")
		}
		return token
	})
}

func verifierCode(err error) string {
	var failure *domain.Error
	if !errors.As(err, &failure) {
		return ""
	}
	return failure.Code
}
