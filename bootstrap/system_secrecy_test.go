package bootstrap_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
)

// What is nobody else's business: whatever the tests send or mint is noted here, and whatever Taskward prints is searched for it.
var confidences = confidential{kinds: map[string]string{}, heads: map[string][]string{}}

type confidential struct {
	mu    sync.RWMutex
	kinds map[string]string   // by text
	heads map[string][]string // texts by how they begin
}

// head is how much of a text is looked up. What is shorter turns up in any log, and is looked for in quotes.
const head = 8

func (c *confidential) note(kind, text string) {
	if len(text) < head {
		text = `"` + text + `"`
	}
	if len(text) < head {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, known := c.kinds[text]; !known {
		c.kinds[text] = kind
		c.heads[text[:head]] = append(c.heads[text[:head]], text)
	}
}

// noteToken notes a token and each part of it.
func (c *confidential) noteToken(token string) {
	for _, part := range append(strings.Split(token, "."), token) {
		if len(part) >= 2*head {
			c.note("token", part)
		}
	}
}

// private is what a body tells of tasks.
var private = regexp.MustCompile(`"(?:title|description)"\s*:\s*("(?:[^"\\]|\\.)*")`)

// noteBody notes the titles and descriptions in a body, as they are and as a log would quote them.
func (c *confidential) noteBody(body string) {
	for _, match := range private.FindAllStringSubmatch(body, -1) {
		var text string
		if json.Unmarshal([]byte(match[1]), &text) != nil {
			continue
		}
		c.note("title", text)
		c.note("title", strings.Trim(match[1], `"`))
	}
}

// noteSettings notes the secrets and passwords among settings.
func (c *confidential) noteSettings(settings []string) {
	for _, setting := range settings {
		name, value, _ := strings.Cut(setting, "=")
		if of, file := strings.CutSuffix(name, "_FILE"); file {
			content, _ := os.ReadFile(value) // one that is not there has no secret
			name, value = of, strings.TrimSpace(string(content))
		}
		switch {
		case name == "BETTER_AUTH_SECRET":
			c.note("secret", value)
		case name == "BETTER_AUTH_SECRETS":
			for secret := range strings.SplitSeq(value, ",") {
				_, secret, _ = strings.Cut(secret, ":")
				c.note("secret", secret)
			}
		case name == "OTEL_EXPORTER_OTLP_HEADERS":
			_, value, _ = strings.Cut(value, "=")
			c.note("header", value)
		case strings.Contains(name, "DATABASE"):
			if parsed, err := url.Parse(value); err == nil && parsed.User != nil {
				password, _ := parsed.User.Password()
				c.note("password", password)
			}
		}
	}
}

// find gives a line of the text that has something in it that it should not have, and what it is.
func (c *confidential) find(text string, but ...string) (kind, line string) {
	c.mu.RLock()
	defer c.mu.RUnlock()
	for i := 0; i+head <= len(text); i++ {
		for _, candidate := range c.heads[text[i:i+head]] {
			if kind := c.kinds[candidate]; strings.HasPrefix(text[i:], candidate) && !slices.Contains(but, kind) {
				start := strings.LastIndexByte(text[:i], '\n') + 1
				line, _, _ := strings.Cut(text[start:], "\n")
				return kind, line
			}
		}
	}
	return "", ""
}

// expectDiscretion holds what a program has printed to what it may print. Only who asks for tokens gets them, on standard output.
func expectDiscretion(t *testing.T, args []string, stdout, stderr string) {
	t.Helper()
	var asked []string
	if len(args) > 0 && (args[0] == "token" || args[0] == "dev") {
		asked = []string{"token"}
	}
	for _, printed := range []struct {
		text string
		but  []string
	}{{stdout, asked}, {stderr, nil}} {
		if kind, line := confidences.find(printed.text, printed.but...); kind != "" {
			t.Errorf("taskward %s prints a %s: %s", strings.Join(args, " "), kind, line)
		}
	}
}

// expectNothingInArguments holds a command line to what any user of the machine may read.
func expectNothingInArguments(t *testing.T, name string, args []string) {
	t.Helper()
	if kind, line := confidences.find(strings.Join(args, "\n")); kind != "" {
		t.Errorf("a %s is among the arguments of %s: %s", kind, filepath.Base(name), line)
	}
}

// flags are all that the command line takes. None is for a secret: other users can read arguments.
var flags = map[string][]string{
	"adopt":   {"dry-run", "from-file", "ignore", "map", "table"}, // the file is for a URL with a password
	"backup":  nil,
	"config":  nil,
	"dev":     {"data"},
	"doctor":  nil,
	"restore": nil,
	"serve":   nil,
	"sweep":   {"pause", "yes"},
	"token":   {"email", "ttl", "user"},
	"version": {"json"},

	"healthcheck":        nil,
	"migrate distribute": nil,
	"migrate down":       nil,
	"migrate status":     nil,
	"migrate up":         nil,
}

func TestNoFlagTakesASecret(t *testing.T) {
	seen := map[string]bool{}
	var visit func(path []string)
	visit = func(path []string) {
		_, help, _ := command(t, nil, append(path, "--help")...)
		if _, list, ok := strings.Cut(help, "\nAvailable Commands:\n"); ok {
			list, _, _ = strings.Cut(list, "\n\n")
			for line := range strings.Lines(list) {
				if name := strings.Fields(line)[0]; name != "help" && name != "completion" {
					visit(append(slices.Clone(path), name))
				}
			}
			return
		}
		name := strings.Join(path, " ")
		seen[name] = true
		var got []string
		for _, match := range regexp.MustCompile(`(?m)^ +(?:-\w, )?--([\w-]+)`).FindAllStringSubmatch(help, -1) {
			if match[1] != "help" {
				got = append(got, match[1])
			}
		}
		slices.Sort(got)
		want, known := flags[name]
		if !known || !slices.Equal(got, want) {
			t.Errorf("taskward %s takes the flags %q, want %q (see that none is for a secret)", name, got, want)
		}
	}
	visit(nil)
	for name := range flags {
		if !seen[name] {
			t.Errorf("there is no taskward %s", name)
		}
	}
}

// Taskward starts no other program, so that none gets its environment or arguments.
func TestNoProgramIsStarted(t *testing.T) {
	for file, imports := range importsOf(t, "..") {
		if slices.Contains(imports, "os/exec") && !strings.Contains(file, "/postgrestest/") && !strings.Contains(file, "/redistest/") {
			t.Errorf("%s starts programs", file)
		}
	}
}

func TestConfidences(t *testing.T) {
	all := confidential{kinds: map[string]string{}, heads: map[string][]string{}}
	all.noteToken("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhZGEifQ.abcdefghijklmnopqrstuvwxyz")
	all.noteBody(`{"operations":[{"title":"Water \"the\" plants"},{"title":"four","description":"in the kitchen"}]}`)
	file := filepath.Join(t.TempDir(), "secret")
	if err := os.WriteFile(file, []byte("a-secret-in-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	all.noteSettings([]string{"DATABASE_URL=postgres://u:a-password@h/d", "BETTER_AUTH_SECRETS=2:the-new-one,1:the-old-one", "BETTER_AUTH_SECRET_FILE=" + file})
	for text, want := range map[string]string{
		"fine\n{\"msg\":\"request\"}\n":                      "",
		"fine\nabcdefghijklmnopqrstuvwxyz\nfine":             "token",
		"token=eyJhbGciOiJIUzI1NiJ9.x":                       "token",
		`title="Water \"the\" plants"`:                       "title",
		`Water "the" plants`:                                 "title",
		`four`:                                               "",
		`error: in the kitchen`:                              "title",
		"dial postgres://u:a-password@h/d":                   "password",
		"the-new-one":                                        "secret",
		"the-old-one":                                        "secret",
		"level=INFO msg=\"a-secret-in-a-file is no secret\"": "secret",
	} {
		kind, line := all.find("first\n" + text + "\nlast")
		if kind != want || kind != "" && !strings.Contains(text, line) {
			t.Errorf("%q: a %q in %q, want a %q", text, kind, line, want)
		}
	}
	if kind, _ := all.find("eyJhbGciOiJIUzI1NiJ9", "token"); kind != "" {
		t.Errorf("who asked for tokens must not have a %s", kind)
	}
}
