package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseEmail(t *testing.T) {
	for _, text := range []string{
		"a@b.example",
		"first.last+tag@sub.domain.example",
		"UPPER@Example.EXAMPLE",
		"o'brien@example.test",
		"!#$%&'*+/=?^_`{|}~-@example.test",
		"1@2",
		"root@localhost",
		"用户@例え.example",
		strings.Repeat("l", 64) + "@" + strings.Repeat("d.", 94) + "e", // 254 bytes
	} {
		email, err := domain.ParseEmail(text)
		if err != nil || email.String() != text {
			t.Errorf("ParseEmail(%q) = %q, %v", text, email, err)
		}
	}
}

func TestParseEmailRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":                 "",
		"no at":                   "example.test",
		"no local part":           "@example.test",
		"no domain":               "a@",
		"two ats":                 "a@b@example.test",
		"a display name":          "Alice <a@example.test>",
		"angle brackets":          "<a@example.test>",
		"a comment":               "a@example.test (home)",
		"a quoted local part":     `"a b"@example.test`,
		"a list":                  "a@example.test, b@example.test",
		"white space before":      " a@example.test",
		"white space after":       "a@example.test ",
		"white space within":      "a b@example.test",
		"another white space":     "a@b\u00a0c",
		"a line separator":        "a\u2028@example.test",
		"a bidi override":         "a@b\u202ec",
		"a new line":              "a@example.test\n",
		"a header":                "a@example.test\r\nBcc: b@example.test",
		"NUL":                     "a\x00@example.test",
		"no text":                 "a\xff@example.test",
		"a dot first":             ".a@example.test",
		"two dots":                "a..b@example.test",
		"a dot last":              "a.@example.test",
		"an empty label":          "a@example..test",
		"one byte too many":       strings.Repeat("l", 65) + "@" + strings.Repeat("d.", 94) + "e",
		"far too long":            strings.Repeat("a", 1<<20) + "@example.test",
		"a very deep comment":     strings.Repeat("(", 1<<20) + "a@example.test",
		"a very long domain text": "a@[" + strings.Repeat("1", 1<<20) + "]",
	} {
		t.Run(name, func(t *testing.T) {
			email, err := domain.ParseEmail(text)
			wantOnly(t, err, "email", "must be a mail address")
			if email != (domain.Email{}) {
				t.Errorf("ParseEmail gave %q with its error", email)
			}
		})
	}
}

func TestEmailZero(t *testing.T) {
	if text := (domain.Email{}).String(); text != "" {
		t.Errorf("the zero email is %q", text)
	}
}

func TestEmailProperties(t *testing.T) {
	part := rapid.StringMatching(`[a-z0-9._+'" <>()-]{0,12}`)
	almost := rapid.Custom(func(t *rapid.T) string {
		return part.Draw(t, "local") + rapid.SampledFrom([]string{"@", "@", "@@", ""}).Draw(t, "at") + part.Draw(t, "domain")
	})
	rapid.Check(t, func(t *rapid.T) { checkEmail(t, rapid.OneOf(almost, anyText()).Draw(t, "text")) })
}

func FuzzParseEmail(f *testing.F) {
	for _, seed := range []string{"a@example.test", "A <a@example.test>", `"a b"@c`, "a@[127.0.0.1]", "a@b (c)", "\xff@b", "用户@例え.example"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkEmail(t, text) })
}

// checkEmail holds what ParseEmail makes of a text against what is promised of an address.
func checkEmail(t rapid.TB, text string) {
	t.Helper()
	email, err := domain.ParseEmail(text)
	if err != nil {
		wantInvalid(t, err, "email")
		return
	}
	if email.String() != text || len(text) > 254 || !utf8.ValidString(text) {
		t.Errorf("ParseEmail(%q) = %q", text, email)
	}
	local, host, found := strings.Cut(text, "@")
	if !found || local == "" || host == "" || strings.ContainsAny(text, " \t\r\n\x00<>()\",;") {
		t.Errorf("ParseEmail(%q) took what is no bare address", text)
	}
}
