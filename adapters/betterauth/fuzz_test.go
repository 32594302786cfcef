package betterauth_test

import (
	"context"
	"database/sql/driver"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/taskward/taskward/adapters/betterauth"
)

// FuzzKeyTable: whatever is in a row, what is published is a key set, and has
// nothing of a private key.
func FuzzKeyTable(f *testing.F) {
	for _, seed := range []string{
		`{"kty":"OKP","crv":"Ed25519","x":"AA"}`, `{"kty":"RSA","n":"AA","e":"AQAB","d":"secret","p":"secret"}`, `{"kty":"oct","k":"secret"}`,
		`{"kty":"EC","kid":"another","D":"secret","use":"sig","key_ops":["verify"]}`, `{"kty":1}`, `{"kty":""}`, `[]`, `null`, `"x"`, `{`, ``, "{\"kty\":\"\xff\"}",
	} {
		f.Add("key", seed, int64(0))
	}
	f.Add("\xff", `{"kty":"OKP"}`, int64(-1))
	members := []string{"kid", "kty", "use", "key_ops", "alg", "crv", "x", "y", "n", "e"}
	f.Fuzz(func(t *testing.T, id, document string, expires int64) {
		database := &fake{answer: func(context.Context, string) ([][]driver.Value, error) {
			return [][]driver.Value{{id, document, time.UnixMicro(expires)}}, nil
		}}
		db := database.open()
		defer func() { _ = db.Close() }()
		table, err := betterauth.NewKeyTable(db, betterauth.Names{}, betterauth.KeyTableOptions{Clock: func() time.Time { return time.UnixMicro(0) }})
		if err != nil {
			t.Fatal(err)
		}
		text, err := table.KeySet(t.Context())
		if err != nil {
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("a private key is in %v", err)
			}
			return
		}
		var set struct{ Keys []map[string]any }
		if err := json.Unmarshal(text, &set); err != nil || len(set.Keys) > 1 {
			t.Fatalf("published: %s, error %v", text, err)
		}
		for _, key := range set.Keys {
			for member := range key {
				if !slices.Contains(members, member) {
					t.Errorf("published: %s", text)
				}
			}
			if key["kty"] == "" || key["kty"] == nil {
				t.Errorf("published a key of no kind: %s", text)
			}
		}
	})
}
