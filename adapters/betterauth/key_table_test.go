package betterauth_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/adapters/bunstore/postgres/postgrestest"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports/portstest"
)

// noon is the time at which the tests below are set.
var noon = time.Date(2026, 2, 3, 12, 4, 5, 678901000, time.UTC)

func atNoon() time.Time { return noon }

func TestKeyTable(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables)
	portstest.TestKeySource(t, portstest.KeyHarness{
		Source: newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{}),
		Publish: func(ctx context.Context, keys ...portstest.PublicKey) error {
			if _, err := db.ExecContext(ctx, `TRUNCATE jwks`); err != nil {
				return err
			}
			for _, key := range keys {
				id := key["kid"]
				delete(key, "kid")
				document, err := json.Marshal(key)
				if err != nil {
					return err
				}
				key["kid"] = id
				if _, err := db.ExecContext(ctx, `INSERT INTO jwks VALUES ($1, $2, 'secret', now())`, id, string(document)); err != nil {
					return err
				}
			}
			return nil
		},
		Fail: func(ctx context.Context, failing bool) error {
			statement := `ALTER TABLE away RENAME TO jwks`
			if failing {
				statement = `ALTER TABLE jwks RENAME TO away`
			}
			_, err := db.ExecContext(ctx, statement)
			return err
		},
	})
}

// rfc8037 is the public Ed25519 key of RFC 8037, appendix A.2.
const rfc8037 = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"

func TestKeyTableRows(t *testing.T) {
	t.Parallel()
	const row = `INSERT INTO jwks ("createdAt", "privateKey", id, "publicKey", "expiresAt", alg, crv) VALUES (now() - $1::integer * interval '1 hour', 'secret', $2, $3, $4, $5, $6)`
	okp := `{"crv":"Ed25519","x":"` + rfc8037 + `","kty":"OKP"}`
	for name, test := range map[string]struct {
		rows [][]any // id, public key, expires at, alg, crv; the newest first
		want []map[string]any
		logs []string
	}{
		"none": {nil, []map[string]any{}, nil},
		"one":  {[][]any{{"k1", okp, nil, "EdDSA", "Ed25519"}}, []map[string]any{okpKey("k1", "EdDSA")}, nil},
		"of before 1.7, without alg and crv": {
			[][]any{{"k1", okp, nil, nil, nil}}, []map[string]any{okpKey("k1")}, nil,
		},
		"with alg and crv of its own": {
			[][]any{{"k1", `{"crv":"Ed25519","alg":"EdDSA","x":"` + rfc8037 + `","kty":"OKP"}`, nil, "RS256", "P-256"}},
			[]map[string]any{okpKey("k1", "EdDSA")},
			nil,
		},
		"without crv of its own": {
			[][]any{{"k1", `{"x":"` + rfc8037 + `","kty":"OKP"}`, nil, nil, "Ed25519"}}, []map[string]any{okpKey("k1")}, nil,
		},
		"with a kid of its own": {
			[][]any{{"k1", `{"kid":"other","crv":"Ed25519","x":"` + rfc8037 + `","kty":"OKP"}`, nil, nil, nil}}, []map[string]any{okpKey("k1")}, nil,
		},
		"with an odd id": {[][]any{{"\"ü\n\\", okp, nil, nil, nil}}, []map[string]any{okpKey("\"ü\n\\")}, nil},
		"RSA, and use and key_ops": {
			[][]any{{"k1", `{"kty":"RSA","n":"AQAB","e":"AQAB","use":"sig","key_ops":["verify"]}`, nil, "RS256", nil}},
			[]map[string]any{{"kid": "k1", "alg": "RS256", "kty": "RSA", "n": "AQAB", "e": "AQAB", "use": "sig", "key_ops": []any{"verify"}}},
			nil,
		},
		"private members": {
			[][]any{{"k1", `{"crv":"Ed25519","x":"` + rfc8037 + `","kty":"OKP","d":"secret","k":"secret","p":"secret"}`, nil, nil, nil}},
			[]map[string]any{okpKey("k1")},
			nil,
		},
		"of a kind that nobody knows": {
			[][]any{{"k1", `{"kty":"AKP","pub":"AQAB"}`, nil, nil, nil}}, []map[string]any{{"kid": "k1", "kty": "AKP"}}, nil,
		},
		"in and beyond the grace period": {
			[][]any{
				{"lasts", okp, noon.Add(time.Hour), nil, nil},
				{"over", okp, noon.Add(-time.Hour), nil, nil},
				{"within", okp, noon.Add(-30*24*time.Hour + time.Microsecond), nil, nil},
				{"beyond", okp, noon.Add(-30 * 24 * time.Hour), nil, nil},
				{"long beyond", okp, noon.Add(-40 * 24 * time.Hour), nil, nil},
			},
			[]map[string]any{okpKey("lasts"), okpKey("over"), okpKey("within")},
			nil,
		},
		"all beyond the grace period": {[][]any{{"beyond", okp, noon.Add(-31 * 24 * time.Hour), nil, nil}}, []map[string]any{}, nil},
		"among malformed ones": {
			[][]any{
				{"empty", "", nil, nil, nil},
				{"cut", okp[:20], nil, nil, nil},
				{"array", "[" + okp + "]", nil, nil, nil},
				{"null", "null", nil, nil, nil},
				{"number", `{"kty":"OKP","x":1}`, nil, nil, nil},
				{"empty object", `{}`, nil, nil, nil},
				{"two", okp + okp, nil, nil, nil},
				{"forever", okp, "infinity", nil, nil},
				{"good", okp, nil, nil, nil},
			},
			[]map[string]any{okpKey("good")},
			[]string{"empty", "cut", "array", "null", "number", "empty object", "two", "forever"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := database(t, ownTables)
			for i, values := range test.rows {
				execute(t, db, row, append([]any{i}, values...)...)
			}
			var log bytes.Buffer
			table := newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{Clock: atNoon, Log: slog.New(slog.NewTextHandler(&log, nil))})
			if diff := cmp.Diff(test.want, keySet(t, table)); diff != "" {
				t.Errorf("keys (-want +got):\n%s", diff)
			}
			if lines := strings.Count(log.String(), "\n"); lines != len(test.logs) {
				t.Errorf("%d rows are logged, want %d", lines, len(test.logs))
			}
			for _, id := range test.logs {
				if !strings.Contains(log.String(), id) {
					t.Errorf("the row %q is not logged", id)
				}
			}
			if strings.Contains(log.String(), "secret") {
				t.Error("a secret is logged")
			}
		})
	}
}

// okpKey gives the key of RFC 8037 as it is published, with an alg if it has one.
func okpKey(kid string, alg ...string) map[string]any {
	key := map[string]any{"kid": kid, "kty": "OKP", "crv": "Ed25519", "x": rfc8037}
	for _, name := range alg {
		key["alg"] = name
	}
	return key
}

func keySet(t *testing.T, table *betterauth.KeyTable) []map[string]any {
	t.Helper()
	document, err := table.KeySet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var set struct{ Keys []map[string]any }
	if err := json.Unmarshal(document, &set); err != nil {
		t.Fatal(err)
	}
	return set.Keys
}

// ids gives the kids of the keys.
func ids(keys []map[string]any) []string {
	ids := []string{}
	for _, key := range keys {
		ids = append(ids, fmt.Sprint(key["kid"]))
	}
	return ids
}

func TestKeyTableWithoutAnyGoodRow(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables, `INSERT INTO jwks VALUES ('k1', 'gibberish', 'secret', now()), ('k2', '{}', 'secret', now())`)
	document, err := newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{}).KeySet(t.Context())
	if err == nil || document != nil || !strings.Contains(err.Error(), `"k1"`) || !strings.Contains(err.Error(), `"k2"`) || strings.Contains(err.Error(), "gibberish") {
		t.Errorf("KeySet gave %s and error %v, want an error that names both rows and quotes none", document, err)
	}
}

func TestKeyTableGrace(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables)
	for id, expiresAt := range map[string]time.Time{"ahead": noon.Add(1000), "now": noon, "an hour ago": noon.Add(-time.Hour)} {
		execute(t, db, `INSERT INTO jwks VALUES ($1, '{"kty":"OKP"}', 'secret', $2, $2)`, id, expiresAt)
	}
	for grace, want := range map[domain.Optional[time.Duration]][]string{
		{}:                                       {"ahead", "now", "an hour ago"},
		domain.Some(time.Duration(0)):            {"ahead"},
		domain.Some(time.Hour):                   {"ahead", "now"},
		domain.Some(time.Hour + time.Nanosecond): {"ahead", "now", "an hour ago"},
	} {
		table := newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{Grace: grace, Clock: atNoon})
		if diff := cmp.Diff(want, ids(keySet(t, table))); diff != "" {
			t.Errorf("with a grace period of %+v, keys (-want +got):\n%s", grace, diff)
		}
	}
	if _, err := betterauth.NewKeyTable(db, betterauth.Names{}, betterauth.KeyTableOptions{Grace: domain.Some(-time.Second)}); domain.KindOf(err) != domain.Invalid {
		t.Errorf("a negative grace period gave error %v", err)
	}
}

func TestKeyTableIsBounded(t *testing.T) {
	t.Parallel()
	db := database(t, ownTables,
		`INSERT INTO jwks SELECT n::text, '{"kty":"OKP"}', 'secret', timestamptz '2026-01-01' + n * interval '1 minute' FROM generate_series(1, 1234) AS n`)
	kids := ids(keySet(t, newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{})))
	if len(kids) != 1000 || kids[0] != "1234" || kids[999] != "235" {
		t.Errorf("there are %d keys from %s to %s, want the newest 1000", len(kids), kids[0], kids[len(kids)-1])
	}
}

// TestKeyTableOfDrizzle reads the table as Drizzle makes it: other names, and
// times without a zone, which Drizzle writes in UTC wherever the database is.
func TestKeyTableOfDrizzle(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	db := connect(t, with(t, address, "timezone", "Asia/Tokyo"))
	for _, statement := range []string{
		`CREATE SCHEMA auth`,
		`CREATE TABLE auth.jwkss (id text PRIMARY KEY, public_key text NOT NULL, private_key text NOT NULL, created_at timestamp NOT NULL, expires_at timestamp)`,
	} {
		execute(t, db, statement)
	}
	for id, expiresAt := range map[string]string{"within": "2026-02-03 11:04:06", "beyond": "2026-02-03 11:04:05"} {
		execute(t, db, `INSERT INTO auth.jwkss VALUES ($1, '{"kty":"OKP"}', 'secret', now(), $2::timestamp)`, id, expiresAt)
	}
	for _, names := range []string{
		"jwks=auth.jwkss, snake_case",
		"jwks=auth.jwkss, jwks.publicKey=public_key, jwks.createdAt=created_at, jwks.expiresAt=expires_at",
	} {
		table := newKeyTable(t, db, parseNames(t, names), betterauth.KeyTableOptions{Grace: domain.Some(time.Hour), Clock: atNoon})
		if diff := cmp.Diff([]string{"within"}, ids(keySet(t, table))); diff != "" {
			t.Errorf("named %s, keys (-want +got):\n%s", names, diff)
		}
	}
}

// TestKeyTableOfAnyAge migrates Better Auth under a table that is in use.
func TestKeyTableOfAnyAge(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	for mode, address := range map[string]string{"prepared": address, "unprepared": with(t, address, "default_query_exec_mode", "exec")} {
		t.Run(mode, func(t *testing.T) {
			db := connect(t, address)
			db.SetMaxOpenConns(1) // one that remembers the plan for the table as it was
			for _, statement := range []string{
				`DROP TABLE IF EXISTS jwks`,
				`CREATE TABLE jwks (id text PRIMARY KEY, "publicKey" text NOT NULL, "privateKey" text NOT NULL, "createdAt" timestamptz NOT NULL, "expiresAt" timestamptz)`,
				`INSERT INTO jwks VALUES ('k1', '{"kty":"OKP"}', 'secret', now())`,
			} {
				execute(t, db, statement)
			}
			table := newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{})
			want := func(what string, want ...map[string]any) {
				t.Helper()
				if diff := cmp.Diff(want, keySet(t, table)); diff != "" {
					t.Errorf("keys %s (-want +got):\n%s", what, diff)
				}
			}
			want("of before 1.7", map[string]any{"kid": "k1", "kty": "OKP"})
			execute(t, db, `ALTER TABLE jwks ADD COLUMN alg text, ADD COLUMN crv text`)
			execute(t, db, `UPDATE jwks SET alg = 'EdDSA', crv = 'Ed25519'`)
			want("of before 1.7 with new columns", map[string]any{"kid": "k1", "kty": "OKP"})
			table = newKeyTable(t, db, betterauth.Names{}, betterauth.KeyTableOptions{})
			want("of 1.7", map[string]any{"kid": "k1", "kty": "OKP", "alg": "EdDSA", "crv": "Ed25519"})
			execute(t, db, `ALTER TABLE jwks DROP COLUMN alg, DROP COLUMN crv`)
			want("of 1.7 rolled back", map[string]any{"kid": "k1", "kty": "OKP"})
			execute(t, db, `ALTER TABLE jwks ALTER COLUMN id TYPE varchar(40)`)
			execute(t, db, `ALTER TABLE jwks ALTER COLUMN "expiresAt" TYPE timestamp`)
			want("with other types", map[string]any{"kid": "k1", "kty": "OKP"})
		})
	}
}

// TestKeyTableOfARoleWithFewRights reads as a role that may read the public
// columns alone, and so would fail if it touched a private key.
func TestKeyTableOfARoleWithFewRights(t *testing.T) {
	t.Parallel()
	address := postgrestest.Database(t)
	owner := connect(t, address)
	execute(t, owner, `CREATE SCHEMA auth`)
	execute(t, owner, `SET search_path TO auth; `+ownTables+` INSERT INTO jwks VALUES ('k1', '{"kty":"OKP"}', 'secret', now(), NULL, 'EdDSA', 'Ed25519')`)
	db, role := connectAsNewRole(t, owner, address)
	names := parseNames(t, "jwks=auth.jwks")
	wantError := func(words ...string) {
		t.Helper()
		_, err := newKeyTable(t, db, names, betterauth.KeyTableOptions{}).KeySet(t.Context())
		if err == nil || domain.KindOf(err) != domain.Internal {
			t.Fatalf("error %v of kind %d", err, domain.KindOf(err))
		}
		for _, word := range words {
			if !strings.Contains(err.Error(), word) {
				t.Errorf("error %v does not say %q", err, word)
			}
		}
	}
	wantError(`"auth"."jwks"`, "GRANT USAGE ON SCHEMA", "jwks=schema.table")
	execute(t, owner, `GRANT USAGE ON SCHEMA auth TO `+role)
	wantError(`GRANT SELECT ("publicKey") ON "auth"."jwks"`, "jwks.publicKey", `GRANT SELECT ("id")`)
	execute(t, owner, `GRANT SELECT (id, "publicKey", "createdAt", "expiresAt") ON auth.jwks TO `+role)
	if diff := cmp.Diff([]map[string]any{{"kid": "k1", "kty": "OKP"}}, keySet(t, newKeyTable(t, db, names, betterauth.KeyTableOptions{}))); diff != "" {
		t.Errorf("keys of a role without alg and crv (-want +got):\n%s", diff)
	}
	execute(t, owner, `GRANT SELECT (alg, crv) ON auth.jwks TO `+role)
	table := newKeyTable(t, db, names, betterauth.KeyTableOptions{})
	if diff := cmp.Diff([]map[string]any{{"kid": "k1", "kty": "OKP", "alg": "EdDSA", "crv": "Ed25519"}}, keySet(t, table)); diff != "" {
		t.Errorf("keys (-want +got):\n%s", diff)
	}
	if _, err := db.ExecContext(t.Context(), `SELECT "privateKey" FROM auth.jwks`); err == nil {
		t.Error("the role may read private keys, so that this test proves nothing")
	}
	execute(t, owner, `REVOKE SELECT ("publicKey") ON auth.jwks FROM `+role)
	if _, err := table.KeySet(t.Context()); err == nil || !strings.Contains(err.Error(), `GRANT SELECT ("publicKey")`) {
		t.Errorf("after the right was revoked: %v", err)
	}
}

// connectAsNewRole connects as a role without rights that goes with the test.
func connectAsNewRole(t *testing.T, owner *sql.DB, address string) (db *sql.DB, role string) {
	t.Helper()
	role = "taskward_test_" + strings.ToLower(rand.Text())
	execute(t, owner, `CREATE ROLE `+role+` LOGIN PASSWORD 'reader'`)
	t.Cleanup(func() {
		for _, statement := range []string{`DROP OWNED BY ` + role, `DROP ROLE ` + role} {
			if _, err := owner.ExecContext(context.Background(), statement); err != nil {
				t.Error(err)
			}
		}
	})
	return connect(t, as(t, address, role, "reader")), role
}
