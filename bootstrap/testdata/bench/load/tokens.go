package main

import (
	"context"
	"os"
	"path/filepath"

	"github.com/taskward/taskward/adapters/jwtauth"

	"example.com/bench/internal/crowd"
	"example.com/bench/internal/measure"
	"example.com/bench/internal/service"
)

// measureTokens compares W1 with the tokens of Better Auth's plugin to W1 with
// those of a shared secret.
func (b *bench) measureTokens(ctx context.Context, r *report) error {
	const origin = "http://auth.example"
	key, err := jwtauth.NewKey()
	if err != nil {
		return err
	}
	issuer, err := jwtauth.NewKeyIssuer(key, origin, nil)
	if err != nil {
		return err
	}
	keys, err := issuer.KeySet(ctx)
	if err != nil {
		return err
	}
	file := filepath.Join(b.Directory, "jwks.json")
	if err := os.WriteFile(file, keys, 0o600); err != nil {
		return err
	}
	signed, err := crowd.Owners(0, b.plan.owners, issuer)
	if err != nil {
		return err
	}
	shared, err := b.Start(ctx, b.plain(), b.owners[0])
	if err != nil {
		return err
	}
	public, err := b.Start(ctx, service.Taskward("Taskward, EdDSA", b.Taskward, b.Cluster.URL,
		"TASKWARD_JWKS_FILE="+file, "TASKWARD_ISSUERS="+origin, "TASKWARD_AUDIENCES="+origin), signed[0])
	if err != nil {
		return err
	}
	if r.tokens, err = b.pair(ctx, measure.Match{Name: "W1 by token", Connections: few, Sides: []measure.Side{
		{Server: shared, Script: crew{b.owners, b.tasks}.list}, {Server: public, Script: crew{signed, b.tasks}.list},
	}}); err != nil {
		return err
	}
	return b.Stop(shared, public)
}
