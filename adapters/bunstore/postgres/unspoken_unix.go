//go:build unix

package postgres

import (
	"context"
	"crypto/tls"
	"database/sql/driver"
	"errors"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// unspoken returns driver.ErrBadConn if something has come in on a connection
// that nobody was using: the server's last word, most likely. It asks the
// system and not the server, so that it can be asked before each statement.
func unspoken(_ context.Context, connection *pgx.Conn) error {
	network := connection.PgConn().Conn()
	if secured, ok := network.(*tls.Conn); ok {
		network = secured.NetConn()
	}
	socket, ok := network.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return driver.ErrBadConn
	}
	silent := false
	err = raw.Control(func(descriptor uintptr) {
		_, _, err := syscall.Recvfrom(int(descriptor), make([]byte, 1), syscall.MSG_PEEK|syscall.MSG_DONTWAIT)
		silent = errors.Is(err, syscall.EAGAIN) || errors.Is(err, syscall.EINTR)
	})
	if err != nil || !silent {
		return driver.ErrBadConn
	}
	return nil
}
