package postgres

import (
	"context"
	"errors"

	"github.com/taskward/taskward/domain"
)

// RowSecurity is whether PostgreSQL itself is to keep owners apart, as a second
// wall behind the WHERE of each statement: with each statement it is told whose
// rows there are, and hides all others by the policies of the migrations. The
// setting is named taskward.user_id, and ends with the statement's transaction.
type RowSecurity string

const (
	// RowSecurityOff tells PostgreSQL nothing. It is the default.
	RowSecurityOff RowSecurity = "off"
	// RowSecurityOn tells PostgreSQL by set_config in the same round trip.
	RowSecurityOn RowSecurity = "on"
	// RowSecurityCitus tells by SET LOCAL, which alone reaches the nodes of a
	// Citus cluster, and so in a transaction of which nothing can be prepared.
	RowSecurityCitus RowSecurity = "citus"
)

// UnmarshalText takes a mode as it stands in a setting.
func (r *RowSecurity) UnmarshalText(text []byte) error {
	switch mode := RowSecurity(text); mode {
	case RowSecurityOff, RowSecurityOn, RowSecurityCitus:
		*r = mode
		return nil
	}
	return errors.New("must be on, off or citus")
}

type ownerKey struct{}

// onBehalf names the owner whose rows the statements may touch that are sent
// with the context it gives.
func onBehalf(ctx context.Context, owner domain.UserID) context.Context {
	return context.WithValue(ctx, ownerKey{}, owner)
}

// behalf gives the owner that was named, if one was.
func behalf(ctx context.Context) (owner domain.UserID, named bool) {
	owner, named = ctx.Value(ownerKey{}).(domain.UserID)
	return owner, named
}
