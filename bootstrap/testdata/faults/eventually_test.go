package faults_test

import (
	"testing"
	"time"
)

// patience is how long a test waits for what takes a moment on a slow machine.
const patience = time.Minute

// eventually waits until what is told holds, and fails the test if it does not within [patience]. It tells how long that took.
func eventually(t *testing.T, what string, holds func() bool) time.Duration {
	t.Helper()
	began := time.Now()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for !holds() {
		if time.Since(began) > patience {
			t.Fatalf("after %v it is still not so that %s", patience, what)
		}
		<-ticker.C
	}
	return time.Since(began)
}

// within fails the test if something took too long.
func within(t *testing.T, limit time.Duration, what string, took time.Duration) {
	t.Helper()
	if took > limit {
		t.Errorf("%s took %v, want at most %v", what, took, limit)
	}
}
