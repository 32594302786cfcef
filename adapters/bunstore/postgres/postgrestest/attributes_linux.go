package postgrestest

import (
	"cmp"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// attributes makes a PostgreSQL program end with this process. PostgreSQL
// refuses to run as root, so root hands the directory to another user, and
// runs it as that one.
func attributes(directory string) (*syscall.SysProcAttr, error) {
	attributes := &syscall.SysProcAttr{Pdeathsig: syscall.SIGQUIT}
	if os.Geteuid() != 0 {
		return attributes, nil
	}
	other, err := user.Lookup("postgres")
	if err != nil {
		if other, err = user.Lookup("nobody"); err != nil {
			return nil, fmt.Errorf("find a user other than root to run PostgreSQL as: %w", err)
		}
	}
	uid, uidErr := strconv.ParseUint(other.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(other.Gid, 10, 32)
	if err := cmp.Or(uidErr, gidErr); err != nil {
		return nil, fmt.Errorf("read the ids of user %s: %w", other.Username, err)
	}
	attributes.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return attributes, os.Chown(directory, int(uid), int(gid))
}
