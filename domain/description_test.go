package domain_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseDescription(t *testing.T) {
	limits := domain.Limits{Description: 5}
	for name, text := range map[string]string{
		"empty":              "",
		"white space":        " \t ",
		"new lines":          "\r\na\n",
		"control characters": "\x1b\x7f\u0085",
		"as long as may be":  "漢字漢字漢",
		"four bytes each":    "🙂🙂🙂🙂🙂",
	} {
		t.Run(name, func(t *testing.T) {
			description, err := limits.ParseDescription(text)
			got, present := description.Text()
			if err != nil || got != text || !present {
				t.Errorf("ParseDescription(%q) = %q, %v, %v", text, got, present, err)
			}
		})
	}
}

func TestParseDescriptionRefuses(t *testing.T) {
	limits := domain.Limits{Description: 5}
	for name, test := range map[string]struct{ text, detail string }{
		"one too many":                {"123456", "must have at most 5 characters"},
		"one too many, white space":   {"12345 ", "must have at most 5 characters"},
		"one too many of three bytes": {"漢字漢字漢字", "must have at most 5 characters"},
		"NUL":                         {"a\x00b", "must be text without NUL"},
		"NUL alone":                   {"\x00", "must be text without NUL"},
		"a stray byte":                {"\xff", "must be text without NUL"},
		"a surrogate":                 {"\xed\xa0\x80", "must be text without NUL"},
	} {
		t.Run(name, func(t *testing.T) {
			description, err := limits.ParseDescription(test.text)
			wantOnly(t, err, "description", test.detail)
			if description != (domain.Description{}) {
				t.Errorf("ParseDescription(%q) gave %+v with its error", test.text, description)
			}
		})
	}
}

func TestRestoreDescription(t *testing.T) {
	long := strings.Repeat("a", 5000)
	description, err := domain.RestoreDescription(long)
	if text, _ := description.Text(); err != nil || text != long {
		t.Errorf("a description longer than any limit came back as %d bytes, error %v", len(text), err)
	}
	for _, text := range []string{"\x00", "\xff"} {
		_, err := domain.RestoreDescription(text)
		wantInvalid(t, err, "description")
	}
}

func TestDescriptionAbsentIsNotEmpty(t *testing.T) {
	var absent domain.Description
	if text, present := absent.Text(); text != "" || present {
		t.Errorf("the zero description is %q, present %v", text, present)
	}
	if empty, err := domain.DefaultLimits.ParseDescription(""); err != nil || empty == absent {
		t.Errorf("the empty description is %+v, error %v: the same as the absent one", empty, err)
	}
}

func TestDescriptionProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkDescription(t, domain.Limits{Description: rapid.IntRange(0, 30).Draw(t, "limit")}, anyText().Draw(t, "text"))
	})
}

func FuzzParseDescription(f *testing.F) {
	for _, seed := range []string{"", "two\nlines", " spaces ", "\x00", "\xff", strings.Repeat("🙂", 1001)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkDescription(t, domain.DefaultLimits, text) })
}

// checkDescription holds what ParseDescription makes of a text against its rules.
func checkDescription(t rapid.TB, limits domain.Limits, text string) {
	t.Helper()
	description, err := limits.ParseDescription(text)
	legal := utf8.ValidString(text) && !strings.Contains(text, "\x00") && len([]rune(text)) <= limits.Description
	if legal != (err == nil) {
		t.Fatalf("ParseDescription(%q) with a limit of %d gave error %v", text, limits.Description, err)
	}
	if err != nil {
		wantInvalid(t, err, "description")
		return
	}
	if got, present := description.Text(); got != text || !present {
		t.Errorf("ParseDescription(%q) = %q, %v", text, got, present)
	}
	if restored, err := domain.RestoreDescription(text); restored != description || err != nil {
		t.Errorf("RestoreDescription(%q) = %+v, %v", text, restored, err)
	}
}
