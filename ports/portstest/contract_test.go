package portstest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestContracts holds the comment of each port against the rules of its
// suite, both ways: what is promised is checked, what is checked is promised.
func TestContracts(t *testing.T) {
	for _, port := range []struct {
		name, file string
		checked    []string
	}{
		{"TaskRepository", "../task_repository.go", taskRepositorySentences()},
		{"TokenVerifier", "../token_verifier.go", tokenVerifierSentences()},
		{"Revocations", "../revocations.go", revocationSentences()},
		{"SessionLookup", "../session_lookup.go", sessionLookupSentences()},
		{"UserDirectory", "../user_directory.go", userDirectorySentences()},
		{"KeySource", "../key_source.go", keySourceSentences()},
		{"Wakeups", "../wakeups.go", wakeupSentences()},
		{"Owners", "../owners.go", ownersSentences()},
		{"RateLimiter", "../rate_limiter.go", rateLimiterSentences()},
		{"AuditLog", "../audit_log.go", auditSentences()},
	} {
		t.Run(port.name, func(t *testing.T) {
			promised := contract(t, port.file, port.name)
			slices.Sort(promised)
			slices.Sort(port.checked)
			if diff := cmp.Diff(promised, port.checked); diff != "" {
				t.Errorf("promised and not checked (-), checked and not promised (+):\n%s", diff)
			}
		})
	}
}

func taskRepositorySentences() []string {
	var sentences []string
	for _, rule := range taskRepositoryRules() {
		sentences = append(sentences, rule.sentence)
	}
	return append(sentences, closedRule.sentence, twiceRule.sentence)
}

func tokenVerifierSentences() []string {
	var sentences []string
	for _, rule := range verifierRules {
		sentences = append(sentences, rule.sentence)
	}
	return sentences
}

// preface ends what a port's comment says before its contract begins.
const preface = "under the same words."

// contract gives the sentences that a port's comment and those of its methods
// consist of, after the preface and without headings.
func contract(t *testing.T, file, port string) []string {
	t.Helper()
	comment, methods := comments(t, file, port)
	_, comment, found := strings.Cut(comment, preface)
	if !found {
		t.Fatalf("the comment of %s does not say where its contract begins: %q is missing", port, preface)
	}
	var sentences []string
	for _, text := range append([]string{comment}, methods...) {
		for paragraph := range strings.SplitSeq(text, "\n\n") {
			sentences = append(sentences, split(t, paragraph)...)
		}
	}
	return sentences
}

// comments gives the comment of an interface and those of its methods.
func comments(t *testing.T, file, name string) (comment string, methods []string) {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	for _, declaration := range parsed.Decls {
		types, ok := declaration.(*ast.GenDecl)
		if !ok || types.Tok != token.TYPE {
			continue
		}
		for _, spec := range types.Specs {
			port, ok := spec.(*ast.TypeSpec)
			if !ok || port.Name.Name != name {
				continue
			}
			body, ok := port.Type.(*ast.InterfaceType)
			if !ok {
				t.Fatalf("%s is not an interface", name)
			}
			for _, method := range body.Methods.List {
				methods = append(methods, method.Doc.Text())
			}
			return types.Doc.Text(), methods
		}
	}
	t.Fatalf("%s has no type %s", file, name)
	return "", nil
}

var (
	sentenceEnd = regexp.MustCompile(`\.\s+`)
	docLink     = regexp.MustCompile(`\[([\w.]+)\]`)
)

// split gives the sentences of one paragraph, each on one line, without links
// and the full stop. A heading has none.
func split(t *testing.T, paragraph string) []string {
	t.Helper()
	paragraph = strings.Join(strings.Fields(paragraph), " ")
	if paragraph == "" || strings.HasPrefix(paragraph, "# ") {
		return nil
	}
	paragraph, ended := strings.CutSuffix(docLink.ReplaceAllString(paragraph, "$1"), ".")
	if !ended {
		t.Errorf("a sentence without an end: %q", paragraph)
	}
	return sentenceEnd.Split(paragraph, -1)
}
