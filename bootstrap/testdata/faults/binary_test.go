package faults_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
)

var binaryDir string

// binary builds Taskward for the first test that asks, and returns its path.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "taskward-faults-")
	if err != nil {
		return "", err
	}
	binaryDir = dir
	path := filepath.Join(dir, "taskward")
	build := exec.CommandContext(context.Background(), "go", "build", "-C", "../../..", "-o", path, "./bootstrap/cmd/taskward") // for all tests
	if output, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build taskward: %w\n%s", err, output)
	}
	return path, nil
})

func removeBinary() error {
	if binaryDir == "" {
		return nil
	}
	return os.RemoveAll(binaryDir)
}
