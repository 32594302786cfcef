package portstest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
)

// kills is the table of which mutant was killed by which rule.
type kills struct {
	killed, survived int
	rows             []string
}

// try runs a rule over the mutants that it is there for, by their faults, each
// in a test of its own. The rule has to fail for all of them. A rule that no
// fault is meant for proves nothing: that fails the test, too.
func try[M any](t *testing.T, kills *kills, sentence string, mutants map[string]M, verdict func(*testing.T, M) string) {
	t.Helper()
	if len(mutants) == 0 {
		t.Errorf("no mutant breaks the rule %q", sentence)
	}
	for _, fault := range slices.Sorted(maps.Keys(mutants)) {
		t.Run(fault, func(t *testing.T) {
			failure := verdict(t, mutants[fault])
			if failure == "" {
				t.Errorf("survives the rule %q", sentence)
			}
			t.Logf("%s\n\t%s", sentence, failure)
			kills.note(fault, sentence, failure != "")
		})
	}
}

func (k *kills) note(fault, sentence string, killed bool) {
	if killed {
		k.killed++
	} else {
		k.survived++
		sentence = "nothing: it SURVIVES " + sentence
	}
	k.rows = append(k.rows, fault+"\t"+sentence)
}

// print gives the table out as what the test has to say last.
func (k *kills) print(t *testing.T) {
	t.Helper()
	var table strings.Builder
	columns := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	_, err := fmt.Fprintf(columns, "%d mutants killed, %d survived\n\nMUTANT\tKILLED BY\n%s\n", k.killed, k.survived, strings.Join(k.rows, "\n"))
	if err == nil {
		err = columns.Flush()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Log(table.String())
}
