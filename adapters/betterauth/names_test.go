package betterauth_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/taskward/taskward/adapters/betterauth"
	"github.com/taskward/taskward/domain"
)

func TestNames(t *testing.T) {
	for text, want := range map[string]map[string]string{
		"": {
			"user": `"user"`, "user.createdAt": `"createdAt"`, "session": `"session"`, "session.userId": `"userId"`,
			"jwks": `"jwks"`, "jwks.publicKey": `"publicKey"`, "jwks.id": `"id"`,
		},
		" , ,": {"jwks": `"jwks"`},
		"jwks=auth.jwks,jwks.publicKey=public_key": {
			"jwks": `"auth"."jwks"`, "jwks.publicKey": `"public_key"`, "jwks.createdAt": `"createdAt"`, "user": `"user"`,
		},
		"jwks.publicKey = PublicKey , snake_case, user=Users": {
			"jwks.publicKey": `"PublicKey"`, "jwks.createdAt": `"created_at"`, "session.userId": `"user_id"`,
			"session.token": `"token"`, "user.id": `"id"`, "user": `"Users"`, "session": `"session"`,
		},
		"user=größe.ユーザー, session=a-b.c$d_1": {"user": `"größe"."ユーザー"`, "session": `"a-b"."c$d_1"`},
		"user=" + strings.Repeat("x", 63):    {"user": `"` + strings.Repeat("x", 63) + `"`},
	} {
		names, err := betterauth.ParseNames(text)
		if err != nil {
			t.Errorf("ParseNames(%q): %v", text, err)
			continue
		}
		for key, quoted := range want {
			if got := names.Quoted(key); got != quoted {
				t.Errorf("with %q, %s is %s, want %s", text, key, got, quoted)
			}
		}
	}
	if got := (betterauth.Names{}).Quoted("jwks.publicKey"); got != `"publicKey"` {
		t.Errorf("with the zero names, the public key is %s", got)
	}
}

func TestNamesRefuses(t *testing.T) {
	for text, details := range map[string][]string{
		"jwks":                               {`has "jwks", which is neither name=name nor snake_case`},
		"Snake_Case":                         {`has "Snake_Case", which is neither name=name nor snake_case`},
		"keys=jwks":                          {`has "keys", which is no table: it can be one of jwks, session, user`},
		"account=accounts":                   {`has "account", which is no table: it can be one of jwks, session, user`},
		"=jwks":                              {`has "", which is no table: it can be one of jwks, session, user`},
		"jwks.privateKey=x":                  {`has "jwks.privateKey", which is no column: of jwks it can be one of id, publicKey, createdAt, expiresAt, alg, crv`},
		"jwks.public_key=x":                  {`has "jwks.public_key", which is no column: of jwks it can be one of id, publicKey, createdAt, expiresAt, alg, crv`},
		"user=a,user=b":                      {`has "user" twice`},
		"user.id=a.b":                        {`has "a.b" for user.id, which has to be a column's name alone`},
		"user=a.b.c":                         {`has "a.b.c" for user, which has to be table or schema.table`},
		"user=":                              {`has "" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=.users":                        {`has ".users" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		`user="users"`:                       {`has "\"users\"" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=a b":                           {`has "a b" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=u;DROP TABLE x":                {`has "u;DROP TABLE x" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=a\x00":                         {`has "a\x00" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=\xff":                          {`has "\xff" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=" + strings.Repeat("x", 64):    {`has "` + strings.Repeat("x", 64) + `" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"user=" + strings.Repeat("ü", 32):    {`has "` + strings.Repeat("ü", 32) + `" for user: a name has 1 to 63 letters, digits, _, $ or -, and no quotes`},
		"jwks, user=users, a=b, session.x=y": {`has "jwks", which`, `has "a", which`, `has "session.x", which`},
	} {
		names, err := betterauth.ParseNames(text)
		var failure *domain.Error
		if !errors.As(err, &failure) || failure.Kind != domain.Invalid || len(failure.Violations) != len(details) {
			t.Errorf("ParseNames(%q) gave %v, want %d violations", text, err, len(details))
			continue
		}
		for i, detail := range details {
			if got := failure.Violations[i].Detail; !strings.HasPrefix(got, detail) {
				t.Errorf("ParseNames(%q) says that it %s, want %s", text, got, detail)
			}
		}
		if got := names.Quoted("user"); got != `"user"` {
			t.Errorf("ParseNames(%q) gave %s along with its error", text, got)
		}
	}
}

// FuzzParseNames looks for names that would leave their quotes.
func FuzzParseNames(f *testing.F) {
	for _, seed := range []string{
		"", "snake_case", "jwks=auth.jwks,jwks.publicKey=public_key", `user="x"`, "user=a\"; DROP TABLE x; --", "user=a.b.c", "user=\xff", "user=ü\x00",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		names, err := betterauth.ParseNames(text)
		if err != nil {
			if domain.KindOf(err) != domain.Invalid {
				t.Errorf("ParseNames(%q) gave %v", text, err)
			}
			return
		}
		for _, key := range []string{"user", "user.id", "user.createdAt", "session", "session.userId", "jwks", "jwks.publicKey"} {
			quoted := names.Quoted(key)
			inside := strings.Split(strings.TrimSuffix(strings.TrimPrefix(quoted, `"`), `"`), `"."`)
			if len(inside) > 2 || len(quoted) != len(strings.Join(inside, `"."`))+2 {
				t.Errorf("with %q, %s is %s", text, key, quoted)
			}
			for _, name := range inside {
				if name == "" || len(name) > 63 || strings.ContainsAny(name, "\"'\\;. \x00\n") {
					t.Errorf("with %q, %s is %s", text, key, quoted)
				}
			}
		}
	})
}
