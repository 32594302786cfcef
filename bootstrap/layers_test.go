package bootstrap_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "github.com/taskward/taskward"

// layer is what a package may import beside the standard library: packages
// of ours by their exact names, and libraries with all that is below them.
type layer struct {
	pkg    string
	ours   []string
	others []string
}

var layers = []layer{
	{pkg: "domain"},
	{pkg: "migrations"},
	{pkg: "ports", ours: []string{"domain"}},
	{pkg: "ports/portstest", ours: []string{"domain", "ports"}},
	{pkg: "application", ours: []string{"domain", "ports"}},
	{pkg: "adapters/memory", ours: []string{"domain", "ports"}},
	{
		pkg: "adapters/jwtauth", ours: []string{"domain", "ports"},
		others: []string{"github.com/golang-jwt/jwt/v5", "github.com/go-json-experiment/json", "github.com/maypok86/otter/v2"},
	},
	{pkg: "adapters/redis", ours: []string{"domain"}, others: []string{"github.com/redis/go-redis/v9"}},
	{pkg: "adapters/redis/redistest"},
	{pkg: "adapters/legacytable", ours: []string{"domain"}},
	{pkg: "adapters/betterauth", ours: []string{"domain", "ports"}, others: []string{"golang.org/x/sync"}},
	{
		pkg: "adapters/bunstore", ours: []string{"domain"},
		others: []string{"github.com/uptrace/bun", "github.com/pressly/goose/v3"},
	},
	{
		pkg: "adapters/bunstore/postgres", ours: []string{"domain", "ports", "adapters/bunstore", "migrations"},
		others: []string{
			"github.com/uptrace/bun", "github.com/jackc/pgx/v5", "github.com/pressly/goose/v3",
			"github.com/exaring/otelpgx", "go.opentelemetry.io/otel/trace", "go.opentelemetry.io/otel/metric/noop",
		},
	},
	{pkg: "adapters/bunstore/postgres/postgrestest", others: []string{"github.com/jackc/pgx/v5"}},
	{
		pkg: "adapters/bunstore/sqlite", ours: []string{"domain", "ports", "adapters/bunstore", "migrations"},
		others: []string{"github.com/uptrace/bun", "github.com/pressly/goose/v3", "github.com/gofrs/flock", "modernc.org/sqlite"},
	},
	{pkg: "adapters/adminapi"},
	{pkg: "adapters/auditlog", ours: []string{"domain"}},
	{pkg: "adapters/metrics", others: []string{"github.com/prometheus/client_golang/prometheus", "github.com/prometheus/client_model/go"}},
	{
		pkg: "adapters/telemetry", ours: []string{"domain", "ports"},
		others: []string{
			"go.opentelemetry.io/otel/exporters/otlp/otlptrace", "go.opentelemetry.io/otel/sdk", "go.opentelemetry.io/otel/semconv", "go.opentelemetry.io/otel/trace",
			"go.opentelemetry.io/proto/otlp", "google.golang.org/protobuf/proto", "github.com/prometheus/client_model/go",
		},
	},
	{pkg: "adapters/webpage"},
	{
		pkg: "adapters/httpapi", ours: []string{"application", "domain"},
		others: []string{
			"github.com/labstack/echo/v4", "github.com/go-json-experiment/json", "github.com/klauspost/compress/gzip", "github.com/swaggest/swgui",
			"github.com/arran4/golang-ical", "golang.org/x/net/netutil",
			"go.opentelemetry.io/otel/attribute", "go.opentelemetry.io/otel/codes", "go.opentelemetry.io/otel/propagation", "go.opentelemetry.io/otel/semconv", "go.opentelemetry.io/otel/trace",
		},
	},
	{
		pkg: "bootstrap",
		ours: []string{
			"domain", "ports", "application", "adapters/adminapi", "adapters/auditlog", "adapters/betterauth", "adapters/jwtauth", "adapters/httpapi",
			"adapters/bunstore", "adapters/bunstore/postgres", "adapters/bunstore/sqlite", "adapters/legacytable", "adapters/memory", "adapters/metrics", "adapters/redis",
			"adapters/telemetry", "adapters/webpage",
		},
		others: []string{
			"go.uber.org/fx", "go.uber.org/dig", "github.com/caarlos0/env/v11", "github.com/spf13/cobra", "github.com/agext/levenshtein",
			"github.com/KimMachineGun/automemlimit", "go.opentelemetry.io/otel/trace", "github.com/schollz/progressbar/v3", "golang.org/x/term",
		},
	},
	{pkg: "bootstrap/cmd/taskward", ours: []string{"bootstrap"}},
}

// TestLayers holds every import of the module against the table, and the
// table against the module. It reads the files themselves: a test that asked
// the go command would be answered from its cache.
func TestLayers(t *testing.T) {
	used := map[string]bool{}
	for file, imports := range importsOf(t, "..") {
		pkg := path.Dir(file)
		row := slices.IndexFunc(layers, func(l layer) bool { return l.pkg == pkg })
		if row < 0 {
			t.Errorf("%s: no layer covers package %s", file, pkg)
			continue
		}
		used[pkg] = true
		for _, imported := range imports {
			if isStandard(imported) {
				continue
			}
			name, ok := layers[row].allows(imported)
			if !ok {
				t.Errorf("%s: package %s must not import %s", file, pkg, imported)
			}
			used[pkg+" "+name] = true
		}
	}
	for _, layer := range layers {
		if !used[layer.pkg] {
			t.Errorf("the table has package %s, which does not exist", layer.pkg)
		}
		for _, name := range slices.Concat(layer.ours, layer.others) {
			if !used[layer.pkg+" "+name] {
				t.Errorf("the table allows package %s to import %s, which it does not do", layer.pkg, name)
			}
		}
	}
}

// allows gives the name in the layer that lets it import a package.
func (l layer) allows(imported string) (name string, ok bool) {
	if name, ours := strings.CutPrefix(imported, module+"/"); ours {
		return name, slices.Contains(l.ours, name)
	}
	for _, library := range l.others {
		if imported == library || strings.HasPrefix(imported, library+"/") {
			return library, true
		}
	}
	return imported, false
}

// isStandard holds because only the standard library's paths have no dot in
// their first element.
func isStandard(imported string) bool {
	first, _, _ := strings.Cut(imported, "/")
	return !strings.Contains(first, ".")
}

// importsOf gives the imports of each Go file below root that is built into
// something: no tests, no testdata, no dot-folders.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := entry.Name()
		if entry.IsDir() && name != root && (strings.HasPrefix(base, ".") || base == "testdata") {
			return filepath.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(base, ".go") || strings.HasSuffix(base, "_test.go") {
			return nil
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		imports := []string{}
		for _, spec := range parsed.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		found[filepath.ToSlash(relative)] = imports
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}
