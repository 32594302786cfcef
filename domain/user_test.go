package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseUserID(t *testing.T) {
	for _, text := range []string{
		"DXfnvs3liSL7HG3NOS4OjM9kTgD5OVhk", "dxfnvs3lisl7hg3nos4ojm9ktgd5ovhk", // Better Auth's own; case matters
		"1", "01", "90a4d4ee-7a77-4e4f-9e14-0d6ebc3c17ab", "me", "a/b", "..", "%2F", " ", " a ", "\n", "\u200b", "🙂", "é", "e\u0301",
		strings.Repeat("x", domain.MaxUserIDBytes),
	} {
		if id, err := domain.ParseUserID(text); err != nil || string(id) != text {
			t.Errorf("ParseUserID(%q) = %q, %v", text, id, err)
		}
	}
}

func TestParseUserIDRefuses(t *testing.T) {
	for name, test := range map[string]struct{ text, detail string }{
		"nothing":             {"", "must not be empty"},
		"one byte too many":   {strings.Repeat("x", domain.MaxUserIDBytes+1), "is too long"},
		"bytes, not runes":    {strings.Repeat("é", domain.MaxUserIDBytes/2) + "x", "is too long"},
		"NUL":                 {"a\x00", "must be text without NUL"},
		"a stray byte":        {"a\xff", "must be text without NUL"},
		"a surrogate":         {"\xed\xa0\x80", "must be text without NUL"},
		"too long and broken": {strings.Repeat("\xff", domain.MaxUserIDBytes+1), "is too long"},
	} {
		t.Run(name, func(t *testing.T) {
			id, err := domain.ParseUserID(test.text)
			wantOnly(t, err, "user_id", test.detail)
			if id != "" {
				t.Errorf("ParseUserID gave %q with its error", id)
			}
		})
	}
}

func TestUserIDProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkUserID(t, anyText().Draw(t, "text")) })
}

func FuzzParseUserID(f *testing.F) {
	for _, seed := range []string{"u1", "", "\x00", "\xff", "🙂", strings.Repeat("x", domain.MaxUserIDBytes+1)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkUserID(t, text) })
}

// checkUserID holds what ParseUserID makes of a text against its rules.
func checkUserID(t rapid.TB, text string) {
	t.Helper()
	id, err := domain.ParseUserID(text)
	legal := text != "" && len(text) <= 1024 && utf8.ValidString(text) && !strings.Contains(text, "\x00")
	if legal != (err == nil) {
		t.Fatalf("ParseUserID(%q) gave error %v", text, err)
	}
	if err != nil {
		wantInvalid(t, err, "user_id")
		return
	}
	if string(id) != text {
		t.Errorf("ParseUserID(%q) = %q", text, id)
	}
}
