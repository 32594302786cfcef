// Package crowd makes the users who own the tasks, and their tokens.
package crowd

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"time"

	"github.com/taskward/taskward/domain"
)

// Owner is a user with a token.
type Owner struct{ ID, Token string }

// life of a token is longer than any run.
const life = 24 * time.Hour

// Issuer mints tokens.
type Issuer interface {
	Mint(user domain.User, life time.Duration) (string, error)
}

// ID is the id of a user by number: as long as those of Better Auth, and like
// them in no order.
func ID(number int) string {
	digest := sha256.Sum256([]byte(strconv.Itoa(number)))
	return hex.EncodeToString(digest[:16])
}

// Owners gives so many owners, from the number first on.
func Owners(first, count int, issuer Issuer) ([]Owner, error) {
	owners := make([]Owner, count)
	for i := range owners {
		id := ID(first + i)
		token, err := issuer.Mint(domain.User{ID: domain.UserID(id)}, life)
		if err != nil {
			return nil, err
		}
		owners[i] = Owner{id, token}
	}
	return owners, nil
}
