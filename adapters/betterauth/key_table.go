package betterauth

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// KeyTable is the [ports.KeySource] of Better Auth's table jwks: it publishes
// what Better Auth itself does. It may be used by many goroutines.
type KeyTable struct {
	read  *statement
	grace time.Duration
	now   func() time.Time
	log   *slog.Logger
}

var _ ports.KeySource = (*KeyTable)(nil)

// KeyTableOptions says what a [KeyTable] makes of the rows.
type KeyTableOptions struct {
	// Grace is how long after its expiresAt a key still checks what it signed
	// before: what Better Auth is given as jwks.gracePeriod, [DefaultGrace]
	// if left out.
	Grace domain.Optional[time.Duration]

	Clock func() time.Time // nil: time.Now
	Log   *slog.Logger     // told of rows that are no keys; nil: nobody
}

// DefaultGrace is Better Auth's own grace period.
const DefaultGrace = 30 * 24 * time.Hour

// NewKeyTable returns the keys in the database, a PostgreSQL through pgx. It
// does not connect yet. The error is [domain.Invalid].
func NewKeyTable(db *sql.DB, names Names, options KeyTableOptions) (*KeyTable, error) {
	keys := &KeyTable{
		// Better Auth deletes none, so there has to be a bound.
		read: newStatement(db, names, "read the key table", `
SELECT {jwks.id}::text, {jwks.publicKey}::text, {jwks.expiresAt}, {jwks.alg?}::text, {jwks.crv?}::text
FROM {jwks} ORDER BY {jwks.createdAt} DESC LIMIT 1000`),
		grace: options.Grace.Or(DefaultGrace), now: options.Clock, log: options.Log,
	}
	if keys.grace < 0 {
		return nil, domain.Invalidity(domain.Violation{Field: "grace period", Detail: "must not be negative"})
	}
	if keys.now == nil {
		keys.now = time.Now
	}
	if keys.log == nil {
		keys.log = slog.New(slog.DiscardHandler)
	}
	return keys, nil
}

// KeySet implements [ports.KeySource]. It gives the keys that are within their
// grace period, the newest first and at most 1000. Rows that hold no key are
// left out; if there are none but such, KeySet fails.
func (k *KeyTable) KeySet(ctx context.Context) ([]byte, error) {
	now := k.now()
	set := struct {
		Keys []publicKey `json:"keys"`
	}{Keys: []publicKey{}}
	var unusable []error
	err := k.read.query(ctx, func(rows *sql.Rows) error {
		key, expiresAt, err := readKey(rows)
		switch {
		case err != nil:
			unusable = append(unusable, err)
		case !expiresAt.Valid || now.Before(expiresAt.Time.Add(k.grace)):
			set.Keys = append(set.Keys, key)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, reason := range unusable {
		k.log.WarnContext(ctx, "row of the key table ignored", "reason", reason)
	}
	if len(set.Keys) == 0 && len(unusable) > 0 {
		return nil, fmt.Errorf("read the key table: there is no usable key: %w", errors.Join(unusable...))
	}
	return json.Marshal(set)
}

// publicKey is a JWK (RFC 7517) with all members that a public key can have,
// and none that a private key has.
type publicKey struct {
	ID         string   `json:"kid"`
	Type       string   `json:"kty"`
	Use        string   `json:"use,omitempty"`
	Operations []string `json:"key_ops,omitempty"`
	Algorithm  string   `json:"alg,omitempty"`
	Curve      string   `json:"crv,omitempty"`
	X          string   `json:"x,omitempty"`
	Y          string   `json:"y,omitempty"`
	Modulus    string   `json:"n,omitempty"`
	Exponent   string   `json:"e,omitempty"`
}

// readKey reads a row. As in Better Auth, the key's own members go before the
// columns alg and crv, which old rows lack.
func readKey(rows *sql.Rows) (key publicKey, expiresAt sql.NullTime, err error) {
	var (
		id, document     string
		algorithm, curve sql.NullString
	)
	if err := rows.Scan(&id, &document, &expiresAt, &algorithm, &curve); err != nil {
		return publicKey{}, sql.NullTime{}, fmt.Errorf("the row of %q: %w", id, err) // Scan goes from left to right
	}
	key = publicKey{Algorithm: algorithm.String, Curve: curve.String}
	if err := json.Unmarshal([]byte(document), &key); err != nil {
		return publicKey{}, sql.NullTime{}, fmt.Errorf("the public key of %q is no JWK: %w", id, err)
	}
	if key.Type == "" {
		return publicKey{}, sql.NullTime{}, fmt.Errorf("the public key of %q is no JWK: it has no kty", id)
	}
	key.ID = id
	return key, expiresAt, nil
}
