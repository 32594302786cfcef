package bootstrap

import (
	"fmt"
	"strings"

	"github.com/taskward/taskward/adapters/bunstore/postgres"
)

// checkWall returns an error where the wall has a gap that should have none,
// and where it would hide everything from a store that names no owner.
func checkWall(mode postgres.RowSecurity, state postgres.RowSecurityState) error {
	switch {
	case mode == postgres.RowSecurityOff && len(state.Held) > 0:
		return fmt.Errorf("TASKWARD_RLS=off: row-level security would hide all tasks from the database user %s; set TASKWARD_RLS=on", state.User)
	case mode == postgres.RowSecurityOff:
		return nil
	case state.Mighty:
		return fmt.Errorf("TASKWARD_RLS=%s: the database user %s gets past row-level security, as a superuser or by BYPASSRLS; connect as another", mode, state.User)
	case len(state.Exposed) > 0:
		return fmt.Errorf("TASKWARD_RLS=%s: row-level security is not on for %s; run: taskward migrate up", mode, strings.Join(state.Exposed, ", "))
	}
	return nil
}
