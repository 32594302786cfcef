package domain_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseTitle(t *testing.T) {
	limits := domain.Limits{Title: 12}
	for name, test := range map[string]struct{ text, want string }{
		"plain":                    {"buy milk", "buy milk"},
		"one character":            {"x", "x"},
		"white space around":       {" \t\r\n\u00a0\u2003buy  milk\u3000 \n", "buy  milk"},
		"as long as may be":        {"漢字漢字漢字漢字漢字漢字", "漢字漢字漢字漢字漢字漢字"},
		"long only for its spaces": {"   123456789012   ", "123456789012"},
		"emoji of several runes":   {"👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"},
		"combining, not composed":  {"e\u0301", "e\u0301"},
		"mark for the direction":   {"\u200fשלום", "\u200fשלום"},
		"the last code point":      {"a\U0010ffff", "a\U0010ffff"},
		"replacement character":    {"\ufffd", "\ufffd"},
		"markup":                   {"<b>&amp;", "<b>&amp;"},
	} {
		t.Run(name, func(t *testing.T) {
			title, err := limits.ParseTitle(test.text)
			if err != nil || title.String() != test.want {
				t.Errorf("ParseTitle(%q) = %q, %v; want %q", test.text, title, err, test.want)
			}
		})
	}
}

func TestParseTitleRefuses(t *testing.T) {
	limits := domain.Limits{Title: 12}
	const (
		blank   = "must not be blank"
		control = "must not contain control characters or line breaks"
		long    = "must have at most 12 characters"
		broken  = "must be valid UTF-8"
	)
	for name, test := range map[string]struct{ text, detail string }{
		"nothing":                     {"", blank},
		"white space":                 {" \t\r\n\u00a0\u2003\u3000", blank},
		"a zero-width space":          {"\u200b", blank},
		"spaces between such":         {"\u200b \u2003\u200b", blank},
		"joiners and marks":           {"\u200d\ufeff\u200f\u2060", blank},
		"a combining mark alone":      {"\u0301", blank},
		"NUL":                         {"a\x00b", control},
		"NUL alone":                   {"\x00", control},
		"a new line inside":           {"a\nb", control},
		"a tab inside":                {"a\tb", control},
		"a line separator inside":     {"a\u2028b", control},
		"a paragraph separator":       {"a\u2029b", control},
		"an escape":                   {"a\x1b[31m", control},
		"delete":                      {"a\x7fb", control},
		"next line, a C1 control":     {"a\u0085b", control},
		"one too many":                {"1234567890123", long},
		"one too many of three bytes": {"漢字漢字漢字漢字漢字漢字漢", long},
		"one too many of four bytes":  {strings.Repeat("🙂", 13), long},
		"a stray byte":                {"a\xffb", broken},
		"half a character":            {"a\xe6\xbc", broken},
		"a surrogate":                 {"a\xed\xa0\x80", broken},
		"an overlong slash":           {"a\xc0\xaf", broken},
	} {
		t.Run(name, func(t *testing.T) {
			title, err := limits.ParseTitle(test.text)
			wantOnly(t, err, "title", test.detail)
			if title != (domain.Title{}) {
				t.Errorf("ParseTitle(%q) gave %q with its error", test.text, title)
			}
		})
	}
}

func TestRestoreTitle(t *testing.T) {
	long := strings.Repeat("a", 5000)
	if title, err := domain.RestoreTitle(long); err != nil || title.String() != long {
		t.Errorf("a title longer than any limit came back as %d bytes, error %v", len(title.String()), err)
	}
	for text, detail := range map[string]string{
		"":         "must not be blank",
		"\u200b":   "must not be blank",
		" a":       "must not begin or end with white space",
		"a\u2003":  "must not begin or end with white space",
		"a\x00":    "must not contain control characters or line breaks",
		"a\n":      "must not contain control characters or line breaks",
		"\xff":     "must be valid UTF-8",
		"a \xc3 b": "must be valid UTF-8",
	} {
		title, err := domain.RestoreTitle(text)
		wantOnly(t, err, "title", detail)
		if title != (domain.Title{}) {
			t.Errorf("RestoreTitle(%q) gave %q with its error", text, title)
		}
	}
}

func TestTitleProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkTitle(t, domain.Limits{Title: rapid.IntRange(0, 30).Draw(t, "limit")}, anyText().Draw(t, "text"))
	})
}

func TestTitleLimitCountsRunes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		runes := rapid.SliceOfN(rapid.SampledFrom([]rune("aé漢🙂")), 1, 50).Draw(t, "runes")
		limit := rapid.IntRange(1, 50).Draw(t, "limit")
		_, err := domain.Limits{Title: limit}.ParseTitle("  " + string(runes) + "\n")
		if fits := len(runes) <= limit; fits != (err == nil) {
			t.Errorf("%d runes with a limit of %d: %v", len(runes), limit, err)
		}
	})
}

func FuzzParseTitle(f *testing.F) {
	for _, seed := range []string{"buy milk", " x ", "", "\x00", "a\nb", "\u200b", "e\u0301", "\xff", strings.Repeat("漢", 201)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTitle(t, domain.DefaultLimits, text) })
}

// checkTitle holds what ParseTitle makes of a text against what is promised of a title.
func checkTitle(t rapid.TB, limits domain.Limits, text string) {
	t.Helper()
	title, err := limits.ParseTitle(text)
	if err != nil {
		wantInvalid(t, err, "title")
		return
	}
	got := title.String()
	if got != strings.TrimSpace(text) {
		t.Errorf("ParseTitle(%q) = %q, more than trimmed", text, got)
	}
	if length := utf8.RuneCountInString(got); length < 1 || length > limits.Title {
		t.Errorf("ParseTitle(%q) has %d runes, limit %d", text, length, limits.Title)
	}
	if !utf8.ValidString(got) || strings.ContainsFunc(got, unicode.IsControl) || !strings.ContainsFunc(got, unicode.IsPrint) {
		t.Errorf("ParseTitle(%q) = %q, which is no title", text, got)
	}
	if again, err := limits.ParseTitle(got); again != title || err != nil {
		t.Errorf("ParseTitle(%q) = %q, %v the second time", got, again, err)
	}
	if restored, err := domain.RestoreTitle(got); restored != title || err != nil {
		t.Errorf("RestoreTitle(%q) = %q, %v", got, restored, err)
	}
}

func TestTitleZero(t *testing.T) {
	if text := (domain.Title{}).String(); text != "" {
		t.Errorf("the zero title is %q", text)
	}
}

func TestDefaultLimits(t *testing.T) {
	if want := (domain.Limits{Title: 200, Description: 1000}); domain.DefaultLimits != want {
		t.Errorf("the default limits are %+v, want %+v", domain.DefaultLimits, want)
	}
}
