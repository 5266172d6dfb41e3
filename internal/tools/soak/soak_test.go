package main

import (
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"testing"
)

// A short run: every kind of failure, with both kinds of sandbox. make soak runs more.
func TestNoCodeIsLostOrDuplicated(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("this system cannot send signals to processes")
	}
	binary := filepath.Join(t.TempDir(), "ecs-activation")
	if out, err := exec.Command("go", "build", "-o", binary, "ecs-activation/cmd/ecs-activation").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	// Most of a trial is waiting, so several groups of kinds run at once.
	var groups sync.WaitGroup
	for group := range slices.Chunk(kinds(), 3) {
		groups.Go(func() { checkTrials(t, binary, group) })
	}
	groups.Wait()
}

// checkTrials runs two trials of each kind, one with each kind of sandbox.
func checkTrials(t *testing.T, binary string, kinds []kind) {
	sum, err := soak(t.Context(), binary, kinds, 2*len(kinds), 1, false)
	if err != nil {
		t.Error(err)
		return
	}
	if total := sum.total(); total.lost+total.duplicated > 0 || total.made == 0 {
		t.Errorf("%s\n%s", sum.table(), sum.line())
	}
}

func TestLostAndDuplicatedCodesAreCounted(t *testing.T) {
	w := &world{recovered: []code{{"A", "a-1", "soak-1"}}}
	held := []code{{ActivationId: "A", InstanceName: "soak-1"}, {ActivationId: "B", InstanceName: "soak-1"}}
	if got := count(w, held); got != (counts{1, 2, 0, 1, 1, 1}) {
		t.Errorf("got %+v", got)
	}
}
