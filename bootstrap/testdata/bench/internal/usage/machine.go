package usage

import (
	"fmt"
	"os"
	"runtime"
	"strings"
)

// Machine describes the machine: its cores, their model, its memory and its
// operating system.
func Machine() string {
	var kilobytes float64
	_, _ = fmt.Sscan(value("/proc/meminfo", "MemTotal", ":", ""), &kilobytes) // 0 where nothing is said
	return fmt.Sprintf("%d × %s, %.0f GB of memory, %s", runtime.NumCPU(), value("/proc/cpuinfo", "model name", ":", runtime.GOARCH),
		kilobytes/1e6, value("/etc/os-release", "PRETTY_NAME", "=", runtime.GOOS))
}

// value is that of the first line of a file that begins with the name.
func value(file, name, separator, otherwise string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return otherwise
	}
	for line := range strings.Lines(string(text)) {
		if key, value, ok := strings.Cut(line, separator); ok && strings.TrimSpace(key) == name {
			return strings.Trim(value, " \t\n\"")
		}
	}
	return otherwise
}
