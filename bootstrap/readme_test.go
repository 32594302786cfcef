package bootstrap_test

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/bootstrap"
)

// TestReadmeSettings holds the README's table against the settings there are:
// their names, defaults and words, none more, none less.
func TestReadmeSettings(t *testing.T) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	const head = "| variable | default | what it is |\n|---|---|---|\n"
	_, table, ok := strings.Cut(string(readme), head)
	if !ok {
		t.Fatalf("the README has no table that begins with\n%s", head)
	}
	table, _, _ = strings.Cut(table, "\n\n")
	if diff := cmp.Diff(settingsTable(), strings.TrimRight(table, "\n")); diff != "" {
		t.Errorf("the README's settings (-settings +README):\n%s\nIt should read:\n%s", diff, settingsTable())
	}
}

func settingsTable() string {
	rows := append(rowsOf(reflect.TypeFor[bootstrap.Config](), ""), rowsOf(reflect.TypeFor[bootstrap.AuthServer](), "TASKWARD_AUTH_1_")...)
	return strings.Join(rows, "\n")
}

func rowsOf(config reflect.Type, prefix string) []string {
	var rows []string
	for i := range config.NumField() {
		tag := config.Field(i).Tag
		if tag.Get("env") == "-" {
			continue
		}
		name, fallback := "`"+prefix+tag.Get("env")+"`", tag.Get("envDefault")
		if tag.Get("hidden") == "true" {
			name += " †"
		}
		if fallback != "" {
			fallback = "`" + fallback + "`"
		}
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |", name, fallback, tag.Get("about")))
	}
	return rows
}
