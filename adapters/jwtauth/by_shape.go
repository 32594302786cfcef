package jwtauth

import (
	"context"
	"strings"

	"github.com/taskward/taskward/domain"
	"github.com/taskward/taskward/ports"
)

// ByShape is a [ports.TokenVerifier] where two kinds of tokens are accepted.
// What a token looks like decides who is asked, and nobody else is: a JWT that
// was refused gets no second chance as a session token.
type ByShape struct {
	JWT    ports.TokenVerifier // asked about whatever is not opaque
	Opaque ports.TokenVerifier // asked about what looks like Better Auth's session token
}

var _ ports.TokenVerifier = ByShape{}

// Verify implements [ports.TokenVerifier].
func (b ByShape) Verify(ctx context.Context, token string) (domain.AuthenticatedUserContext, error) {
	// Without a dot it is no JWT, even where chance makes it begin like one.
	if isOpaque(token) || token != "" && !strings.Contains(token, ".") {
		return b.Opaque.Verify(ctx, token)
	}
	return b.JWT.Verify(ctx, token)
}
