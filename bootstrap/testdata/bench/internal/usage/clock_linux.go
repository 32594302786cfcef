package usage

import (
	"fmt"
	"time"

	"golang.org/x/sys/unix"
)

// clock reads the CPU clock of a process, which counts nanoseconds where
// /proc/PID/stat counts hundredths of a second.
func clock(pid int) (time.Duration, error) {
	const allThreads = 2 // CPUCLOCK_SCHED
	var used unix.Timespec
	//nolint:gosec // G115: process ids have 22 bits
	if err := unix.ClockGettime(int32(^pid<<3|allThreads), &used); err != nil {
		return 0, fmt.Errorf("the CPU clock of process %d: %w", pid, err)
	}
	return time.Duration(used.Nano()), nil
}
