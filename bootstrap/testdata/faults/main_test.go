// Package faults_test takes things away from a running Taskward: its database, its network, its disk, its life. It is black-box: it
// builds the binary and knows of it what its README and its API say.
package faults_test

import (
	"errors"
	"fmt"
	"os"
	"testing"
)

// TestMain prints what came of each fault when all are over.
func TestMain(m *testing.M) {
	code := m.Run()
	if err := errors.Join(removeServer(), removeBinary()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	if err := outcomes.print(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = max(code, 1)
	}
	os.Exit(code)
}

// times is how often something is done: in full, or to see that it still works.
func times(full, short int) int {
	if os.Getenv("FAULTS") == "short" {
		return short
	}
	return full
}
