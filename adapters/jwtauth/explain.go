package jwtauth

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/taskward/taskward/domain"
)

// Step is one check of a token, and what there is to know about it.
type Step struct {
	Name   string // of the check, such as "issuer"
	Err    error  // why the token does not pass, as [Verifier.Verify] returns it; nil if it does
	Detail string // what the token says and what is expected
}

// Explain verifies a token as [Verifier.Verify] does and tells of each check
// up to the one that the token does not pass. The details repeat claims, so
// they are for the operator alone; they never repeat the token, a secret or
// what could be used in its place.
func (v *Verifier) Explain(ctx context.Context, text string) []Step {
	return v.examiner.explain(ctx, text)
}

func (x *examination) tellForm() string {
	return fmt.Sprintf("%d bytes, parts: %d", len(x.text), strings.Count(x.text, ".")+1)
}

func (x *examination) tellHeader() string { return tellMembers(x.header, "alg", "kid", "typ") }

func (x *examination) tellClaims() string {
	return tellMembers(x.claims, "sub", "user_id", "email", "client_id", "azp")
}

func (v *Verifier) tellIssuer(x *examination) string {
	var expected []string
	switch secret := x.token.header.isSecret(); {
	case secret && v.secret == nil:
		return "the alg wants a shared secret, and there is none"
	case !secret && len(v.servers) == 0:
		return "the alg wants the keys of an auth server, and there is none"
	case secret:
		expected = v.secret.issuers.Values
	default:
		expected = slices.Sorted(maps.Keys(v.servers))
	}
	issuer, present := x.token.claims.issuer.Get()
	return tellExpected("iss", []string{issuer}, present, expected)
}

func (x *examination) tellAudience() string {
	audiences, present := x.token.claims.audiences.Get()
	return tellExpected("aud", audiences, present, x.audiences.Values)
}

func (x *examination) tellLifetime() string {
	now := x.examiner.now()
	l := x.token.claims.lifetime
	times := []string{"the clock shows " + now.UTC().Format(time.RFC3339)}
	for _, moment := range []struct {
		past, future string
		at           domain.Optional[time.Time]
	}{
		{"issued %v ago", "issued %v ahead of it", l.issuedAt},
		{"valid since %v", "not valid before %v from then", l.notBefore},
		{"expired %v ago", "expires in %v", domain.Some(l.expiresAt)},
	} {
		if at, present := moment.at.Get(); present && at.After(now) {
			times = append(times, fmt.Sprintf(moment.future, at.Sub(now).Round(time.Millisecond)))
		} else if present {
			times = append(times, fmt.Sprintf(moment.past, now.Sub(at).Round(time.Millisecond)))
		}
	}
	return strings.Join(times, ", ")
}

func (x *examination) tellSignature() string { return x.keys.tell(x.token.header) }

// tell implements [keyring].
func (s *Secrets) tell(header) string { return fmt.Sprintf("secrets tried: %d", len(s.current())) }

// tell implements [keyring].
func (s *serverKeys) tell(h header) string {
	status := s.status()
	var text strings.Builder
	if id, named := h.keyID.Get(); named {
		fmt.Fprintf(&text, "the token names the key %s", quote(id))
	} else {
		text.WriteString("the token names no key")
	}
	if status.LoadedAt.IsZero() {
		text.WriteString("; no key set was loaded yet")
	} else {
		fmt.Fprintf(&text, "; the key set of %v ago has", s.now().Sub(status.LoadedAt).Round(time.Millisecond))
		for i, key := range status.Keys {
			text.WriteString([]string{" ", ", "}[min(i, 1)])
			fmt.Fprintf(&text, "%s (%s)", quote(key.ID), strings.Join(key.Algs, " "))
		}
		if len(status.Keys) == 0 {
			text.WriteString(" no key that can be used")
		}
	}
	if status.Failure != nil {
		fmt.Fprintf(&text, "; the last fetch failed: %v", status.Failure)
	}
	return text.String()
}
