package bootstrap

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/taskward/taskward/adapters/jwtauth"
	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
)

// devIssuer is iss and aud of development tokens: no real auth server has it.
const devIssuer = "urn:taskward:dev"

// devUsers are those whom dev mints tokens for.
var devUsers = []domain.User{devUser("alice", "Alice"), devUser("bob", "Bob")}

func devUser(id, name string) domain.User {
	email, err := domain.ParseEmail(id + "@example.com")
	if err != nil {
		panic(err) // a mistake in the lines above
	}
	since := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	return domain.User{ID: domain.UserID(id), Email: email, Name: name, CreatedAt: since, UpdatedAt: since}
}

// devAuth is an auth server for development: it mints tokens with a key of
// its own, publishes the key, and verifies them like any other's.
type devAuth struct {
	*jwtauth.KeyIssuer
	*jwtauth.Verifier
}

// openDevAuth reads the key at path, or makes it and says that it is the
// first.
func openDevAuth(path string) (auth *devAuth, first bool, err error) {
	key, err := os.ReadFile(path) //nolint:gosec // the developer names the file
	if errors.Is(err, fs.ErrNotExist) {
		first = true
		if key, err = jwtauth.NewKey(); err == nil {
			err = os.WriteFile(path, key, 0o600)
		}
	}
	if err != nil {
		return nil, false, fmt.Errorf("development key: %w; name a file in a directory that is there and can be written to: --data FILE", err)
	}
	issuer, err := jwtauth.NewKeyIssuer(key, devIssuer, nil)
	if err != nil {
		return nil, false, fmt.Errorf("development key %s: %w", path, err)
	}
	verifier, err := jwtauth.New(jwtauth.Options{Servers: []jwtauth.AuthServer{
		{Issuers: []string{devIssuer}, Audiences: []string{devIssuer}, Keys: issuer},
	}})
	if err != nil {
		return nil, false, fmt.Errorf("development tokens: %w", err)
	}
	return &devAuth{issuer, verifier}, first, nil
}

// pageTokenLife is how long the tokens hold that the page gets: as long as
// Better Auth's, so that it has to get new ones as any front end has.
const pageTokenLife = 15 * time.Minute

// mintForPage mints a token for the development user of this id.
func (a *devAuth) mintForPage(id string) (string, error) {
	for _, user := range devUsers {
		if string(user.ID) == id {
			return a.Mint(user, pageTokenLife)
		}
	}
	return "", fmt.Errorf("there is no development user %q", id)
}

func devUserIDs() []string {
	var ids []string
	for _, user := range devUsers {
		ids = append(ids, string(user.ID))
	}
	return ids
}

// addExamples gives each development user something to look at.
func addExamples(ctx context.Context, tasks *application.Tasks) error {
	for _, user := range devUsers {
		actor, err := domain.Authenticate(user, domain.Session{UserID: user.ID, ExpiresAt: time.Now().Add(devTokenLife)})
		if err != nil {
			return err
		}
		about := "Only " + user.Name + " sees this one."
		for _, draft := range []application.Draft{
			{Title: "Water the plants"},
			{Title: "Say hello to Taskward", Description: &about, Completed: true},
			{Title: "Put Taskward behind a Better Auth app"},
		} {
			if _, err := tasks.Create(ctx, actor, user.ID, draft, application.Once{}); err != nil {
				return fmt.Errorf("example tasks: %w", err)
			}
		}
	}
	return nil
}
