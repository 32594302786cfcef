package jwtauth_test

import (
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestAKnownTokenCostsNoCryptography counts allocations: reading a token and
// checking its signature takes dozens.
func TestAKnownTokenCostsNoCryptography(t *testing.T) {
	for _, alg := range []string{"HS256", "EdDSA", "ES512", "RS256"} {
		token := newDraft(alg).sign(t)
		for name, test := range map[string]struct {
			size  int
			known bool
		}{"by default": {0, true}, "with room for one": {1, true}, "without room": {-1, false}} {
			options := everything(t)
			options.CacheSize = test.size
			verifier := newVerifier(t, options)
			allocations := testing.AllocsPerRun(20, func() {
				if got := code(verifier.Verify(t.Context(), token)); got != "" {
					t.Fatal(got)
				}
			})
			if known := allocations < 5; known != test.known {
				t.Errorf("%s, %s: %v allocations a verification", alg, name, allocations)
			}
		}
	}
}

// TestRecalled counts a token twice, one that is refused, and what is too long
// to be looked for.
func TestRecalled(t *testing.T) {
	verifier, token := newVerifier(t, everything(t)), newDraft("HS256").sign(t)
	for _, text := range []string{token, token, token, "junk", strings.Repeat("x", 100_000)} {
		_ = code(verifier.Verify(t.Context(), text))
	}
	if hits, misses := verifier.Recalled(); hits != 2 || misses != 2 {
		t.Errorf("%d known and %d unknown tokens, want 2 and 2", hits, misses)
	}
	options := everything(t)
	options.CacheSize = -1
	verifier = newVerifier(t, options)
	_ = code(verifier.Verify(t.Context(), token))
	if hits, misses := verifier.Recalled(); hits != 0 || misses != 0 {
		t.Errorf("%d known and %d unknown tokens without a memory", hits, misses)
	}
}

// TestRefusalsAreNotRemembered: they may be taken back, and remembering them
// would be memory for whoever sends junk.
func TestRefusalsAreNotRemembered(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		token := b.fresh("ES256").set("iat", b.now().Unix()-100)
		b.want(token, "unknown_key")
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		b.pass(6 * time.Minute)
		b.want(token, "")
	})
}

// TestAKnownTokenIsRefusedWithoutItsKey: what is remembered ends with the key
// that it was signed with, whatever became of that.
func TestAKnownTokenIsRefusedWithoutItsKey(t *testing.T) {
	reused, twin, bound, renamed := publicJWK("PS256"), publicJWK("PS256"), publicJWK("RS256"), publicJWK("RS256")
	reused["kid"], twin["kid"], renamed["kid"] = "key RS256", "key RS256", "key of another name"
	delete(reused, "alg")
	delete(twin, "alg")
	bound["alg"] = "RS512"
	loose := publicJWK("RS256")
	delete(loose, "alg")
	for name, test := range map[string]struct {
		keys []object
		want string
	}{
		"the same set":               {[]object{loose}, ""},
		"the same key among others":  {[]object{publicJWK("ES256"), loose}, ""},
		"no key":                     {[]object{}, "unknown_key"},
		"others":                     {[]object{publicJWK("ES256")}, "unknown_key"},
		"another under its kid":      {[]object{reused}, "invalid_signature"},
		"another beside it":          {[]object{loose, twin}, "ambiguous_key"},
		"it is for another alg now":  {[]object{bound}, "key_mismatch"},
		"it has another kid now":     {[]object{renamed}, "unknown_key"},
		"it was made useless by use": {[]object{{"kty": "RSA", "kid": "key RS256", "n": loose["n"], "e": loose["e"], "use": "enc"}}, "unknown_key"},
	} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				b.set(func() { b.keys = []object{loose} })
				token := b.fresh("RS256")
				b.want(token, "")
				b.want(token, "")
				b.set(func() { b.keys = test.keys })
				b.pass(5*time.Minute + 200*time.Millisecond)
				b.want(token, test.want)
				b.want(token, test.want)
			})
		})
	}
}

// TestAKnownTokenIsHeldAgainstTheClock, both ways: a clock can be set back.
func TestAKnownTokenIsHeldAgainstTheClock(t *testing.T) {
	clock := newClock()
	options := everything(t)
	options.Clock = clock.Now
	verifier := newVerifier(t, options)
	token := newDraft("EdDSA").set("iat", noon.Unix()).set("nbf", noon.Unix()-5).set("exp", noon.Unix()+60).sign(t)
	for _, moment := range []struct {
		after time.Duration
		want  string
	}{
		{0, ""},
		{59 * time.Second, ""},
		{60 * time.Second, "token_expired"},
		{59 * time.Second, ""},
		{-35 * time.Second, "issued_in_future"},
		{0, ""},
		{time.Hour, "token_expired"},
	} {
		clock.set(noon.Truncate(time.Second).Add(moment.after))
		if got := code(verifier.Verify(t.Context(), token)); got != moment.want {
			t.Errorf("after %v the code is %q, want %q", moment.after, got, moment.want)
		}
	}
}

// TestKnownTokensTakeBoundedMemory accepts ten times as many tokens as there
// is room for.
func TestKnownTokensTakeBoundedMemory(t *testing.T) {
	const size, bytesEach = 1000, 2 << 10 // twice what the option promises, for the room that maps leave
	options := everything(t)
	options.CacheSize = size
	verifier := newVerifier(t, options)
	draft := newDraft("HS256")
	accept := func(from, to int) {
		for i := from; i < to; i++ {
			if got := code(verifier.Verify(t.Context(), draft.set("jti", strconv.Itoa(i)).sign(t))); got != "" {
				t.Fatal(got)
			}
		}
	}
	inUse := func() uint64 {
		runtime.GC()
		runtime.GC() // what the first one had still to finalize
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	accept(0, 1)
	before := inUse()
	accept(1, 10*size)
	if after := inUse(); after > before+size*bytesEach {
		t.Errorf("the heap has grown from %d to %d bytes, want at most %d more", before, after, size*bytesEach)
	}
	runtime.KeepAlive(verifier)
}
