package batch

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

func TestRowsAreDeliveredInOrderWithinTheLimits(t *testing.T) {
	w := newWorld(t, "")
	w.service.delay = time.Millisecond
	w.list = "instance-name,region\n"
	const rows, regions = 400, 6
	for n := range rows {
		w.list += fmt.Sprintf("web-%d,cn-r%d\n", n, n*regions/rows) // sorted by region
	}
	w.must()
	if len(w.printed) != rows || len(w.service.codes) != rows {
		t.Fatalf("%d codes printed, %d made", len(w.printed), len(w.service.codes))
	}
	for n, code := range w.printed {
		if code.InstanceName != fmt.Sprintf("web-%d", n) {
			t.Fatalf("row %d is %s", n, code.InstanceName)
		}
		if code.Status != activation.Active || code.ExpirationTime != "2026-06-01T16:00:00Z" {
			t.Fatalf("row %d: %+v", n, code)
		}
	}
	for region, most := range w.service.most {
		limit := perRegion
		if region == "" {
			limit = inAll
		}
		if most > limit {
			t.Errorf("%d requests at once in %q", most, region)
		}
	}
	if w.service.most[""] <= perRegion {
		t.Errorf("only %d requests at once in %d regions", w.service.most[""], regions)
	}
}

func TestABatchThatIsRunAgainBringsTheSameCodes(t *testing.T) {
	for _, files := range []bool{false, true} {
		w := newWorld(t, names(30))
		w.files = files
		w.must()
		first, creates := w.ids(), w.service.creates
		w.must()
		if !slices.Equal(w.ids(), first) || len(w.service.codes) != 30 {
			t.Errorf("files %v: %v, then %v", files, first, w.ids())
		}
		if files && w.service.creates != creates {
			t.Errorf("%d creates were sent for files with live codes", w.service.creates-creates)
		}
		for _, r := range w.reported {
			if r.Status != activation.Active || r.ExpirationTime == "" {
				t.Errorf("files %v: the times of a repeated row are missing: %+v", files, r.Code)
			}
		}
	}
}

// On another machine there are no records, but the tokens are the same.
func TestAnotherMachineGetsTheSameCodes(t *testing.T) {
	w := newWorld(t, names(3))
	w.must()
	first := w.ids()
	w.disk = disktest.New()
	w.fs = w.disk.Process(nil)
	w.service.now = start.Add(time.Hour)
	w.must()
	if !slices.Equal(w.ids(), first) {
		t.Errorf("%v, then %v", first, w.ids())
	}
	for _, r := range w.reported {
		if r.CreationTime != "2026-06-01T12:00:00Z" {
			t.Errorf("the time is that of the repeated request: %s", r.CreationTime)
		}
	}
}

// The service may remember a token for longer than the lifetime of its code. On another machine, which does not know the
// batch, the code must not look new.
func TestADeadCodeOnAnotherMachineIsNotReportedAsNew(t *testing.T) {
	w := newWorld(t, names(2))
	w.must()
	w.disk = disktest.New()
	w.fs, w.service.now = w.disk.Process(nil), start.Add(20*time.Hour)
	for range 2 {
		if err := w.run(); err != nil {
			t.Fatal(err)
		}
		for _, r := range w.reported {
			var dead *issuance.DeadCode
			if !errors.As(r.Err, &dead) || dead.Status != activation.Expired {
				t.Errorf("%v", r.Err)
			}
		}
		if len(w.printed) > 0 || len(w.unfinished()) > 0 {
			t.Errorf("%v, %v", w.printed, w.unfinished())
		}
	}
	w.service.now = start.Add(25 * time.Hour)
	if err := w.run(); !errors.As(err, new(*Dead)) {
		t.Errorf("a lifetime later: %v", err)
	}
}

// The ledger and the records are lost, and the service remembers the tokens of three generations of dead codes.
func TestWithoutStateARenewalSkipsTheDeadCodes(t *testing.T) {
	for _, files := range []bool{false, true} {
		w := newWorld(t, names(2))
		w.files = files
		for range 3 {
			w.must()
			w.service.now, w.renew = w.service.now.Add(5*time.Hour), true
		}
		for _, folder := range []string{"/state/pending", "/state/batches"} {
			entries, err := w.fs.ReadDir(folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, entry := range entries {
				if err := w.fs.Remove(folder + "/" + entry.Name()); err != nil {
					t.Fatal(err)
				}
			}
		}
		w.must()
		made := w.ids()
		if r := w.reported[0]; r.Status != activation.Active || r.generation != 3 || len(w.service.codes) != 8 {
			t.Errorf("files %v: %d codes, generation %d, %+v", files, len(w.service.codes), r.generation, r.Code)
		}
		w.renew = false
		w.must()
		if !slices.Equal(w.ids(), made) || len(w.unfinished()) > 0 {
			t.Errorf("files %v: %v, then %v", files, made, w.ids())
		}
	}
}

func TestTheQuotaStopsARegion(t *testing.T) {
	w := newWorld(t, names(300))
	w.service.quota, w.service.delay = 20, time.Millisecond
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	made := 0
	for _, r := range w.reported {
		if r.Err == nil {
			made++
		} else if !isQuota(r.Err) {
			t.Error(r.Err)
		}
	}
	if made != 20 || len(w.printed) != 20 {
		t.Errorf("%d rows were made, %d printed", made, len(w.printed))
	}
	if w.service.creates > 20+workPerRegion {
		t.Errorf("%d creates were sent for a quota of 20", w.service.creates)
	}
	// The rows that were made are delivered again, although the first rows of the moved list are refused.
	w.list = "instance-name\n"
	for n := 299; n >= 0; n-- {
		w.list += fmt.Sprintf("web-%d\n", n)
	}
	if err := w.run(); err != nil || len(w.printed) != 20 {
		t.Errorf("%d rows were printed again; %v", len(w.printed), err)
	}
	// Rows that were never made are not dead later, and rows that were made are.
	w.service.now = start.Add(5 * time.Hour)
	var dead *Dead
	if err := w.run(); !errors.As(err, &dead) || len(dead.Rows) != 20 {
		t.Errorf("%v: %d dead rows", err, len(dead.Rows))
	}
}

func TestAFailedOutputStopsTheBatch(t *testing.T) {
	w := newWorld(t, names(600))
	w.limit, w.service.delay = 3, time.Millisecond
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	untried := 0
	for _, r := range w.reported {
		if errors.As(r.Err, new(*NotTried)) {
			untried++
		}
	}
	if untried < 300 {
		t.Errorf("%d codes were made, %d rows were not tried", len(w.service.codes), untried)
	}
	w.limit = -1
	w.must()
	if len(w.service.codes) != 600 || len(w.printed) != 600 {
		t.Errorf("%d codes, %d printed", len(w.service.codes), len(w.printed))
	}
}

func TestDeadCodesNeedRenew(t *testing.T) {
	for _, files := range []bool{false, true} {
		w := newWorld(t, "instance-name,ttl\nshort,1\nlong,4\n")
		w.files = files
		w.must()
		first := w.ids()
		w.service.now = start.Add(2 * time.Hour)
		var dead *Dead
		creates := w.service.creates
		if err := w.run(); !errors.As(err, &dead) || len(dead.Rows) != 1 || dead.Rows[0].Line != 2 || w.service.creates != creates {
			t.Fatalf("files %v: %v", files, err)
		}
		w.renew = true
		w.must()
		second := w.ids()
		if second[0] == first[0] || second[1] != first[1] {
			t.Errorf("files %v: %v was renewed as %v", files, first, second)
		}
		w.must() // renew again changes nothing
		w.renew = false
		w.must()
		if !slices.Equal(w.ids(), second) || len(w.service.codes) != 3 {
			t.Errorf("files %v: %v, then %v", files, second, w.ids())
		}
		if files && w.saved("short") != second[0] {
			t.Error("the file was not replaced")
		}
	}
}

// Long after the end, the records are gone, and only the ledger knows the batch.
func TestTheLedgerOutlivesTheRecords(t *testing.T) {
	w := newWorld(t, names(2))
	w.must()
	w.service.now = start.Add(100 * time.Hour)
	pending.New(w.fs, "/state/pending", w.clock).List(t.Context())
	w.service.noList = errors.New("not allowed")
	if err := w.run(); !errors.As(err, new(*Dead)) {
		t.Fatal(err)
	}
	if len(w.notes) != 1 {
		t.Errorf("%v", w.notes)
	}
	w.renew = true
	w.must()
	for _, r := range w.reported {
		if r.ExpirationTime != "" {
			t.Error("without a list it is not known whether a code is new")
		}
	}
}

// A disabled or deleted code is dead.
func TestTheServiceSaysWhichCodesAreDead(t *testing.T) {
	for _, files := range []bool{false, true} {
		for name, change := range map[string]func(*service){
			"disabled": func(s *service) { s.codes[0].Disabled = true },
			"deleted":  func(s *service) { s.codes = s.codes[1:] },
		} {
			w := newWorld(t, names(2))
			w.files = files
			w.must()
			change(w.service)
			var dead *Dead
			if err := w.run(); !errors.As(err, &dead) || len(dead.Rows) != 1 {
				t.Errorf("%s, files %v: %v", name, files, err)
			}
		}
	}
}

// Used codes are alive: the machine has its code.
func TestUsedCodesAreLeftAlone(t *testing.T) {
	w := newWorld(t, "instance-name,instance-count\nweb,1\n")
	w.files = true
	w.must()
	w.service.codes[0].RegisteredCount = 1
	w.must()
	if !w.reported[0].Done {
		t.Error("the row was not left alone")
	}
}

// Without the time of the service the listing is not used.
func TestAListingWithoutDateIsNotUsed(t *testing.T) {
	w := newWorld(t, names(1))
	w.service.noDate = true
	w.must()
	w.must()
	found := false
	for _, n := range w.notes {
		noted, ok := n.(issuance.NotListed)
		found = found || ok && errors.Is(noted.Err, errNoDate)
	}
	if !found || w.reported[0].ExpirationTime != "" {
		t.Errorf("%v, %+v", w.notes, w.reported[0].Code)
	}
}

// The list was changed after the first run was interrupted. Without a name this is another batch, but the files are the
// same, so the unfinished creates of the first run are continued.
func TestAChangedListContinuesTheFilesOfTheFirst(t *testing.T) {
	for step := range 60 {
		w := newWorld(t, names(3))
		w.files = true
		w.interruptedAt(step, func(*disktest.Disk) {})
		w.disk.PowerCut()
		w.fs, w.list, w.service.dead = w.disk.Process(nil), names(4), func() bool { return false }
		w.must()
		w.list = names(3)
		w.must()
		if len(w.service.codes) != 4 {
			t.Fatalf("step %d: %d codes", step, len(w.service.codes))
		}
	}
}

// A machine that loses its power at any step, and runs the batch again, has one code for each row, in its file, and no
// unfinished record.
func TestAPowerCutAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	cuts := map[string]func(*disktest.Disk){
		"all": (*disktest.Disk).PowerCut, "names": (*disktest.Disk).PowerCutNames, "contents": (*disktest.Disk).PowerCutContents,
	}
	for name, cut := range cuts {
		for renewed := range 2 {
			for step, reached := 0, true; reached; step++ {
				w := newWorld(t, names(3))
				w.files = true
				rows := 3
				if renewed == 1 { // the interrupted run replaces dead codes
					w.must()
					w.service.now, w.renew, rows = start.Add(5*time.Hour), true, 6
				}
				reached = w.interruptedAt(step, cut)
				w.fs = w.disk.Process(nil)
				w.service.dead = func() bool { return false }
				w.must()
				w.renew = false
				w.must()
				if len(w.service.codes) != rows {
					t.Fatalf("%s, step %d: %d codes", name, step, len(w.service.codes))
				}
				for n := range 3 {
					name := fmt.Sprintf("web-%d", n)
					if id := w.saved(name); !slices.ContainsFunc(w.service.codes[:3], func(a activation.Activation) bool { return a.ActivationId == id && a.InstanceName == name }) {
						t.Fatalf("step %d: %s has %s", step, name, id)
					}
				}
				if names, err := w.fs.ReadDir("/codes"); err != nil || len(names) != 3 {
					t.Fatalf("step %d: %v, %v", step, names, err)
				}
			}
		}
	}
}

// interruptedAt runs the batch and cuts the power at a step of the disk. It reports whether the step was reached.
func (w *world) interruptedAt(step int, cut func(*disktest.Disk)) (reached bool) {
	count := make(chan int, 1)
	count <- 0
	done := make(chan struct{})
	w.service.dead = func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
	w.fs = w.disk.Process(func(disktest.When, string, string) error {
		n := <-count
		count <- n + 1
		if n == step {
			close(done)
			cut(w.disk)
		}
		return nil
	})
	_ = w.run() // it fails where the power is cut
	return <-count > step
}

// A renewal that did not finish is continued without --renew. Before it was ordered, the codes are dead.
func TestARenewalIsContinuedWithoutBeingOrderedAgain(t *testing.T) {
	w := newWorld(t, names(2))
	w.files = true
	w.must()
	w.service.now, w.service.quota, w.renew = start.Add(5*time.Hour), 3, true
	if err := w.run(); err != nil {
		t.Fatal(err)
	}
	w.service.quota, w.renew = 10, false
	w.must()
	if len(w.service.codes) != 4 || w.saved("web-0") == "ID-1" || w.saved("web-1") == "ID-2" {
		t.Errorf("%d codes, %s, %s", len(w.service.codes), w.saved("web-0"), w.saved("web-1"))
	}
	w.service.now = start.Add(10 * time.Hour)
	if err := w.run(); !errors.As(err, new(*Dead)) {
		t.Errorf("the renewed codes are dead: %v", err)
	}
}

// Another batch, which has sent nothing, does not replace the dead codes in files.
func TestAnotherBatchDoesNotReplaceDeadCodes(t *testing.T) {
	w := newWorld(t, names(2))
	w.files = true
	w.must()
	w.service.now, w.flags.Name = start.Add(5*time.Hour), "other"
	var dead *Dead
	if err := w.run(); !errors.As(err, &dead) || len(dead.Rows) != 2 {
		t.Error(err)
	}
}

// If the service does not list its codes, the time in the file decides, or, if it has none, the ledger.
func TestWithoutAListTheFilesAndTheLedgerDecide(t *testing.T) {
	for _, listed := range []bool{true, false} {
		w := newWorld(t, names(1))
		w.files = true
		if !listed {
			w.service.noList = errors.New("not allowed")
		}
		w.must()
		w.service.noList = errors.New("not allowed")
		if known := w.reported[0].ExpirationTime != ""; known != listed {
			t.Errorf("the time is known: %v", known)
		}
		w.service.now = start.Add(4*time.Hour - time.Second)
		w.must()
		if !w.reported[0].Done {
			t.Errorf("listed %v: the live code was not left alone", listed)
		}
		w.service.now = start.Add(4 * time.Hour)
		if err := w.run(); !errors.As(err, new(*Dead)) {
			t.Errorf("listed %v: %v", listed, err)
		}
	}
}
