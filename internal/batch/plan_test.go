package batch

import (
	"testing"
	"time"

	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/pending"
)

// killedAt runs the batch, cuts the power at a step of the disk, and starts the machine again. It reports whether the
// step was reached.
func (w *world) killedAt(step int, cut func(*disktest.Disk)) bool {
	reached := w.interruptedAt(step, cut)
	w.fs = w.disk.Process(nil)
	w.service.dead = func() bool { return false }
	return reached
}

// unfinished returns the records of creates that are not finished.
func (w *world) unfinished() (records []pending.Record) {
	for _, r := range pending.New(w.fs, "/state/pending", w.clock).Peek() {
		if r.Unfinished() {
			records = append(records, r)
		}
	}
	return records
}

// The first creates were never finished, and their codes expired. Their records are deleted with the renewal, at
// whatever step it is interrupted, so that recover does not report them for good.
func TestAnInterruptedRenewalLeavesNoOldRecord(t *testing.T) {
	olds := 0
	for step, reached := 0, true; reached; step++ {
		w := newWorld(t, names(2))
		w.files = true
		w.killedAt(40, (*disktest.Disk).PowerCut)
		olds += len(w.unfinished())
		w.service.now, w.renew = start.Add(5*time.Hour), true
		reached = w.killedAt(step, (*disktest.Disk).PowerCut)
		w.must()
		w.must()
		if left := w.unfinished(); len(left) > 0 {
			t.Fatalf("step %d: %d records are left: %+v", step, len(left), left[0])
		}
	}
	if olds == 0 {
		t.Error("no first create was unfinished")
	}
}

// Codes that were made, not delivered, and then disabled are dead, at whatever step the first run was interrupted.
func TestUndeliveredCodesThatWereDisabledAreRenewed(t *testing.T) {
	for step, reached := 0, true; reached; step++ {
		w := newWorld(t, names(1))
		w.files = true
		reached = w.killedAt(step, (*disktest.Disk).PowerCutNames)
		made := len(w.service.codes)
		for i := range w.service.codes {
			w.service.codes[i].Disabled = true
		}
		w.renew = true
		w.must()
		w.must()
		if r := w.reported[0]; !r.Done || r.Status != "Active" || len(w.service.codes) != made+1 {
			t.Errorf("step %d: %d of %d codes, done %v, %s", step, len(w.service.codes), made+1, r.Done, r.Status)
		}
	}
}
