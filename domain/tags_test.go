package domain_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/taskward/taskward/domain"
)

func TestParseTags(t *testing.T) {
	for name, test := range map[string]struct{ names, want []string }{
		"none":                       {nil, []string{}},
		"an empty list":              {[]string{}, []string{}},
		"one":                        {[]string{"home"}, []string{"home"}},
		"their order":                {[]string{"b", "a", "c"}, []string{"b", "a", "c"}},
		"white space around":         {[]string{" \t home\u3000", "two  words\n"}, []string{"home", "two  words"}},
		"others only by case":        {[]string{"a", "A", "á", "a\u0301"}, []string{"a", "A", "á", "a\u0301"}},
		"punctuation":                {[]string{",", ";", "\"", "'", "[]", "{}", "\\", "%", "_", "#1"}, []string{",", ";", "\"", "'", "[]", "{}", "\\", "%", "_", "#1"}},
		"as long as may be":          {[]string{strings.Repeat("漢", 50)}, []string{strings.Repeat("漢", 50)}},
		"long only for its spaces":   {[]string{strings.Repeat(" ", 60) + "a"}, []string{"a"}},
		"as many as may be":          {numbered(20), numbered(20)},
		"emoji of several runes":     {[]string{"👩‍👩‍👧‍👦"}, []string{"👩‍👩‍👧‍👦"}},
		"one that begins as another": {[]string{"home", "homework", "work"}, []string{"home", "homework", "work"}},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.ParseTags(test.names)
			if err != nil || !slices.Equal(got.Names(), test.want) {
				t.Errorf("ParseTags(%q) = %q, %v; want %q", test.names, got.Names(), err, test.want)
			}
			if got.Names() == nil {
				t.Error("the names are nil, which is no list")
			}
		})
	}
}

func TestParseTagsRefuses(t *testing.T) {
	const (
		line      = "must each be one line of text that is not blank"
		long      = "must have at most 50 characters each"
		many      = "must be at most 20"
		different = "must be different from each other"
	)
	for name, test := range map[string]struct {
		names  []string
		detail string
	}{
		"an empty name":             {[]string{"a", ""}, line},
		"white space":               {[]string{" \t\n"}, line},
		"a zero-width space":        {[]string{"\u200b"}, line},
		"two lines":                 {[]string{"a\nb"}, line},
		"a line separator":          {[]string{"a\u2028b"}, line},
		"NUL":                       {[]string{"a\x00"}, line},
		"a stray byte":              {[]string{"a\xff"}, line},
		"one character too many":    {[]string{"a", strings.Repeat("漢", 51)}, long},
		"far too many":              {[]string{strings.Repeat("a", 1<<20)}, long},
		"one tag too many":          {numbered(21), many},
		"a crowd":                   {make([]string, 100_000), many},
		"the same twice":            {[]string{"a", "b", "a"}, different},
		"the same but for its ends": {[]string{"a", " a "}, different},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := domain.ParseTags(test.names)
			wantOnly(t, err, "tags", test.detail)
			if got != (domain.Tags{}) {
				t.Errorf("ParseTags gave %q with its error", got.Names())
			}
		})
	}
}

func TestRestoreTags(t *testing.T) {
	beyond := append(numbered(50), strings.Repeat("a", 5000))
	if got, err := domain.RestoreTags(beyond); err != nil || !slices.Equal(got.Names(), beyond) {
		t.Errorf("tags beyond any bound came back as %d, error %v", len(got.Names()), err)
	}
	for _, names := range [][]string{{""}, {" a"}, {"a", "a"}, {"a\n"}, {"\xff"}} {
		got, err := domain.RestoreTags(names)
		wantInvalid(t, err, "tags")
		if got != (domain.Tags{}) {
			t.Errorf("RestoreTags(%q) gave %q with its error", names, got.Names())
		}
	}
}

func TestHasAll(t *testing.T) {
	have := tags("home", "homework", "a b")
	for _, test := range []struct {
		asked []string
		want  bool
	}{
		{nil, true},
		{[]string{"home"}, true},
		{[]string{"a b", "home"}, true},
		{[]string{"home", "homework", "a b"}, true},
		{[]string{"work"}, false},
		{[]string{"hom"}, false},
		{[]string{"Home"}, false},
		{[]string{"b"}, false},
		{[]string{"home", "away"}, false},
	} {
		if got := have.HasAll(tags(test.asked...)); got != test.want {
			t.Errorf("%q have all of %q: %v", have.Names(), test.asked, got)
		}
	}
	if (domain.Tags{}).HasAll(have) || !(domain.Tags{}).HasAll(domain.Tags{}) {
		t.Error("no tags have all of some, or not all of none")
	}
}

func TestTagsProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfN(rapid.OneOf(anyText(), rapid.SampledFrom([]string{"a", "A", " a", "b"})), 0, 23)
		checkTags(t, names.Draw(t, "names"))
	})
}

func FuzzParseTags(f *testing.F) {
	for _, seed := range []string{"", "home", "home,work", " a ,a", "a\x1fb", "\x00", "\xff", "\u200b", strings.Repeat("漢", 51), strings.Repeat("a,", 21)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) { checkTags(t, strings.Split(text, ",")) })
}

// checkTags holds what ParseTags makes of names against its rules.
func checkTags(t rapid.TB, names []string) {
	t.Helper()
	got, err := domain.ParseTags(names)
	if err != nil {
		wantInvalid(t, err, "tags")
		return
	}
	if len(names) > domain.MaxTags || len(got.Names()) != len(names) {
		t.Fatalf("ParseTags made %d tags of %d", len(got.Names()), len(names))
	}
	for i, name := range got.Names() {
		if name != strings.TrimSpace(names[i]) {
			t.Errorf("ParseTags made %q of %q", name, names[i])
		}
		if length := utf8.RuneCountInString(name); length < 1 || length > domain.MaxTagRunes {
			t.Errorf("ParseTags accepted %q of %d runes", name, length)
		}
		if slices.Contains(got.Names()[:i], name) {
			t.Errorf("ParseTags accepted %q twice", name)
		}
		if !got.HasAll(tags(name)) {
			t.Errorf("%q do not have %q", got.Names(), name)
		}
	}
	if again, err := domain.ParseTags(got.Names()); again != got || err != nil {
		t.Errorf("ParseTags(%q) = %q, %v the second time", names, again.Names(), err)
	}
	if restored, err := domain.RestoreTags(got.Names()); restored != got || err != nil {
		t.Errorf("RestoreTags(%q) = %q, %v", got.Names(), restored.Names(), err)
	}
}

func numbered(count int) []string {
	names := make([]string, count)
	for i := range names {
		names[i] = fmt.Sprintf("tag %d", i)
	}
	return names
}
