package portstest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// TestTokenVerifier checks every sentence of [ports.TokenVerifier] against the
// verifier of the harness.
func TestTokenVerifier(t *testing.T, harness TokenHarness) {
	t.Helper()
	for _, rule := range verifierRules {
		t.Run(rule.sentence, func(t *testing.T) { rule.check(t, harness) })
	}
}

// TokenHarness is a verifier, and what it takes to test it: its clock, and
// tokens that it accepts or refuses. All rules share it; time only moves on.
type TokenHarness struct {
	Verifier ports.TokenVerifier

	// Now reads the verifier's clock, and Advance puts it forward.
	Now     func() time.Time
	Advance func(time.Duration)

	// Mint makes a token that is accepted for the user from now until
	// expiresAt, which is a whole second.
	Mint func(user domain.User, expiresAt time.Time) string

	// Refused makes tokens that are refused now, each under the code that
	// names its mistake, for at least two different mistakes.
	Refused func() map[string]string
}

// verifierRule is one sentence of the contract and how to find out whether it holds.
type verifierRule struct {
	sentence string
	check    func(t reporter, h TokenHarness)
}

var verifierRules = []verifierRule{
	{"Verify returns the context of the token's subject, authenticated, with the token's email and expiry", func(t reporter, h TokenHarness) {
		for i, user := range verifierUsers() {
			expiresAt := h.soon().Add(time.Duration(i) * time.Second)
			verifierWant(t, h, h.Mint(user, expiresAt), user, expiresAt)
		}
	}},
	{"It refuses what it does not accept with domain.Unauthenticated, a code that names the mistake and a context that authenticates nobody", func(t reporter, h TokenHarness) {
		refused := h.Refused()
		if len(refused) < 2 {
			t.Fatalf("the harness refuses %d tokens, want at least 2 with different codes", len(refused))
		}
		for want, token := range refused {
			if code := verifierWantRefused(t, h, want, token); code != want {
				t.Errorf("the code is %q, want %q", code, want)
			}
		}
		for what, token := range h.spoilt() {
			verifierWantRefused(t, h, what, token)
		}
	}},
	{"A token ceases to be accepted at its expiry", func(t reporter, h TokenHarness) {
		user := verifierUsers()[0]
		short, long := h.soon(), h.soon().Add(time.Hour)
		first, second := h.Mint(user, short), h.Mint(user, long)
		verifierWant(t, h, first, user, short)
		h.Advance(short.Add(-time.Microsecond).Sub(h.Now()))
		verifierWant(t, h, first, user, short)
		h.Advance(short.Sub(h.Now()))
		verifierWantRefused(t, h, "a token at its expiry", first)
		h.Advance(time.Minute)
		verifierWantRefused(t, h, "a token after its expiry", first)
		verifierWant(t, h, second, user, long)
	}},
	{"A refusal never repeats the token", func(t reporter, h TokenHarness) {
		for _, token := range slices.Concat(verifierValues(h.Refused()), verifierValues(h.spoilt())) {
			_, err := h.Verifier.Verify(t.Context(), token)
			if err == nil {
				t.Errorf("a token that should have been refused was accepted")
				continue
			}
			text := err.Error()
			var failure *domain.Error
			if errors.As(err, &failure) {
				text += failure.Code + failure.Detail
			}
			for part := range strings.SplitSeq(token, ".") {
				if len(part) >= 16 && strings.Contains(text, part) {
					t.Errorf("the refusal repeats a part of the token: %s", text)
				}
			}
		}
	}},
	{"Any text at all is answered without a panic", func(t reporter, h TokenHarness) {
		token := h.Mint(verifierUsers()[0], h.soon())
		texts := []string{
			"", " ", ".", "..", "...", "a.b.c", "\x00", "\xff\xfe.\xff.\xff", "e30.e30.e30", "null.null.null",
			"Bearer " + token, token + "\n", token + "." + token, strings.Repeat(".", 1<<16), strings.Repeat("a", 1<<20),
			strings.Repeat("[", 1<<12), `{"payload":"e30"}`, "🙂.🙂.🙂",
		}
		for cut := range len(token) {
			texts = append(texts, token[:cut], token[cut+1:])
		}
		for _, text := range texts {
			if _, err := verifierAnswers(t, h, text); err == nil {
				t.Errorf("a text of %d bytes that is no token was accepted", len(text))
			}
		}
	}},
	{"Tokens are verified concurrently", func(t reporter, h TokenHarness) {
		const times = 20
		expiresAt := h.soon()
		users := verifierUsers()
		errs := make([]error, crowd)
		start := make(chan struct{})
		var done sync.WaitGroup
		for member := range crowd {
			user := users[member%len(users)]
			token := h.Mint(user, expiresAt)
			done.Go(func() {
				<-start
				for range times {
					got, err := h.Verifier.Verify(t.Context(), token)
					if err == nil && (got.UserID() != user.ID || got.Email() != user.Email) {
						err = errors.New("a token was taken for another user's")
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

// soon is a whole second not far ahead.
func (h TokenHarness) soon() time.Time {
	return h.Now().Truncate(time.Second).Add(time.Minute).UTC()
}

// spoilt makes tokens that nobody issued out of two that are good.
func (h TokenHarness) spoilt() map[string]string {
	users := verifierUsers()
	mine, theirs := h.Mint(users[0], h.soon()), h.Mint(users[1], h.soon())
	spoilt := map[string]string{
		"a token without its end":       mine[:len(mine)-1],
		"a token without its beginning": mine[1:],
		"a token with something added":  mine + "A",
		"a token after white space":     " " + mine,
		"two tokens in one":             mine + theirs,
		"a token with another's end":    mine[:len(mine)-16] + theirs[len(theirs)-16:],
	}
	for i := range 8 { // spread over the whole token
		at := i * (len(mine) - 1) / 7
		other := byte('A')
		if mine[at] == other {
			other = 'B'
		}
		spoilt["a token with one letter changed, "+string(rune('1'+i))] = mine[:at] + string(other) + mine[at+1:]
	}
	return spoilt
}

// verifierUsers gives users that a careless verifier mixes up or gets wrong.
func verifierUsers() []domain.User {
	address := func(text string) domain.Email {
		email, err := domain.ParseEmail(text)
		if err != nil {
			panic(err)
		}
		return email
	}
	return []domain.User{
		{ID: "DXfnvs3liSL7HG3NOS4OjM9kTgD5OVhk", Email: address("one@example.test")},
		{ID: "dxfnvs3lisl7hg3nos4ojm9ktgd5ovhk", Email: address("other@example.test")},
		{ID: "90a4d4ee-7a77-4e4f-9e14-0d6ebc3c17ab", Email: address("uuid+tag@example.test")},
		{ID: "1", Email: address("serial@example.test")},
		{ID: " a/b?c=\"d\" ü🙂", Email: address("odd@example.test")},
		{ID: "nobody@example.test"}, // whose token carries no email
	}
}

func verifierWant(t reporter, h TokenHarness, token string, user domain.User, expiresAt time.Time) {
	t.Helper()
	got, err := verifierAnswers(t, h, token)
	if err != nil {
		t.Fatalf("the token of %q was refused: %v", user.ID, err)
	}
	if !got.IsAuthenticated() || got.UserID() != user.ID {
		t.Errorf("the token of %q authenticates %q", user.ID, got.UserID())
	}
	if got.Email() != user.Email {
		t.Errorf("the email is %q, want %q", got.Email(), user.Email)
	}
	if !got.TokenExpiresAt().Equal(expiresAt) {
		t.Errorf("the token expires at %v, want %v", got.TokenExpiresAt(), expiresAt)
	}
}

// verifierWantRefused gives the code of the refusal.
func verifierWantRefused(t reporter, h TokenHarness, what, token string) string {
	t.Helper()
	got, err := verifierAnswers(t, h, token)
	if got != (domain.AuthenticatedUserContext{}) {
		t.Errorf("%s: authenticates %q", what, got.UserID())
	}
	var failure *domain.Error
	if !errors.As(err, &failure) {
		t.Errorf("%s: the error is %v, want a domain.Error", what, err)
		return ""
	}
	if failure.Kind != domain.Unauthenticated || failure.Code == "" || failure.Detail == "" {
		t.Errorf("%s: the refusal is %+v, want domain.Unauthenticated with code and detail", what, failure)
	}
	return failure.Code
}

// verifierAnswers is Verify, but a panic fails the test.
func verifierAnswers(t reporter, h TokenHarness, token string) (got domain.AuthenticatedUserContext, err error) {
	t.Helper()
	defer func() {
		if panicked := recover(); panicked != nil {
			err = fmt.Errorf("Verify panicked: %v", panicked)
			t.Errorf("a token of %d bytes: %v", len(token), err)
		}
	}()
	return h.Verifier.Verify(t.Context(), token)
}

func verifierValues(tokens map[string]string) []string {
	return slices.Collect(maps.Values(tokens))
}
