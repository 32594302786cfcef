//go:build !linux

package redistest

import "syscall"

// attributes has nothing to say where a process cannot ask to end with its
// parent: a killed test leaves its Redis running there.
func attributes() *syscall.SysProcAttr { return nil }
