// Package usage tells what running processes have used of the machine.
package usage

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// tick is the unit of times in /proc/PID/stat.
const tick = time.Second / 100

// OfFamily is the CPU time that a process and its children have used, with
// those that have ended.
func OfFamily(pid int) (time.Duration, error) {
	parent, err := stat(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return 0, err
	}
	used := parent.ended
	files, _ := filepath.Glob("/proc/[0-9]*/stat") // the pattern is well formed
	for _, file := range files {
		member, err := stat(file)
		if err != nil || member.pid != pid && member.parent != pid { // it may have ended since
			continue
		}
		if own, err := clock(member.pid); err == nil {
			used += own
		}
	}
	return used, nil
}

// account is what /proc says of a process.
type account struct {
	pid, parent int
	ended       time.Duration // that children used who have ended
}

func stat(file string) (account, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return account{}, err
	}
	// The second field is the program's name, which may have anything in it.
	name := bytes.LastIndexByte(text, ')')
	fields := strings.Fields(string(text[name+1:]))
	const parent, user, system = 4 - 3, 16 - 3, 17 - 3 // by their numbers in proc(5), without the first two
	if name < 0 || len(fields) <= system {
		return account{}, fmt.Errorf("%s is not as proc(5) has it", file)
	}
	var numbers [3]int
	for i, field := range []int{parent, user, system} {
		if numbers[i], err = strconv.Atoi(fields[field]); err != nil {
			return account{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file)))
	return account{pid, numbers[0], time.Duration(numbers[1]+numbers[2]) * tick}, err
}
