package main

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// A short run. make load takes a minute.
func TestAKilledServerKeepsAllAcknowledgedChanges(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "ecs-activation")
	if out, err := exec.Command("go", "build", "-o", binary, "ecs-activation/cmd/ecs-activation").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	r, err := load(t.Context(), options{binary: binary, connections: 10, lasts: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if r.bad() || r.made == 0 {
		t.Errorf("%s%s", r.table(), r.line())
	}
}

func TestBadReports(t *testing.T) {
	if !(&report{}).bad() {
		t.Error("a report without requests is good")
	}
	done := map[string]*act{"CreateActivation": {done: 2}}
	if (&report{acts: done}).bad() {
		t.Error("a report without errors is bad")
	}
	if !(&report{acts: done, lost: []string{"A"}}).bad() {
		t.Error("a report with a lost code is good")
	}
	done["CreateActivation"].wrong = []string{"500"}
	if !(&report{acts: done}).bad() {
		t.Error("a report with a wrong response is good")
	}
}
