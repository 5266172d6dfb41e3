package pending

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
)

// storeOn returns a store on a disk in memory.
func storeOn(d *disktest.Disk, now *time.Time) *Store {
	return New(d.Process(nil), "/state/pending", func() time.Time { return *now })
}

func TestARecordSurvivesAPowerCutFromTheMomentThatItIsBegun(t *testing.T) {
	for name, cut := range map[string]func(*disktest.Disk){
		"all": (*disktest.Disk).PowerCut, "names": (*disktest.Disk).PowerCutNames, "contents": (*disktest.Disk).PowerCutContents,
	} {
		now, d := start, disktest.New()
		begin(t, storeOn(d, &now), createOf("token"))
		cut(d)
		if r := only(t, storeOn(d, &now)); r.Request.ClientToken != "token" || r.State != Uncertain {
			t.Errorf("%s lost: %+v", name, r)
		}
	}
}

func TestARepetitionSurvivesAPowerCut(t *testing.T) {
	now, d := start, disktest.New()
	e := begin(t, storeOn(d, &now), createOf("token"))
	if err := happened(e, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if err := happened(e, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	d.PowerCut()
	if r := only(t, storeOn(d, &now)); !r.LastAttempt.Equal(now) || r.Attempts != 2 {
		t.Errorf("%d attempts, the last at %s", r.Attempts, r.LastAttempt)
	}
}

func TestOneThatCannotBeWrittenLeavesNothing(t *testing.T) {
	for op := range 8 {
		now, d, at := start, disktest.New(), 0
		if err := d.Process(nil).MkdirAll("/state/pending"); err != nil {
			t.Fatal(err)
		}
		p := d.Process(func(when disktest.When, name, _ string) error {
			if when == disktest.Before && name != "lock" && name != "remove" {
				if at++; at == op {
					return fs.ErrInvalid
				}
			}
			return nil
		})
		e, err := New(p, "/state/pending", func() time.Time { return now }).Begin(t.Context(), createOf("token"))
		if err == nil {
			closed(t, e)
			continue
		}
		if records, failed := storeOn(d, &now).List(t.Context()); len(records)+len(failed) > 0 {
			t.Errorf("operation %d: left %v, %v", op, records, failed)
		}
	}
}

// What needs no writing is not refused where nothing can be written.
func TestAFolderThatCannotBeWrittenToHidesNoRecordAndStopsNoDelivery(t *testing.T) {
	for name, spoil := range map[string]func(*disktest.Disk){
		"read-only": func(d *disktest.Disk) { d.ReadOnly = true },
		"full":      func(d *disktest.Disk) { d.Full = true },
	} {
		now, d := start, disktest.New()
		closed(t, begin(t, storeOn(d, &now), createOf("token")))
		spoil(d)
		s := storeOn(d, &now)
		if r := only(t, s); r.State != Uncertain {
			t.Errorf("%s: state %s", name, r.State)
		}
		for way, open := range map[string]func() (*Entry, error){
			"Take":  func() (*Entry, error) { return s.Take(t.Context(), "token") },
			"Begin": func() (*Entry, error) { return s.Begin(t.Context(), createOf("token")) },
		} {
			e, err := open()
			if err != nil {
				t.Errorf("%s, %s: %v", name, way, err)
				continue
			}
			for _, event := range []Event{Sending, Answered, HandedOver} {
				if err := happened(e, event, "4ECE")(); !Unwritable(err) {
					t.Errorf("%s, %s, %s: %v", name, way, event, err)
				}
			}
			if e.Outcome() != HasDelivered || !e.Known {
				t.Errorf("%s, %s: outcome %d", name, way, e.Outcome())
			}
			closed(t, e)
		}
		if _, err := s.Begin(t.Context(), createOf("another")); !Unwritable(err) {
			t.Errorf("%s: a record was begun: %v", name, err)
		}
	}
}

func TestWhatCannotBeReadIsReported(t *testing.T) {
	for name, spoil := range map[string]func(folder string) error{
		"the folder's lock is a folder": func(folder string) error { return os.Mkdir(filepath.Join(folder, ".lock"), 0o700) },
		"a record is a folder":          func(folder string) error { return os.Mkdir(filepath.Join(folder, "ab"), 0o700) },
		"a record is damaged":           func(folder string) error { return os.WriteFile(filepath.Join(folder, "ab"), []byte("x\n"), 0o600) },
		"a record was cut short":        func(folder string) error { return os.WriteFile(filepath.Join(folder, "ab"), []byte("{"), 0o600) },
		"a record is a link":            func(folder string) error { return os.Symlink("/dev/zero", filepath.Join(folder, "ab")) },
	} {
		now := start
		s := storeAt(t, &now)
		if err := errors.Join(os.MkdirAll(s.folder, 0o700), spoil(s.folder)); err != nil {
			t.Logf("%s: %v", name, err) // no links on this system
			continue
		}
		if strings.Contains(name, "lock") {
			if err := os.WriteFile(filepath.Join(s.folder, "ab"), []byte("{}\n"), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if records, failed := s.List(t.Context()); len(records) != 0 || len(failed) == 0 || !strings.Contains(failed[0].Error(), s.folder) && !strings.Contains(name, "lock") {
			t.Errorf("%s: %v, %v", name, records, failed)
		}
	}
}

func TestAnEmptyRecordIsDeleted(t *testing.T) {
	now, d := start, disktest.New()
	p := d.Process(nil)
	if err := p.MkdirAll("/state/pending"); err != nil {
		t.Fatal(err)
	}
	f, err := p.Create("/state/pending/ab")
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if records, failed := storeOn(d, &now).List(t.Context()); len(records)+len(failed) != 0 {
		t.Errorf("got %v, %v", records, failed)
	}
	if _, err := p.Lstat("/state/pending/ab"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestARecordIsNotWrittenThroughALink(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := errors.Join(os.WriteFile(victim, nil, 0o600), os.MkdirAll(s.folder, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, s.path("token")); err != nil {
		t.Skip(err)
	}
	if _, err := s.Begin(t.Context(), createOf("token")); err == nil {
		t.Error("a record was begun")
	}
	if content, err := os.ReadFile(victim); err != nil || len(content) > 0 {
		t.Errorf("the other file holds %q, %v", content, err)
	}
}

func TestAFolderThatOthersMayUseIsMadePrivate(t *testing.T) {
	if os.PathSeparator != '/' {
		t.Skip("no such modes on this system")
	}
	now := start
	s := storeAt(t, &now)
	if tightened, err := s.Tighten(); tightened || err != nil {
		t.Errorf("without a folder: %v, %v", tightened, err)
	}
	if err := errors.Join(os.MkdirAll(s.folder, 0o700), os.Chmod(s.folder, 0o750)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if tightened, err := s.Tighten(); tightened != want || err != nil {
			t.Errorf("%v, %v, want %v", tightened, err, want)
		}
	}
	if info, err := os.Stat(s.folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestNothingWaitsForTheFoldersLockBeyondItsContext(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	held, err := disk.OS{}.TryLock(filepath.Join(s.folder, ".lock"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("time is up"))
	defer cancel()
	if _, err := s.Begin(ctx, createOf("other")); err == nil || err.Error() != "time is up" {
		t.Errorf("Begin: %v", err)
	}
	if _, err := s.Take(ctx, "token"); err == nil {
		t.Error("Take: no error")
	}
	if _, failed := s.List(ctx); len(failed) == 0 {
		t.Error("List: no error")
	}
	if _, err := s.Hold(ctx, "/file", func() {}); err == nil {
		t.Error("Hold: no error")
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	closed(t, e)
}

func TestTheRecordsOfTheSandboxAgeWithIt(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	ours := createOf("ours")
	ours.Sandbox = true
	e := begin(t, s, ours)
	m := Moment{Date: start}
	if err := all(happened(e, Sending, ""), func() error { return e.Happened(Change{Event: Sending, Replay: &m}) }, e.Close); err != nil {
		t.Fatal(err)
	}
	closed(t, begin(t, s, createOf("real")))
	if err := s.Age(5 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Peek() {
		by := time.Duration(0)
		if r.Sandbox {
			by = 5 * time.Hour
			if !r.Replay.Date.Equal(start.Add(-by)) {
				t.Errorf("the moment is %s", r.Replay.Date)
			}
		}
		if !r.StartedAt.Equal(start.Add(-by)) || !r.LastAttempt.Equal(start.Add(-by)) {
			t.Errorf("%s: started %s, last %s", r.Request.ClientToken, r.StartedAt, r.LastAttempt)
		}
	}
}
