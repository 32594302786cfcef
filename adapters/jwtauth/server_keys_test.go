package jwtauth_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

func TestRotationIsPickedUp(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		b.want(b.fresh("ES256"), "")
		b.want(b.fresh("EdDSA"), "")
		if got := b.fetches(); got != 2 {
			b.Errorf("%d fetches, want 2", got)
		}
	})
}

// TestRotationWithinTheCooldown: a token whose key may be newer than the set
// is not refused but put off, and accepted when the cooldown is over.
func TestRotationWithinTheCooldown(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(10 * time.Second)
		b.set(func() { b.keys = append(b.keys, publicJWK("ES256")) })
		token := b.fresh("ES256")
		_, err := b.verifier.Verify(b.Context(), token.sign(b))
		var failure *domain.Error
		if !errors.As(err, &failure) || failure.Kind != domain.Unavailable || failure.Code != "key_not_fetched" {
			b.Fatalf("the error is %v", err)
		}
		b.pass(failure.RetryAfter)
		b.want(token, "")
	})
}

// TestUnknownKeyThatIsNotNew: the set is younger than the token, so that the
// key is not going to appear.
func TestUnknownKeyThatIsNotNew(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-40), "unknown_key")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-20), "key_not_fetched")
		b.pass(31 * time.Second)
		b.want(b.fresh("ES256"), "unknown_key") // a fetch after it came did not show it
		b.pass(31 * time.Second)
		b.set(func() { b.failure = errors.New("503 Service Unavailable") })
		b.want(b.fresh("ES256"), "key_not_fetched")
		b.want(b.fresh("ES256").set("iat", b.now().Unix()-70), "unknown_key")
	})
}

// TestReusedKeyID: an auth server that lost its database numbers its keys from
// 1 again.
func TestReusedKeyID(t *testing.T) {
	for _, alg := range []string{"ES256", "Ed25519"} {
		t.Run(alg, func(t *testing.T) {
			inBubble(t, func(b *bubble) {
				first, second := publicJWK("EdDSA"), publicJWK(alg)
				first["kid"], second["kid"] = "1", "1"
				if alg == "Ed25519" { // another key of the same kind
					another, _, err := ed25519.GenerateKey(rand.Reader)
					if err != nil {
						b.Fatal(err)
					}
					second["x"] = encode(another)
				}
				b.keys = []object{second}
				b.want(b.fresh("EdDSA").head("kid", "1"), map[string]string{"ES256": "key_mismatch", "Ed25519": "invalid_signature"}[alg])
				b.pass(31 * time.Second)
				b.set(func() { b.keys = []object{first} })
				b.want(b.fresh("EdDSA").head("kid", "1"), "")
			})
		})
	}
}

// TestUnknownKeyWithinTheCooldown draws the line between a key that may be too
// new for the set and one that is not: leeway and a second before the last
// fetch began.
func TestUnknownKeyWithinTheCooldown(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		line := float64(noon.UnixMicro())/1e6 - 31
		b.want(b.fresh("ES256").set("iat", line), "key_not_fetched")
		b.want(b.fresh("ES256").set("iat", line-1e-6), "unknown_key")
		b.want(b.fresh("ES256").drop("iat"), "unknown_key")
		b.want(b.fresh("EdDSA").drop("iat"), "")
		if got := b.fetches(); got != 1 {
			b.Errorf("%d fetches, want 1", got)
		}
	}, func(o *jwtauth.Options) { o.WithoutIssuedAt = true })
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		line := float64(noon.UnixMicro())/1e6 - 6
		b.want(b.fresh("ES256").set("iat", line), "key_not_fetched")
		b.want(b.fresh("ES256").set("iat", line-1e-6), "unknown_key")
	}, func(o *jwtauth.Options) { o.Leeway = 5 * time.Second })
}

// TestFlood sends 10,000 junk kids within five minutes, and the auth server
// rotates its key in the middle. It sees one request a cooldown at most, tokens
// of the old key are accepted all the time, and those of the new one within a
// cooldown, and until then they are put off and not refused.
func TestFlood(t *testing.T) {
	inBubble(t, func(b *bubble) {
		const kids, a, seconds = 10_000, 40, 300
		b.verifier.Start()
		b.pass(time.Second)
		bad := b.fresh("ES256").head("kid", "key EdDSA").sign(b)
		var rotation, pickup time.Time
		sent := 0
		for second := range seconds {
			var clients sync.WaitGroup
			junk := b.fresh("EdDSA").set("iat", b.now().Unix()-int64(second%3*60)).sign(b) // two thirds as if they were old
			_, claims, _ := strings.Cut(junk, ".")
			for range min(a, kids-sent) {
				sent++
				token := encode([]byte(`{"alg":"EdDSA","kid":"junk `+strconv.Itoa(sent)+`"}`)) + "." + claims
				clients.Go(func() {
					if got := code(b.verifier.Verify(b.Context(), token)); got != "unknown_key" && got != "key_not_fetched" {
						b.Errorf("junk gets %q", got)
					}
				})
			}
			clients.Go(func() {
				if got := code(b.verifier.Verify(b.Context(), bad)); got != "key_mismatch" {
					b.Errorf("a token that does not fit its key gets %q", got)
				}
			})
			b.want(b.fresh("EdDSA"), "")
			clients.Wait()
			if second == seconds/2 {
				b.set(func() { b.keys = append(b.keys, publicJWK("ES384")) })
				rotation = b.now()
			}
			if second >= seconds/2 {
				switch got := b.code(b.fresh("ES384")); {
				case got == "" && pickup.IsZero():
					pickup = b.now()
				case got != "" && (got != "key_not_fetched" || !pickup.IsZero()):
					b.Errorf("%v after the rotation a token of the new key gets %q", b.now().Sub(rotation), got)
				}
			}
			b.pass(time.Second)
		}
		if sent != kids || pickup.IsZero() || pickup.Sub(rotation) > 31*time.Second {
			b.Errorf("%d junk kids, rotation picked up after %v, want %d and one cooldown", sent, pickup.Sub(rotation), kids)
		}
		for i := range b.begun[1:] {
			if gap := b.begun[i+1].Sub(b.begun[i]); gap < 30*time.Second {
				b.Errorf("two fetches within %v", gap)
			}
		}
		if got := b.fetches(); got < seconds/60 {
			b.Errorf("%d fetches: the flood keeps new keys out", got)
		}
	})
}

// TestGuessedKeyID: where kids are serial numbers, junk can name the next key
// before it exists. That must not keep the key out.
func TestGuessedKeyID(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		for range 3 {
			b.want(b.fresh("ES256").head("kid", "2"), "unknown_key")
			b.pass(30 * time.Second)
		}
		next := publicJWK("ES256")
		next["kid"] = "2"
		b.set(func() { b.keys = append(b.keys, next) })
		b.want(b.fresh("ES256").head("kid", "2"), "")
	})
}

// TestRotationUnderLoad: a new key about every 5 s, a cooldown of 1 s that junk uses
// up, and ten good tokens a second. None of them is refused, and those that are
// put off come within a cooldown of a rotation.
func TestRotationUnderLoad(t *testing.T) {
	inBubble(t, func(b *bubble) {
		const rotations, step, fetch = 24, 101 * time.Millisecond, 100 * time.Millisecond
		var accepted, putOff atomic.Int32
		b.verifier.Start()
		var clients sync.WaitGroup
		for rotation := range rotations {
			public, private, err := ed25519.GenerateKey(rand.Reader)
			if err != nil {
				b.Fatal(err)
			}
			kid := strconv.Itoa(rotation)
			b.set(func() {
				b.keys = append(b.keys, object{"kid": kid, "kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "x": encode(public)})
			})
			rotated := b.now()
			for range 47 { // so that it meets the cooldown at another point each time
				token := b.fresh("EdDSA").head("kid", kid).keyed(private).sign(b)
				junk := b.fresh("EdDSA").head("kid", "junk").sign(b)
				clients.Go(func() {
					if code(b.verifier.Verify(b.Context(), junk)) == "" {
						b.Error("junk is accepted")
					}
				})
				clients.Go(func() {
					switch got := code(b.verifier.Verify(b.Context(), token)); {
					case got == "":
						accepted.Add(1)
					case got == "key_not_fetched" && b.now().Sub(rotated) <= time.Second+fetch:
						putOff.Add(1)
					default:
						b.Errorf("%v after rotation %d: %q", b.now().Sub(rotated), rotation, got)
					}
				})
				b.pass(step)
			}
		}
		clients.Wait()
		b.Logf("%d tokens accepted, %d put off", accepted.Load(), putOff.Load())
		if accepted.Load() < rotations*35 || putOff.Load() == 0 {
			b.Error("want most to be accepted, and the cooldown to be felt")
		}
		for i := range b.begun[1:] {
			if gap := b.begun[i+1].Sub(b.begun[i]); gap < time.Second {
				b.Errorf("two fetches within %v", gap)
			}
		}
	}, func(o *jwtauth.Options) { o.Cooldown = time.Second })
}

// TestGoodTokensDoNotWait for a fetch that somebody's junk asked for.
func TestGoodTokensDoNotWait(t *testing.T) {
	inBubble(t, func(b *bubble) {
		b.want(b.fresh("EdDSA"), "")
		b.pass(31 * time.Second)
		b.set(func() { b.hangs = true })
		var clients sync.WaitGroup
		clients.Go(func() { b.code(b.fresh("ES256")) })
		synctest.Wait()
		before := b.now()
		b.want(b.fresh("EdDSA"), "")
		if took := b.now().Sub(before); took != 0 {
			b.Errorf("it took %v", took)
		}
		clients.Wait()
	})
}

// TestHopelessTokensAskForNoKeys: what would be refused with any key does not
// reach the auth server.
func TestHopelessTokensAskForNoKeys(t *testing.T) {
	inBubble(t, func(b *bubble) {
		for want, token := range map[string]*draft{
			"token_expired":   b.fresh("EdDSA").set("exp", b.now().Unix()),
			"wrong_issuer":    b.fresh("EdDSA").set("iss", "https://evil.example.test"),
			"wrong_audience":  b.fresh("EdDSA").set("aud", "client"),
			"missing_subject": b.fresh("EdDSA").drop("sub"),
			"logout_token":    b.fresh("EdDSA").head("typ", "logout+jwt"),
			"id_token":        b.fresh("EdDSA").set("aud", "client").set("nonce", "n"),
		} {
			b.want(token, want)
		}
		if got := b.fetches(); got != 0 {
			b.Errorf("%d fetches, want none", got)
		}
	})
}
