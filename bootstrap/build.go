package bootstrap

import (
	"cmp"
	"runtime"
	"runtime/debug"
)

// build is what the Go command recorded of this program.
func build() *debug.BuildInfo {
	if info, recorded := debug.ReadBuildInfo(); recorded {
		return info
	}
	return &debug.BuildInfo{GoVersion: runtime.Version()}
}

// releaseOf is the version that was built.
func releaseOf(info *debug.BuildInfo) string { return cmp.Or(info.Main.Version, "(devel)") }

// describeBuild gives version, commit and Go version. A commit with changes
// that were not committed has +dirty behind it.
func describeBuild(info *debug.BuildInfo) string {
	var commit, dirty string
	for _, setting := range info.Settings {
		switch {
		case setting.Key == "vcs.revision":
			commit = " commit " + setting.Value
		case setting.Key == "vcs.modified" && setting.Value == "true":
			dirty = "+dirty"
		}
	}
	if commit == "" {
		commit = " of no commit"
	}
	return "taskward " + releaseOf(info) + commit + dirty + " " + info.GoVersion
}
