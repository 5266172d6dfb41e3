package batch

import (
	"errors"
	"slices"
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

// A batch whose codes were created and not delivered is run with another account: nothing is sent, and no record is
// deleted.
func TestNothingIsSentAgainWithAnotherAccount(t *testing.T) {
	w := newWorld(t, names(2))
	w.limit = 0
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	w.limit = -1
	undelivered := len(w.unfinished())
	other := w.other()
	other.service, other.as = newService(), "other"
	for _, other.renew = range []bool{false, true} {
		var foreign *OtherIdentity
		if err := other.run(); !errors.As(err, &foreign) || !foreign.Unfinished || len(foreign.Rows) != undelivered || foreign.Total != 2 || foreign.Record.Identity != "me" || foreign.Current.Identity != "other" {
			t.Errorf("%v", err)
		}
	}
	if n := other.service.started(); n != 0 || len(w.unfinished()) != undelivered || undelivered == 0 {
		t.Errorf("%d creates, %d of %d records", n, len(w.unfinished()), undelivered)
	}
	w.must()
	w.service.now = start.Add(5 * time.Hour)
	other.service.now = w.service.now
	other.must() // the codes have expired
	if len(other.printed) != 2 || len(w.unfinished()) != 0 {
		t.Errorf("%d codes, %d unfinished", len(other.printed), len(w.unfinished()))
	}
}

// A code that the service lists shows that the keys of earlier runs were of the same account. A finished file needs no
// create, so it is left alone with any account.
func TestTheKeysOfAnAccountMayChange(t *testing.T) {
	w := newWorld(t, names(2))
	w.must()
	ids := w.ids()
	w.as = "changed"
	w.must()
	if !slices.Equal(w.ids(), ids) {
		t.Errorf("%v, want %v", w.ids(), ids)
	}
	w.service.noList, w.as = errors.New("no permission"), "unknown"
	var foreign *OtherIdentity
	if err := w.run(); !errors.As(err, &foreign) || foreign.Unfinished {
		t.Errorf("%v", err)
	}
	w.as, w.files = "me", true
	w.must()
	w.as = "unknown"
	w.must()
	if !w.reported[0].Done {
		t.Errorf("%+v", w.reported[0])
	}
}
