package jwtauth

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// KeyIssuer mints EdDSA tokens like those of Better Auth's /api/auth/token, and
// is the [ports.KeySource] to check them with. It stands in for an auth server in
// development.
type KeyIssuer struct {
	origin string
	key    ed25519.PrivateKey
	jwk    publicJWK
	now    func() time.Time
}

var _ ports.KeySource = (*KeyIssuer)(nil)

// publicJWK has its members in the order of RFC 7638 section 3.2, but for kid
// and alg, which its thumbprint leaves out.
type publicJWK struct {
	Curve string `json:"crv"`
	Kind  string `json:"kty"`
	X     string `json:"x"`
	KeyID string `json:"kid,omitempty"`
	Alg   string `json:"alg,omitempty"`
}

// NewKey makes a signing key for a [KeyIssuer], as PKCS #8 in PEM.
func NewKey() ([]byte, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return nil, fmt.Errorf("make signing key: %w", err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// NewKeyIssuer makes an issuer that signs with a key of [NewKey]. Its tokens
// carry origin, such as http://127.0.0.1:8000, as iss and aud. A nil clock is
// time.Now.
func NewKeyIssuer(key []byte, origin string, clock func() time.Time) (*KeyIssuer, error) {
	block, _ := pem.Decode(key)
	if block == nil {
		return nil, errors.New("read signing key: not PEM")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	private, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("read signing key: not an Ed25519 key")
	}
	if clock == nil {
		clock = time.Now
	}
	jwk := publicJWK{Curve: "Ed25519", Kind: "OKP", X: base64.RawURLEncoding.EncodeToString(private[ed25519.SeedSize:])}
	canonical, err := json.Marshal(jwk)
	if err != nil {
		return nil, fmt.Errorf("read signing key: %w", err)
	}
	thumbprint := sha256.Sum256(canonical)
	jwk.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint[:])
	jwk.Alg = "EdDSA"
	return &KeyIssuer{origin, private, jwk, clock}, nil
}

// KeySet implements [ports.KeySource].
func (i *KeyIssuer) KeySet(context.Context) ([]byte, error) {
	document, err := json.Marshal(map[string][]publicJWK{"keys": {i.jwk}})
	if err != nil {
		return nil, fmt.Errorf("key set: %w", err)
	}
	return document, nil
}

// Mint makes a token that speaks for the user and lives so long from now, in
// whole seconds. A life under a second is [domain.Invalid].
func (i *KeyIssuer) Mint(user domain.User, life time.Duration) (string, error) {
	claims, err := newClaims(user, i.now, life)
	if err != nil {
		return "", err
	}
	claims["iss"], claims["aud"] = i.origin, i.origin
	claims["id"] = string(user.ID)
	claims["name"] = user.Name
	claims["emailVerified"] = false
	claims["image"] = nil
	if !user.CreatedAt.IsZero() {
		claims["createdAt"], claims["updatedAt"] = user.CreatedAt, user.UpdatedAt
	}
	token := jwt.NewWithClaims(jwt.SigningMethodEdDSA, claims)
	delete(token.Header, "typ") // Better Auth sends none
	token.Header["kid"] = i.jwk.KeyID
	text, err := token.SignedString(i.key)
	if err != nil {
		return "", fmt.Errorf("sign token: %w", err)
	}
	return text, nil
}
