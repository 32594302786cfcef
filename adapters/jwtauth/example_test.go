package jwtauth_test

import (
	"context"
	"fmt"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/domain"
)

// A service that takes the tokens of one auth server, here a [jwtauth.KeyIssuer].
// For a Better Auth, Keys is what [jwtauth.NewURLSource] makes of its
// /api/auth/jwks.
func ExampleNew() {
	key, err := jwtauth.NewKey()
	if err != nil {
		fmt.Println(err)
		return
	}
	issuer, err := jwtauth.NewKeyIssuer(key, "http://localhost:3000", time.Now)
	if err != nil {
		fmt.Println(err)
		return
	}
	verifier, err := jwtauth.New(jwtauth.Options{
		Servers: []jwtauth.AuthServer{{
			Issuers:   []string{"http://localhost:3000"},
			Audiences: []string{"http://localhost:3000"},
			Keys:      issuer,
		}},
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer verifier.Close()
	verifier.Start()

	token, err := issuer.Mint(domain.User{ID: "alice"}, 15*time.Minute)
	if err != nil {
		fmt.Println(err)
		return
	}
	who, err := verifier.Verify(context.Background(), token)
	fmt.Println(who.UserID(), err)

	_, err = verifier.Verify(context.Background(), "gV98iOAyOni4VExeBnNCqoT7vIgGtXuZ")
	fmt.Println(err)
	// Output:
	// alice <nil>
	// opaque_token: This is a session token, not a JWT: ask the auth server for a JWT (GET /api/auth/token) and send that.
}
