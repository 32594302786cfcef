package bootstrap_test

import (
	"os"
	"path/filepath"
	"testing"
)

const typescriptDir = "testdata/client"

// A front end in TypeScript gets its types from the served openapi.yaml, without a line written by hand. The program that is compiled
// and run, testdata/client/src/client.mts, does with them what front ends do.
func TestTypeScriptClient(t *testing.T) {
	t.Parallel()
	needBinary(t)
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_SECRET="+secret)
	ada := server.as(nextRoute(t))
	dir := typescriptProject(t)

	// In TypeScript, what has a default would have to be there, in requests too.
	runTool(t, "openapi-typescript", server.url+"/openapi.yaml", "--default-non-nullable=false", "--output", filepath.Join(dir, "api.d.mts"))
	runTool(t, "tsc", "--project", filepath.Join(dir, "tsconfig.json"))
	runNode(t, []string{"TASKWARD_URL=" + server.url, "TASKWARD_TOKEN=" + ada.person.token, "TASKWARD_USER=" + ada.person.id}, filepath.Join(dir, "client.mjs"))

	kept := ada.allTasks(t)
	if len(kept) != 1 || kept[0].Title != "Buy more oat milk" || !kept[0].Completed {
		t.Errorf("the client left %+v", kept)
	}
}

// typescriptProject is a folder with the program and its packages, in which files can be made.
func typescriptProject(t *testing.T) string {
	t.Helper()
	packages, err := filepath.Abs(filepath.Join(typescriptDir, "node_modules"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(packages, "openapi-typescript")); err != nil {
		t.Fatal("the client's packages are not installed: npm ci --prefix bootstrap/" + typescriptDir)
	}
	dir := t.TempDir()
	if err := os.Symlink(packages, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(typescriptDir, "src"))); err != nil {
		t.Fatal(err)
	}
	return dir
}

// runTool runs a program of the client's packages.
func runTool(t *testing.T, name string, args ...string) {
	t.Helper()
	runNode(t, nil, append([]string{filepath.Join(typescriptDir, "node_modules", ".bin", name)}, args...)...)
}

// runNode runs a script to its end, which has to be a good one.
func runNode(t *testing.T, settings []string, args ...string) {
	t.Helper()
	startProcess(t, settings, "node", args...).expectCleanExit(t)
	if t.Failed() {
		t.FailNow()
	}
}
