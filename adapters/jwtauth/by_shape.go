package jwtauth

import (
	"context"
	"fmt"
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// ByShape is a [ports.TokenVerifier] where several kinds of tokens are
// accepted. What a token looks like decides who is asked, and nobody else is:
// what one has refused gets no second chance with another.
type ByShape struct {
	JWT    ports.TokenVerifier // asked about whatever is for none of the others
	Cookie ports.TokenVerifier // asked about what looks like the JWT of Better Auth's session cookie; nil: none are
	Opaque ports.TokenVerifier // asked about what looks like Better Auth's session token; nil: none are
}

var _ ports.TokenVerifier = ByShape{}

// Verify implements [ports.TokenVerifier].
func (b ByShape) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	return b.verifierOf(token).Verify(ctx, token)
}

// Explain tells what the verifier that is asked about the token tells of it. One
// that tells nothing is a check in itself.
func (b ByShape) Explain(ctx context.Context, token string) []Step {
	verifier := b.verifierOf(token)
	if explainer, ok := verifier.(explainer); ok {
		return explainer.Explain(ctx, token)
	}
	_, err := verifier.Verify(ctx, token)
	return []Step{{"session token", err, fmt.Sprintf("%d bytes", len(token))}}
}

// explainer is a verifier whose checks can be told of.
type explainer interface {
	Explain(ctx context.Context, token string) []Step
}

var (
	_ explainer = (*Verifier)(nil)
	_ explainer = (*CookieVerifier)(nil)
)

func (b ByShape) verifierOf(token string) ports.TokenVerifier {
	switch {
	// Without a dot it is no JWT, even where chance makes it begin like one.
	case b.Opaque != nil && (isOpaque(token) || token != "" && !strings.Contains(token, ".")):
		return b.Opaque
	case b.Cookie != nil && isCookie(token):
		return b.Cookie
	}
	return b.JWT
}
