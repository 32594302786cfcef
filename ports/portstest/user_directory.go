package portstest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestUserDirectory checks every sentence of [ports.UserDirectory] against the
// directory of the harness.
func TestUserDirectory(t *testing.T, harness UserHarness) {
	t.Helper()
	for _, rule := range userRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, harness) })
	}
}

// UserHarness is a directory, and what it takes to test it: the other side,
// which writes what the directory reads. All rules share it, and others may be
// in it already: each rule works on fresh users.
type UserHarness struct {
	Directory ports.UserDirectory

	// Put makes the directory have a user just so, whether or not it had one
	// with this id before. A user without an email or a name has none.
	Put func(ctx context.Context, user domain.User) error

	// Remove makes the directory have nobody with the id of one who was Put.
	Remove func(ctx context.Context, id domain.UserID) error

	// Closed is another directory, that was open and has been closed.
	Closed ports.UserDirectory
}

// userRule is one sentence of the contract and how to find out whether it holds.
type userRule struct {
	sentence string
	check    func(t reporter, h UserHarness)
}

var userRules = []userRule{
	{"Get returns the user with every field as the directory has it", func(t reporter, h UserHarness) {
		for _, name := range []string{"Ada Lovelace", "ada", " Ada  Lovelace ", "🙂 Ådå ʟ", "'; DROP TABLE \"user\"; --", strings.Repeat("漢", 500)} {
			user := userNamed(name)
			h.put(t, user)
			h.want(t, user)
		}
	}},
	{"What the directory does not know of a user is zero", func(t reporter, h UserHarness) {
		whole := userNamed("whole")
		h.put(t, whole)
		h.want(t, whole)
		for _, lacking := range []domain.User{
			{ID: userNamed("").ID, Name: "no email", CreatedAt: whole.CreatedAt, UpdatedAt: whole.UpdatedAt},
			{ID: userNamed("").ID, Email: userNamed("").Email, CreatedAt: whole.CreatedAt, UpdatedAt: whole.UpdatedAt},
		} {
			h.put(t, lacking)
			h.want(t, lacking)
		}
	}},
	{"Get returns the user as they are now", func(t reporter, h UserHarness) {
		before := userNamed("before")
		h.put(t, before)
		h.want(t, before)
		after := userNamed("after")
		after.ID, after.UpdatedAt = before.ID, before.UpdatedAt.Add(time.Microsecond)
		h.put(t, after)
		h.want(t, after)
	}},
	{"Get returns domain.ErrUserNotFound for an id that nobody has", func(t reporter, h UserHarness) {
		here := userNamed("here")
		h.put(t, here)
		for _, id := range []domain.UserID{
			userNamed("").ID, "", domain.UserID(here.Email.String()), domain.UserID(here.Name),
			here.ID + "\x00", here.ID + "\xff", "\x00", "\xed\xa0\x80", "' OR true --", domain.UserID(strings.Repeat("x", 1<<20)),
		} {
			h.wantNobody(t, id)
		}
		h.want(t, here)
	}},
	{"Get returns domain.ErrUserNotFound for a user who was removed", func(t reporter, h UserHarness) {
		gone, here := userNamed("gone"), userNamed("here")
		h.put(t, gone)
		h.put(t, here)
		h.want(t, gone)
		if err := h.Remove(t.Context(), gone.ID); err != nil {
			t.Fatalf("remove a user: %v", err)
		}
		h.wantNobody(t, gone.ID)
		h.want(t, here)
	}},
	{"Ids are compared byte for byte", func(t reporter, h UserHarness) {
		pairs := slices.Clone(alikeUserIDs)
		for _, odd := range hostileUserIDs {
			pairs = append(pairs, [2]string{"@", "@" + odd[:min(len(odd), 900)]})
		}
		for _, pair := range pairs { // both ways: a directory may take only the longer for the shorter
			pairs = append(pairs, [2]string{pair[1], pair[0]})
		}
		for _, pair := range pairs {
			fresh := rand.Text()
			one, other := userNamed("one"), userNamed("other")
			one.ID = domain.UserID(strings.ReplaceAll(pair[0], "@", fresh))
			other.ID = domain.UserID(strings.ReplaceAll(pair[1], "@", fresh))
			h.put(t, one)
			h.wantNobody(t, other.ID)
			h.put(t, other)
			h.want(t, one)
			h.want(t, other)
		}
	}},
	{"Get returns the context's error if the context has ended", func(t reporter, h UserHarness) {
		here := userNamed("here")
		h.put(t, here)
		for want, ctx := range ended(t) {
			for _, id := range []domain.UserID{here.ID, userNamed("").ID, ""} {
				if user, err := h.Directory.Get(ctx, id); !errors.Is(err, want) || user != (domain.User{}) {
					t.Errorf("Get(%q) gave %+v and error %v, want %v", id, user, err, want)
				}
			}
		}
	}},
	{"A closed directory answers with domain.Unavailable", func(t reporter, h UserHarness) {
		for _, id := range []domain.UserID{"somebody", userNamed("").ID, ""} {
			if user, err := h.Closed.Get(t.Context(), id); domain.KindOf(err) != domain.Unavailable || user != (domain.User{}) {
				t.Errorf("Get(%q) gave %+v and error %v", id, user, err)
			}
		}
	}},
	{"Users are looked up concurrently", func(t reporter, h UserHarness) {
		const times = 5
		errs := make([]error, crowd)
		start := make(chan struct{})
		var done sync.WaitGroup
		for member := range crowd {
			user := userNamed(fmt.Sprintf("member %d", member))
			h.put(t, user)
			done.Go(func() {
				<-start
				for range times {
					got, err := h.Directory.Get(t.Context(), user.ID)
					if err == nil && got != user {
						err = errors.New("a user was taken for another")
					}
					errs[member] = errors.Join(errs[member], err)
				}
			})
		}
		close(start)
		done.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Errorf("at the same time: %v", err)
		}
	}},
}

// userNamed makes a user whom nobody has used before.
func userNamed(name string) domain.User {
	id := rand.Text()
	email, err := domain.ParseEmail(strings.ToLower(id) + "+tag@example.test")
	if err != nil {
		panic(err)
	}
	return domain.User{ID: domain.UserID("User-" + id), Email: email, Name: name, CreatedAt: noon, UpdatedAt: later}
}

func (h UserHarness) put(t reporter, user domain.User) {
	t.Helper()
	if err := h.Put(t.Context(), user); err != nil {
		t.Fatalf("put a user: %v", err)
	}
}

func (h UserHarness) want(t reporter, want domain.User) {
	t.Helper()
	if got, err := h.Directory.Get(t.Context(), want.ID); err != nil || got != want {
		t.Errorf("Get(%q) gave\n\t%+v and error %v, want\n\t%+v", want.ID, got, err, want)
	}
}

func (h UserHarness) wantNobody(t reporter, id domain.UserID) {
	t.Helper()
	if got, err := h.Directory.Get(t.Context(), id); !errors.Is(err, domain.ErrUserNotFound) || got != (domain.User{}) {
		t.Errorf("Get(%.40q) gave %+v and error %v, want %v", id, got, err, domain.ErrUserNotFound)
	}
}
