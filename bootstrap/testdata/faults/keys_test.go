package faults_test

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

var discard = log.New(io.Discard, "", 0)

// An outage is a way in which an auth server's keys cannot be had.
type outage struct {
	name       string
	begin, end func(t *testing.T, k *keyServer, names string)
}

// answering is an outage that is another answer.
func answering(name string, answer http.HandlerFunc) outage {
	return outage{
		name,
		func(_ *testing.T, k *keyServer, _ string) { k.serve(answer) },
		func(_ *testing.T, k *keyServer, _ string) { k.serve(k.keys) },
	}
}

// saying is an answer with a status and a body.
func saying(status int, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for _, line := range headers {
			name, value, _ := strings.Cut(line, ": ")
			w.Header().Set(name, value)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body) // the client may have gone
	}
}

const jsonType = "Content-Type: application/json"

var outages = []outage{
	{
		"connection refused",
		func(_ *testing.T, k *keyServer, _ string) { _ = k.server.Close() },
		func(t *testing.T, k *keyServer, _ string) { k.listen(t) },
	},
	{
		"no such name",
		func(t *testing.T, _ *keyServer, names string) {
			if names == "" {
				t.Skip("only root can take a name from a service")
			}
			writeNames(t, names, "localhost")
		},
		func(t *testing.T, _ *keyServer, names string) { writeNames(t, names, "localhost "+keyHost) },
	},
	{
		"wrong certificate",
		func(_ *testing.T, k *keyServer, _ string) { k.forged.Store(true) },
		func(_ *testing.T, k *keyServer, _ string) { k.forged.Store(false) },
	},
	answering("no answer", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }),
	answering("a byte now and then", func(w http.ResponseWriter, r *http.Request) {
		for {
			if _, err := io.WriteString(w, " "); err != nil {
				return
			}
			if err := http.NewResponseController(w).Flush(); err != nil {
				return
			}
			select {
			case <-time.After(100 * time.Millisecond):
			case <-r.Context().Done():
				return
			}
		}
	}),
	answering("connection cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
	answering("429", saying(429, `{"error":"slow down"}`, jsonType, "Retry-After: 60")),
	answering("500", saying(500, "oops")),
	answering("503 with Retry-After", saying(503, "later", "Retry-After: 120")),
	answering("404", saying(404, "not here")),
	answering("301 to elsewhere", saying(301, "", "Location: https://localhost:1/keys")),
	answering("200 with HTML", saying(200, "<!doctype html><title>Sign in</title>", "Content-Type: text/html")),
	answering("200 with nothing", saying(200, "", jsonType)),
	answering("200 with half of it", saying(200, `{"keys":[{"kty":"OKP","crv":"Ed2`, jsonType)),
	answering("200 without end", func(w http.ResponseWriter, _ *http.Request) {
		for err := error(nil); err == nil; {
			_, err = io.WriteString(w, strings.Repeat(" ", 64<<10))
		}
	}),
}

// Keys that could be had once serve on, whatever becomes of the auth server.
func TestKeyOutages(t *testing.T) {
	k := newKeyServer(t)
	settings := []string{
		"BETTER_AUTH_SECRET=", "BETTER_AUTH_URL=" + k.issuer, "SSL_CERT_FILE=" + k.bundle,
		"TASKWARD_JWKS_COOLDOWN=1ms", "TASKWARD_LOG_LEVEL=info",
	}
	r, names := serveAmong(t, "sqlite:"+filepath.Join(t.TempDir(), "tasks.db"), settings...)
	ta := &tally{}
	good := func() {
		p := personOf(k.issuer, keyID, k.key)
		a := client{r.url, p}.send(t.Context(), "POST", "/api/me/tasks", `{"title":"Mine"}`)
		ta.take(a)
		if a.status != 201 {
			ta.wrong("a good token: %v", a)
			return
		}
		ta.acknowledge()
	}
	stranger := func() { // has the keys fetched
		a := client{r.url, personOf(k.issuer, "unknown", k.key)}.send(t.Context(), "GET", "/api/me/tasks", "")
		if a.status != 401 && a.status != 503 {
			ta.wrong("a token of an unknown key: %v", a)
		}
	}
	told := func(line string) int { return strings.Count(r.process.printed.String(), `"msg":"`+line+`"`) }
	good()
	for _, outage := range outages {
		t.Run(outage.name, func(t *testing.T) {
			failed, back := told("key set not fetched"), told("key set fetched again")
			outage.begin(t, k, names)
			eventually(t, "the keys could not be fetched", func() bool {
				stranger()
				good()
				return told("key set not fetched") > failed
			})
			for range times(50, 10) {
				good()
			}
			r.get(t, "/readyz").expect(t, 200)
			outage.end(t, k, names)
			eventually(t, "the keys are fetched again", func() bool {
				stranger()
				good()
				return told("key set fetched again") > back
			})
		})
	}
	ta.expectIntact(t, fmt.Sprintf("%d outages of the key server", len(outages)), len(outages))
}

// serveAmong starts a service that has names of its own for addresses, and gives the file with them, if the system lets us.
func serveAmong(t *testing.T, database string, settings ...string) (*replica, string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return serve(t, database, settings...), ""
	}
	dir := t.TempDir()
	names, resolver := filepath.Join(dir, "hosts"), filepath.Join(dir, "resolv.conf")
	writeNames(t, names, "localhost "+keyHost)
	if err := os.WriteFile(resolver, []byte("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	r := newReplica(t, database, settings...)
	r.within = []string{"unshare", "--mount", "sh", "-c", `mount --bind "$0" /etc/hosts && mount --bind "$1" /etc/resolv.conf && shift && exec "$@"`, names, resolver}
	r.start(t)
	r.await(t)
	return r, names
}

func writeNames(t *testing.T, path, names string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("127.0.0.1 "+names+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
}
