package usage_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"example.com/bench/internal/usage"
)

// What a process has used is counted while it runs and when it has ended.
func TestOfFamilyHasThoseWhoEnded(t *testing.T) {
	before, err := usage.OfFamily(os.Getpid())
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), "sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done; echo; read wait")
	gate, err := child.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	finished, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := finished.Read(make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	used, err := usage.OfFamily(child.Process.Pid)
	if err != nil || used == 0 {
		t.Fatalf("the child has used %v (error %v)", used, err)
	}
	expect := func(when string) {
		t.Helper()
		after, err := usage.OfFamily(os.Getpid())
		if most := used + time.Second; err != nil || after-before < used-20*time.Millisecond || after-before > most {
			t.Errorf("%s: the family has used %v more (error %v), want %v to %v", when, after-before, err, used, most)
		}
	}
	expect("while it runs")
	if err := gate.Close(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it fails, for there was nothing to read
	expect("when it has ended")
}
