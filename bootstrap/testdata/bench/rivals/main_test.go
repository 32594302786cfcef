package main

import (
	"bytes"
	"strings"
	"testing"

	"example.com/bench/internal/service"
)

// TestMeasure runs the short form from end to end, but that rivals are the
// limit server, which needs nothing that others' do.
func TestMeasure(t *testing.T) {
	if testing.Short() {
		t.Skip("-short leaves out what builds servers and measures them")
	}
	root, err := service.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var progress bytes.Buffer
	b, err := setUp(t.Context(), quick, root, &progress)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.TearDown(); err != nil {
			t.Error(err)
		}
	})
	program, err := service.Build(t.Context(), ".", "example.com/bench/limit", b.Directory)
	if err != nil {
		t.Fatal(err)
	}
	limit := service.Limit(program, b.Cluster.URL)
	report, err := b.measure(t.Context(), rival{Spec: limit, versions: "Go 1", bound: 0.01}, rival{Spec: limit, versions: "Go 2", bound: 100})
	if err != nil {
		t.Fatalf("%v\n%s", err, &progress)
	}
	page := report.String()
	for _, part := range []string{
		"\nGo 1.\nGo 2.\n", "| W1: requests of limit, 2 workers | ≥ 0.01 × |", "| yes |\n", "| W1: requests of limit, 2 workers | ≥ 100.00 × |", "| no |\n",
		"| Taskward |", "| limit |",
	} {
		if !strings.Contains(page, part) {
			t.Errorf("there is no %q", part)
		}
	}
	for _, none := range []string{"NaN", "Inf"} {
		if strings.Contains(page, none) {
			t.Errorf("there is %s", none)
		}
	}
	if t.Failed() {
		t.Log(page)
	}
}
