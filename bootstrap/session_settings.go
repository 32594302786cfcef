package bootstrap

import "github.com/taskward/taskward/application"

// keepsTokens reports whether a setting has revoked or spent tokens written
// down.
func (c Config) keepsTokens() bool {
	return c.Revocation == application.RevokeTokens || c.Replay == application.SingleUse
}
