package bootstrap

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/taskward/taskward/application"
	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// maxDoctored is how many bytes of a token are read from standard input.
const maxDoctored = 64 << 10

// examineToken tells of all that the service asks of a token, up to what it
// refuses it for.
func (d *doctor) examineToken(ctx context.Context, from io.Reader) {
	text, err := io.ReadAll(io.LimitReader(from, maxDoctored))
	switch {
	case err != nil:
		d.find("token", err, "")
		return
	case d.accepted == nil:
		d.find("token", errors.New("cannot be looked at with these settings"), "")
		return
	}
	token := strings.TrimSpace(string(text))
	for _, step := range d.accepted.Explain(ctx, token) {
		d.find("token, "+step.Name, step.Err, step.Detail)
		err = errors.Join(err, step.Err)
	}
	if err != nil {
		return
	}
	actor, err := d.accepted.Verify(ctx, token)
	if err != nil {
		d.find("token", err, "not refused until just now")
		return
	}
	d.examineSession(ctx, actor.Session())
}

// examineSession goes on where the verifier of a token has ended.
func (d *doctor) examineSession(ctx context.Context, session domain.Session) {
	var revocations ports.Revocations
	var lookup ports.SessionLookup
	if d.config.keepsTokens() {
		if !d.upToDate {
			d.find("token, store", errors.New("cannot be asked about the token before the database is in order"), "")
			return
		}
		store, err := connectStore(ctx, d.config, nil)
		if err != nil {
			d.find("token, store", err, "")
			return
		}
		defer func() { _ = store.Close() }() // nothing was written
		revocations = store
	}
	if d.config.Revocation == application.RevokeSessions {
		var err error
		if lookup, err = d.tables.sessions(d.config); err != nil {
			d.find("token, session", err, "")
			return
		}
	}
	sessions, err := newSessions(d.config, d.accepted, revocations, lookup, nil, nil)
	if err != nil {
		d.find("token", err, "")
		return
	}
	for _, step := range sessions.Explain(ctx, session) {
		d.find("token, "+step.Name, step.Err, step.Detail)
	}
}
