package domain_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseOnceKey(t *testing.T) {
	for _, text := range []string{"1", "8e03978e-40d5-43dd-bc93-6894a57f9324", "!~", `"quoted"`, "%00", "a/b?c", strings.Repeat("x", domain.MaxOnceKeyBytes)} {
		if key, err := domain.ParseOnceKey(text); err != nil || string(key) != text {
			t.Errorf("ParseOnceKey(%q) = %q, %v", text, key, err)
		}
	}
	for name, text := range map[string]string{
		"nothing": "", "a space": "a b", "a space behind": "a ", "a tab": "a\tb", "a new line": "a\n", "NUL": "a\x00", "delete": "a\x7f",
		"beyond ASCII": "é", "no text": "\xff", "one too many": strings.Repeat("x", domain.MaxOnceKeyBytes+1),
	} {
		t.Run(name, func(t *testing.T) {
			key, err := domain.ParseOnceKey(text)
			wantOnly(t, err, "Idempotency-Key", "must be 1 to 255 visible ASCII characters")
			if key != "" {
				t.Errorf("ParseOnceKey gave %q with its error", key)
			}
		})
	}
}

func TestOnceKeyProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkOnceKey(t, rapid.OneOf(anyText(), rapid.StringMatching(`[ -~]{0,260}`)).Draw(t, "text"))
	})
}

func FuzzParseOnceKey(f *testing.F) {
	for _, seed := range []string{"8e03978e-40d5-43dd-bc93-6894a57f9324", "", " ", "\x00", "\xff", "é", strings.Repeat("x", domain.MaxOnceKeyBytes+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkOnceKey(t, text) })
}

// checkOnceKey holds what ParseOnceKey makes of a text against its rules.
func checkOnceKey(t rapid.TB, text string) {
	t.Helper()
	key, err := domain.ParseOnceKey(text)
	legal := text != "" && len(text) <= 255
	for _, octet := range []byte(text) {
		legal = legal && octet > 0x20 && octet < 0x7f
	}
	if legal != (err == nil) {
		t.Fatalf("ParseOnceKey(%q) gave error %v", text, err)
	}
	if err != nil {
		wantInvalid(t, err, "Idempotency-Key")
		return
	}
	if string(key) != text {
		t.Errorf("ParseOnceKey(%q) = %q", text, key)
	}
}

func TestMatches(t *testing.T) {
	once := domain.Once{Key: "key", Request: [32]byte{1, 31: 2}}
	if err := once.Matches(once.Request); err != nil {
		t.Errorf("the same request gives error %v", err)
	}
	for _, other := range [][32]byte{{}, {1}, {31: 2}, {1, 31: 3}} {
		if err := once.Matches(other); !errors.Is(err, domain.ErrKeyReused) {
			t.Errorf("another request gives error %v", err)
		}
	}
}

func TestBatchOnce(t *testing.T) {
	plain := domain.NewBatch(noon, domain.Delete{Target: on(1)})
	if _, keyed := plain.OnlyOnce().Get(); keyed {
		t.Error("a batch without a key has one")
	}
	once := domain.Once{Key: "key", Request: [32]byte{1}, Until: later.Add(999).In(time.FixedZone("", 3600))}
	keyed := plain.Once(once)
	once.Until = later
	if got := keyed.OnlyOnce(); got != domain.Some(once) {
		t.Errorf("the batch happens once as %+v, want %+v", got, once)
	}
	if _, changed := plain.OnlyOnce().Get(); changed {
		t.Error("the batch without the key has got it")
	}
}
