package bootstrap

import (
	"errors"
	"fmt"
	"io/fs"
	"net"
	"syscall"
)

// databaseFault is why a database cannot be used, with the setting that names
// it in front and, where it is plain, what to do about it behind.
func databaseFault(setting string, database Database, err error) error {
	if err == nil {
		return nil
	}
	advice := ""
	_, dialled := errors.AsType[*net.OpError](err)
	_, looked := errors.AsType[*net.DNSError](err)
	switch {
	case dialled, looked:
		advice = "; start PostgreSQL there, or put the right host and port into " + setting
	case errors.Is(err, fs.ErrNotExist):
		advice = "; make the directory, or name a file in one that is there: " + setting + "=sqlite:PATH"
	case errors.Is(err, fs.ErrPermission):
		advice = "; let this user write to the directory, or name a file in another one: " + setting + "=sqlite:PATH"
	}
	return fmt.Errorf("%s (%s): %w%s", setting, database, err, advice)
}

// addressFault is the same for an address that cannot be listened on.
func addressFault(setting string, err error) error {
	advice := "name an address of this machine, or none for all of them"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		advice = "end what listens there, or choose another port"
	case errors.Is(err, fs.ErrPermission):
		advice = "ports below 1024 are for root, choose one above"
	}
	return fmt.Errorf("%s: %w; %s: %s=:8000", setting, err, advice, setting)
}
