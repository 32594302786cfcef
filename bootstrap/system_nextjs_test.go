package bootstrap_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// nextPage does with the README's lines what a page of a Next.js app would, in a browser whose cookies and origin are put in their place
// here. The first token that it gets has expired.
const nextPage = `
const { AUTH_URL, COOKIE } = process.env;
const network = globalThis.fetch;
const stale = [Response.json({ token: "e30.e30.e30" })];
globalThis.fetch = (to, init = {}) => to.startsWith("/") ? stale.pop() ?? network(AUTH_URL + to, { ...init, headers: { ...init.headers, Cookie: COOKIE } }) : network(to, init);

const { taskward } = await import("./tasks.mjs");
const created = await taskward("/tasks", { method: "POST", body: JSON.stringify({ title: "Water the plants" }) });
const listed = await (await taskward("/tasks")).json();
if (created.status !== 201 || listed.length !== 1 || listed[0].title !== "Water the plants") throw new Error(created.status + JSON.stringify(listed));
`

func TestReadmeNextJS(t *testing.T) {
	t.Parallel()
	needBinary(t)
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, lines, _ := strings.Cut(string(readme), "\n```js\n")
	lines, _, found := strings.Cut(lines, "\n```\n")
	if !found {
		t.Fatal("the README has no lines for a Next.js app")
	}
	dir := t.TempDir()
	for name, content := range map[string]string{"tasks.mjs": lines, "page.mjs": nextPage} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	auth := startBetterAuth(t)
	session := auth.openSession(t)
	var cookies []string
	for _, cookie := range session.cookies {
		cookies = append(cookies, cookie.Name+"="+cookie.Value)
	}
	server := serve(t, "DATABASE_URL="+engines[0].database(t), "BETTER_AUTH_URL="+auth.origin)
	runNode(t, []string{"NEXT_PUBLIC_TASKWARD_URL=" + server.url, "AUTH_URL=" + auth.url, "COOKIE=" + strings.Join(cookies, "; ")}, filepath.Join(dir, "page.mjs"))

	if kept := server.as(session.mint(t)).allTasks(t); len(kept) != 1 {
		t.Errorf("the page left %+v", kept)
	}
}
