//go:build !linux

package postgrestest

import "syscall"

// attributes has nothing to say where a process cannot ask to end with its
// parent: a killed test leaves its cluster running there.
func attributes(string) (*syscall.SysProcAttr, error) { return nil, nil }
