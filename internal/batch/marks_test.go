package batch

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/issuance"
)

// A process that is killed leaves rows that were never sent. After the lifetime of a code, they are not expired: only
// rows whose creates were about to be sent are.
func TestRowsThatWereNeverSentAreNotDead(t *testing.T) {
	w := newWorld(t, names(200))
	w.files = true
	if !w.interruptedAt(700, (*disktest.Disk).PowerCut) {
		t.Fatal("the run was not interrupted")
	}
	made := len(w.service.codes)
	w.fs, w.service.dead, w.service.now = w.disk.Process(nil), func() bool { return false }, start.Add(5*time.Hour)
	var dead *Dead
	if err := w.run(); !errors.As(err, &dead) {
		t.Fatal(err)
	}
	if n := len(dead.Rows); made == 0 || n < made || n > made+workPerRegion {
		t.Errorf("%d codes were made, and %d rows are dead", made, n)
	}
	w.renew = true
	w.must()
	if len(w.service.codes) != 200+made {
		t.Errorf("%d codes", len(w.service.codes))
	}
}

// No row was sent, because the quota was used up. Time that passes in the sandbox does not change that.
func TestTheTimeOfTheSandboxDoesNotEndWhatWasNeverMade(t *testing.T) {
	w := newWorld(t, names(3))
	w.flags.Sandbox, w.service.quota = true, 1
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	if err := NewLedger(w.fs, "/state/batches", w.clock).Age(3 * time.Hour); err != nil {
		t.Fatal(err)
	}
	w.service.quota = 10
	w.must()
	if err := NewLedger(w.fs, "/state/batches", w.clock).Age(4 * time.Hour); err != nil {
		t.Fatal(err)
	}
	entries, err := NewLedger(w.fs, "/state/batches", w.clock).read(Batch{Name: w.name(), Sandbox: true})
	if err != nil || len(entries) != 3 {
		t.Fatal(entries, err)
	}
	for key, e := range entries {
		if e.free || start.Sub(e.first) > 7*time.Hour {
			t.Errorf("%s: %+v", key, e)
		}
	}
}

// name returns the name of the batch of the list.
func (w *world) name() string {
	b, _, _ := w.batch()
	return b.Name
}

// Two processes that run a batch at the same time do so one after the other. The first one is stopped by the quota; what
// the second one makes stays known.
func TestTwoRunsOfABatchAreSequential(t *testing.T) {
	for _, files := range []bool{false, true} {
		w := newWorld(t, names(5))
		w.files, w.service.quota, w.service.delay = files, 1, 20*time.Millisecond
		second := w.other()
		first := make(chan error)
		go func() { first <- w.run() }()
		for w.service.started() == 0 {
			time.Sleep(time.Millisecond)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
		defer cancel()
		if err := w.other().runIn(ctx); !errors.As(err, new(*issuance.Busy)) {
			t.Errorf("files %v: a run that waited until its timeout: %v", files, err)
		}
		done := make(chan error)
		go func() { done <- second.run() }()
		if err := <-first; err != nil {
			t.Fatal(err)
		}
		w.service.allow(10)
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		if !slices.Contains(second.notes, issuance.Note(issuance.Waiting{Batch: w.name()})) {
			t.Errorf("files %v: %v", files, second.notes)
		}
		w.must()
		if len(w.service.codes) != 5 {
			t.Errorf("files %v: %d codes", files, len(w.service.codes))
		}
		w.service.now = start.Add(5 * time.Hour)
		var dead *Dead
		if err := w.run(); !errors.As(err, &dead) || len(dead.Rows) != 5 {
			t.Errorf("files %v: later: %v", files, err)
		}
	}
}

// A row that another process has sent meanwhile is not free, although this run was refused.
func TestARowWithARecordIsNotFree(t *testing.T) {
	w := newWorld(t, names(2))
	w.must()
	b, _, _ := w.batch()
	r := w.of(b)
	steps, err := r.Preview()
	if err != nil {
		t.Fatal(err)
	}
	free := map[string]Step{steps[0].Key: steps[0], "other": {Token: "other", generation: 3}}
	if rows := r.unrecorded(free); len(rows) != 1 || rows["other"] != 3 {
		t.Errorf("%v", rows)
	}
}

// A row is not sent if the ledger cannot be written.
func TestNothingIsSentWithoutItsMark(t *testing.T) {
	full := errors.New("the disk is full")
	w := newWorld(t, names(3))
	w.fs = w.disk.Process(func(_ disktest.When, op, path string) error {
		if op == "create" && len(path) > len("/state/batches/") && path[:len("/state/batches/")] == "/state/batches/" {
			return full
		}
		return nil
	})
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	for _, result := range w.reported {
		if !errors.Is(result.Err, full) {
			t.Errorf("line %d: %v", result.Line, result.Err)
		}
	}
	if w.service.creates != 0 {
		t.Errorf("%d creates were sent", w.service.creates)
	}
}
