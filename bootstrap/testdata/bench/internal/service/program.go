// Package service builds servers and runs them as processes.
package service

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Root is the directory of Taskward's own module.
func Root(ctx context.Context) (string, error) {
	output, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", "github.com/taskward/taskward").Output()
	if err != nil {
		return "", fmt.Errorf("find Taskward's module: %w", err)
	}
	return strings.TrimSpace(string(output)), nil
}

// Build builds the package of a module, stripped, and gives the path of the
// program.
func Build(ctx context.Context, module, pkg, into string) (string, error) {
	program := filepath.Join(into, filepath.Base(pkg))
	build := exec.CommandContext(ctx, "go", "build", "-C", module, "-trimpath", "-ldflags=-s -w", "-o", program, pkg)
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build %s: %w\n%s", pkg, err, output)
	}
	return program, nil
}

// Size is how many bytes a program has.
func Size(program string) (int64, error) {
	info, err := os.Stat(program)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}
