package jwtauth_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
)

// gone makes a token of a key that the auth server does not have, issued long
// before the last fetches.
func (b *bubble) gone() *draft {
	return b.fresh("ES256").set("iat", b.now().Unix()-100).set("exp", b.now().Unix()+9000)
}

// TestAClientThatIsStuck with a token of a key that is gone sends it every
// second for an hour. The set is fetched for upkeep, and for the token once in
// the time between, not once a cooldown.
func TestAClientThatIsStuck(t *testing.T) {
	for name, change := range map[string]func(*draft){
		"with iat":    func(*draft) {},
		"without kid": func(d *draft) { delete(d.header, "kid") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.want(b.fresh("EdDSA"), "")
				token := b.gone()
				change(token)
				for range 3600 {
					b.want(token, "unknown_key")
					b.pass(time.Second)
				}
				if got, most := b.fetches(), 1+2*60/5; got > most {
					b.Errorf("%d fetches, want %d at most", got, most)
				}
			})
		})
	}
}

// TestAKeyThatIsGone: what a fetch did not show holds back tokens that are
// older than it, by leeway and a second, and no others.
func TestAKeyThatIsGone(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		line := float64(b.now().UnixMicro())/1e6 - 31
		b.want(b.gone(), "unknown_key") // and is fetched for
		b.pass(31 * time.Second)
		b.wantFetches(2)
		b.want(b.fresh("ES256").set("iat", line-1e-6), "unknown_key")
		b.wantFetches(2)
		b.want(b.fresh("ES384").set("iat", line-1e-6), "unknown_key")
		b.wantFetches(3)
		b.pass(31 * time.Second)
		b.want(b.fresh("ES256").set("iat", line), "unknown_key")
		b.wantFetches(4)
	})
}

// TestAGuessedKeyIDIsFetchedFor as soon as the cooldown allows if the token is
// new, or may be, though it has been asked for in vain all the time.
func TestAGuessedKeyIDIsFetchedFor(t *testing.T) {
	for name, issue := range map[string]func(*bubble) *draft{
		"with iat":    func(b *bubble) *draft { return b.fresh("ES256") },
		"without iat": func(b *bubble) *draft { return b.fresh("ES256").drop("iat") },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.want(b.fresh("EdDSA"), "")
				next := publicJWK("ES256")
				next["kid"] = "2"
				for range 3 {
					b.pass(31 * time.Second)
					b.want(issue(b).head("kid", "2"), "unknown_key")
				}
				b.wantFetches(4)
				b.pass(31 * time.Second)
				b.set(func() { b.keys = append(b.keys, next) })
				b.want(b.gone().head("kid", "2"), "unknown_key")
				b.want(issue(b).head("kid", "2"), "")
				b.want(b.gone().head("kid", "2"), "")
			}, func(o *jwtauth.Options) { o.WithoutIssuedAt = true })
		})
	}
}

// TestWhatAFetchDidNotShow is remembered of a fetch that began after the token
// came, and gave a set. Any other may have missed the key.
func TestWhatAFetchDidNotShow(t *testing.T) {
	for name, first := range map[string]func(*bubble){
		"in the cooldown":   func(*bubble) {},
		"in a failed fetch": func(b *bubble) { b.pass(31 * time.Second); b.set(func() { b.failure = errDown }) },
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.want(b.fresh("EdDSA"), "")
				first(b)
				b.want(b.gone(), "unknown_key")
				b.set(func() { b.failure = nil; b.keys = append(b.keys, publicJWK("ES256")) })
				b.pass(31 * time.Second)
				b.want(b.gone(), "")
			})
		})
	}
}

// TestAKeyThatIsGoneIsForgotten for as long as a set has it, and after the time
// between two fetches for upkeep.
func TestAKeyThatIsGoneIsForgotten(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		token := b.gone()
		b.want(token, "unknown_key")
		b.pass(31 * time.Second)
		b.set(func() { b.keys = []object{publicJWK("EdDSA"), publicJWK("ES256")} })
		b.want(b.fresh("ES384"), "unknown_key")
		b.want(token, "")
		b.pass(31 * time.Second)
		b.set(func() { b.keys = []object{publicJWK("EdDSA")} })
		b.want(b.fresh("ES384"), "unknown_key")
		b.pass(31 * time.Second)
		b.wantFetches(4)
		b.want(token, "unknown_key")
		b.wantFetches(5)
	})
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		token := b.gone()
		b.want(token, "unknown_key") // at 0:31
		b.pass(4 * time.Minute)
		b.want(b.fresh("ES384"), "unknown_key") // at 4:31, so that upkeep is not due before 9:31
		b.pass(50 * time.Second)
		b.want(token, "unknown_key")
		b.wantFetches(3)
		b.pass(10 * time.Second)
		b.want(token, "unknown_key")
		b.wantFetches(4)
	})
}

// TestKeysThatAreGoneTakeBoundedMemory: of a flood of kids most are remembered
// but not all, and none that is long.
func TestKeysThatAreGoneTakeBoundedMemory(t *testing.T) {
	const room = 1024
	for name, test := range map[string]struct {
		kids, bytes, least, most int // fetches when all come again, each on its own
	}{
		"what there is room for":   {room, 128, 0, 0},
		"more":                     {room + 100, 10, 100, 300},
		"kids that are too long":   {50, 129, 50, 50},
		"a kid that would be huge": {1, 4000, 1, 1},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.want(b.fresh("EdDSA"), "")
				b.pass(time.Second)
				_, claims, _ := strings.Cut(b.gone().sign(b), ".")
				send := func(number int) {
					kid := strings.Repeat("k", test.bytes-len(strconv.Itoa(number))) + strconv.Itoa(number)
					token := encode([]byte(`{"alg":"ES256","kid":"`+kid+`"}`)) + "." + claims
					if got := code(b.verifier.Verify(b.Context(), token)); got != "unknown_key" {
						b.Errorf("the code is %q", got)
					}
				}
				var clients sync.WaitGroup
				for number := range test.kids {
					clients.Go(func() { send(number) })
				}
				clients.Wait()
				before := b.fetches()
				for number := range test.kids {
					b.pass(time.Millisecond)
					send(number)
				}
				if got := b.fetches() - before; got < test.least || got > test.most {
					b.Errorf("%d kids were not remembered, want %d to %d", got, test.least, test.most)
				}
			}, func(o *jwtauth.Options) { o.Cooldown = time.Millisecond })
		})
	}
}

func (b *bubble) wantFetches(want int) {
	b.Helper()
	if got := b.fetches(); got != want {
		b.Errorf("%d fetches, want %d", got, want)
	}
}
