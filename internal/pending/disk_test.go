package pending

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
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

// changes counts the operations of a process that change something, but for locks, and fails one.
type changes struct {
	at, fail int // the operations so far, and the one that fails, from 1
	failing  string
	names    []string
}

func (c *changes) step(when disktest.When, name, _ string) error {
	if when == disktest.After || name == "lock" {
		return nil
	}
	c.names = append(c.names, name)
	if c.at++; c.at == c.fail || name == c.failing {
		return syscall.ENOSPC
	}
	return nil
}

func (c *changes) count(name string) (n int) {
	for _, done := range c.names {
		if done == name {
			n++
		}
	}
	return n
}

// counted returns a store on a disk whose changes are counted.
func counted(d *disktest.Disk, now *time.Time, c *changes) *Store {
	return New(d.Process(c.step), "/state/pending", func() time.Time { return *now })
}

func TestOneThatCannotBeWrittenLeavesNothing(t *testing.T) {
	now := start
	all := &changes{}
	e, err := counted(disktest.New(), &now, all).Begin(t.Context(), createOf("token"))
	if err != nil {
		t.Fatal(err)
	}
	closed(t, e)
	begun := 0 // two folders, the record, its content, two syncs
	for _, name := range all.names {
		if begun++; name == "syncfolder" {
			break
		}
	}
	for fail := range begun {
		d, c := disktest.New(), &changes{fail: fail + 1}
		if _, err := counted(d, &now, c).Begin(t.Context(), createOf("token")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s fails: %v", c.names[fail], err)
		}
		if records, failed := storeOn(d, &now).List(t.Context()); len(records)+len(failed) > 0 {
			t.Errorf("%s fails: left %v, %v", c.names[fail], records, failed)
		}
	}
	if begun < 6 {
		t.Errorf("only %v", all.names)
	}
}

// A record that cannot be locked is not begun: another process could begin it too.
func TestARecordThatCannotBeLockedIsNotBegun(t *testing.T) {
	now, d := start, disktest.New()
	if err := d.Process(nil).MkdirAll("/state/pending"); err != nil {
		t.Fatal(err)
	}
	unlocked := func() *Store {
		return New(d.Process(func(when disktest.When, op, path string) error {
			if when == disktest.Before && op == "lock" && len(path) > 60 {
				return syscall.ENOSPC
			}
			return nil
		}), "/state/pending", func() time.Time { return now })
	}
	if _, err := unlocked().Begin(t.Context(), createOf("token")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if _, err := storeOn(d, &now).Begin(t.Context(), createOf("x")); err != nil {
		t.Fatal(err)
	}
	d.ReadOnly = true
	if _, err := storeOn(d, &now).Begin(t.Context(), createOf("y")); err == nil || err.Error() != "/state/pending: "+syscall.EROFS.Error() {
		t.Errorf("the error is %v", err)
	}
	d.ReadOnly = false
	e := begin(t, storeOn(d, &now), createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Hour)
	other := createOf("token")
	other.Request.InstanceCount = 3
	if _, err := unlocked().Begin(t.Context(), other); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a record that is over: %v", err)
	}
	same, err := unlocked().Begin(t.Context(), createOf("token"))
	if err != nil || !same.Known || same.State != Delivered {
		t.Errorf("the same create: %+v, %v", same, err)
	}
	now = start
	if _, err := unlocked().Begin(t.Context(), other); !errors.Is(err, ErrOtherRequest) {
		t.Errorf("another create: %v", err)
	}
}

func TestARecordThatIsOverMakesRoomForAnotherCreate(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	e := begin(t, s, createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Hour)
	if e = begin(t, s, createOf("token")); !e.Known || e.ActivationId != "4ECE" {
		t.Errorf("the same create: %+v", e.Record)
	}
	closed(t, e)
	other := createOf("token")
	other.Request.InstanceCount = 3
	c := &changes{failing: "remove"}
	if _, err := counted(d, &now, c).Begin(t.Context(), other); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("it cannot be removed: %v", err)
	}
	if e = begin(t, s, other); e.Known || e.ActivationId != "" || !e.StartedAt.Equal(now) {
		t.Errorf("another create: %+v", e.Record)
	}
	closed(t, e)
}

func TestAnEmptyRecordIsBegunAnew(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	place(t, d, s.path("token"), "")
	if e := begin(t, s, createOf("token")); e.Known {
		t.Error("nothing was known")
	}
}

// What each step writes and syncs.
func TestASyncComesWhereTheTableAsksForIt(t *testing.T) {
	now, d := start, disktest.New()
	c := &changes{}
	s := counted(d, &now, c)
	e := begin(t, s, createOf("token"))
	wrote := func(what string, step func() error, writes, syncs, folders int) {
		t.Helper()
		c.names = nil
		if err := step(); err != nil {
			t.Error(err)
		}
		if c.count("write") != writes || c.count("sync") != syncs || c.count("syncfolder") != folders {
			t.Errorf("%s: %v", what, c.names)
		}
	}
	wrote("first attempt", happened(e, Sending, ""), 0, 0, 0)
	wrote("repetition", happened(e, Sending, ""), 1, 1, 0)
	wrote("answer", happened(e, Answered, "4ECE"), 1, 0, 0)
	wrote("delivery", happened(e, HandedOver, ""), 1, 0, 0)
	closed(t, e)
	e, err := s.Take(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	wrote("first attempt of another run", happened(e, Sending, ""), 1, 1, 1) // the name, too
	wrote("repetition of another run", happened(e, Sending, ""), 1, 1, 0)
	wrote("new code", happened(e, AnsweredNew, "5ECE"), 1, 1, 0)
	closed(t, e)

	for _, op := range []string{"write", "sync", "syncfolder"} {
		c := &changes{failing: op}
		e, err := counted(d, &now, c).Take(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		if err := happened(e, Sending, "")(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s fails: %v", op, err)
		}
		if op == "syncfolder" {
			c.failing = ""
			c.names = nil
			if err := happened(e, Sending, "")(); err != nil || c.count("syncfolder") != 1 {
				t.Errorf("it is not tried again: %v, %v", err, c.names)
			}
		}
		closed(t, e)
	}
}

func TestWhatCannotHappenIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	e := begin(t, storeOn(d, &now), createOf("token"))
	if err := happened(e, HandedOver, "")(); err == nil || e.State != Recorded || e.Run != Recorded {
		t.Errorf("%v, %s, %s", err, e.State, e.Run)
	}
	if err := e.Discard(); err == nil {
		t.Error("a create at work was discarded")
	}
	if _, err := d.Process(nil).Lstat(e.store.path("token")); err != nil {
		t.Error(err)
	}
	closed(t, e)
	e, err := storeOn(d, &now).Take(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Discard(); err != nil || e.State != Gone {
		t.Errorf("%v, %s", err, e.State)
	}
	closed(t, e)
	if names, err := d.Process(nil).ReadDir("/state/pending"); err != nil || len(names) != 1 || names[0].Name() != ".lock" {
		t.Errorf("left: %v, %v", names, err)
	}
}

func TestACreateWithoutARecordHasALifeAndWritesNothing(t *testing.T) {
	e := Unrecorded(createOf("token"))
	if e.Recorded() || e.Outcome() != NothingMade {
		t.Errorf("%v, %d", e.Recorded(), e.Outcome())
	}
	for _, event := range []Event{Sending, Sending, Answered, HandedOver} {
		if err := happened(e, event, "4ECE")(); err != nil {
			t.Error(err)
		}
	}
	if e.Outcome() != HasDelivered {
		t.Errorf("%d", e.Outcome())
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	e = Unrecorded(createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Refused, "")); err != nil || e.Outcome() != NothingMade {
		t.Errorf("%v, %d", err, e.Outcome())
	}
	now := start
	if e := begin(t, storeOn(disktest.New(), &now), createOf("token")); !e.Recorded() {
		t.Error("it has a record")
	}
}

func TestAnAttemptHasTheTimeThatItIsGiven(t *testing.T) {
	now := start
	e := begin(t, storeOn(disktest.New(), &now), createOf("token"))
	at := start.Add(time.Minute)
	for n := range 2 {
		if err := e.Happened(Change{Event: Sending, At: at}); err != nil {
			t.Fatal(err)
		}
		if e.Attempts != n+1 {
			t.Errorf("%d attempts after %d", e.Attempts, n+1)
		}
	}
	if !e.LastAttempt.Equal(at) {
		t.Errorf("%s", e.LastAttempt)
	}
	now = start.Add(time.Hour)
	if err := happened(e, Sending, "")(); err != nil || !e.LastAttempt.Equal(now) {
		t.Errorf("%s, %v", e.LastAttempt, err)
	}
}

func TestAnUnlockThatFailsIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	c := &changes{}
	e := begin(t, counted(d, &now, c), createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Refused, "")); err != nil {
		t.Fatal(err)
	}
	c.failing = "remove" // of the lock without a record
	if err := e.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("it is closed: %v", err)
	}
}

// What needs no writing is not refused where nothing can be written.
func TestAFolderThatCannotBeWrittenToHidesNoRecordAndStopsNoDelivery(t *testing.T) {
	for name, spoil := range map[string]func(*disktest.Disk){
		"read-only": func(d *disktest.Disk) { d.ReadOnly = true },
		"full":      func(d *disktest.Disk) { d.Full = true },
	} {
		now, d := start, disktest.New()
		s := storeOn(d, &now)
		closed(t, begin(t, s, createOf("token")))
		if err := errors.Join(d.Process(nil).Remove(s.path("token")+".lock"), d.Process(nil).Remove("/state/pending/.lock")); err != nil {
			t.Fatal(err) // so that there is nothing to lock
		}
		spoil(d)
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
	place(t, d, "/state/pending/ab", "")
	if records, failed := storeOn(d, &now).List(t.Context()); len(records)+len(failed) != 0 {
		t.Errorf("got %v, %v", records, failed)
	}
	if _, err := d.Process(nil).Lstat("/state/pending/ab"); !errors.Is(err, fs.ErrNotExist) {
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
	if err := all(happened(e, Sending, ""), func() error { return e.Happened(Change{Event: Sending, Replay: m}) }, e.Close); err != nil {
		t.Fatal(err)
	}
	closed(t, begin(t, s, createOf("real")))
	plain := createOf("plain")
	plain.Sandbox = true
	closed(t, begin(t, s, plain))
	if err := s.Age(5 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Peek() {
		by := time.Duration(0)
		if r.Sandbox {
			by = 5 * time.Hour
			if r.Request.ClientToken == "ours" && !r.Replay.Date.Equal(start.Add(-by)) || r.Request.ClientToken == "plain" && !r.Replay.Date.IsZero() {
				t.Errorf("the moment is %s", r.Replay.Date)
			}
		}
		if !r.StartedAt.Equal(start.Add(-by)) || !r.LastAttempt.Equal(start.Add(-by)) {
			t.Errorf("%s: started %s, last %s", r.Request.ClientToken, r.StartedAt, r.LastAttempt)
		}
	}
}

func TestADamagedRecordIsNotBegunAnew(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	place(t, d, s.path("token"), "{}\n")
	var damaged *Damaged
	if _, err := s.Begin(t.Context(), createOf("token")); !errors.As(err, &damaged) || damaged.Path != s.path("token") {
		t.Errorf("%v", err)
	}
	if _, err := s.Take(t.Context(), "token"); !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
}

// A lock is given back also where the folder's lock cannot be had, and its file stays for another time.
func TestALockIsGivenBackWithoutTheFoldersLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now, d := start, disktest.New()
		s := storeOn(d, &now)
		e, err := s.Begin(t.Context(), createOf("token"))
		if err != nil {
			t.Fatal(err)
		}
		p := d.Process(nil)
		folder, err := p.TryLock("/state/pending/.lock")
		if err != nil {
			t.Fatal(err)
		}
		if err := e.Close(); !errors.Is(err, errFolderLocked) {
			t.Errorf("%v", err)
		}
		lock, err := p.TryLock(s.path("token") + ".lock")
		if err != nil {
			t.Fatalf("it is still held: %v", err)
		}
		if err := errors.Join(lock.Close(), folder.Close()); err != nil {
			t.Fatal(err)
		}
	})
}

func TestTheLockOfARecordStaysBesideIt(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	closed(t, begin(t, s, createOf("token")))
	if _, err := d.Process(nil).Lstat(s.path("token") + ".lock"); err != nil {
		t.Error(err)
	}
}

// unopened is a file system in which no file can be opened for writing.
type unopened struct{ disk.FS }

func (unopened) Append(string) (disk.File, error) { return nil, syscall.EIO }

func TestAnAgeThatCannotBeWrittenIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	ours := createOf("ours")
	ours.Sandbox = true
	closed(t, begin(t, storeOn(d, &now), ours))
	s := New(unopened{d.Process(nil)}, "/state/pending", func() time.Time { return now })
	if err := s.Age(time.Hour); !errors.Is(err, syscall.EIO) {
		t.Errorf("%v", err)
	}
}

func TestAFolderThatIsNoneIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	f, err := d.Process(nil).Create("/pending")
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	s := New(d.Process(nil), "/pending", func() time.Time { return now })
	if records, failed := s.List(t.Context()); len(records) != 0 || len(failed) != 1 {
		t.Errorf("%v, %v", records, failed)
	}
	below := New(d.Process(nil), "/pending/below", func() time.Time { return now })
	if tightened, err := below.Tighten(); tightened || err == nil {
		t.Errorf("%v, %v", tightened, err)
	}
	if _, err := storeOn(disktest.New(), &now).Take(t.Context(), "none"); err == nil {
		t.Error("a record was taken that is not there")
	}
}

// place writes a record's content as it is.
func place(t *testing.T, d *disktest.Disk, path, content string) {
	t.Helper()
	p := d.Process(nil)
	err := p.MkdirAll("/state/pending")
	f, failed := p.Create(path)
	if err = errors.Join(err, failed); err != nil {
		t.Fatal(err)
	}
	if content != "" {
		_, err = f.Write([]byte(content))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestARecordThatIsBeingWrittenIsNotReported(t *testing.T) {
	for _, content := range []string{"", "{"} {
		now, d := start, disktest.New()
		s := storeOn(d, &now)
		place(t, d, s.path("token"), content)
		lock, err := d.Process(nil).TryLock(s.path("token") + ".lock")
		if err != nil {
			t.Fatal(err)
		}
		if records, failed := s.List(t.Context()); len(records)+len(failed) != 0 {
			t.Errorf("%q: %v, %v", content, records, failed)
		}
		if err := lock.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestARecordThatIsOverAndCannotBeDeletedIsListed(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	e := begin(t, s, createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	place(t, d, "/state/pending/empty", "")
	now = now.Add(4 * time.Hour)
	d.ReadOnly = true
	if r := only(t, s); r.State != Delivered {
		t.Errorf("%s", r.State)
	}
	d.ReadOnly = false
	broken := New(d.Process(func(when disktest.When, op, path string) error {
		if when == disktest.Before && op == "remove" && !strings.HasSuffix(path, "empty") {
			return syscall.EIO
		}
		return nil
	}), "/state/pending", func() time.Time { return now })
	if _, failed := broken.List(t.Context()); len(failed) != 1 || !errors.Is(failed[0], syscall.EIO) {
		t.Errorf("%v", failed)
	}
}

func TestALineThatIsNoChangeIsPassedOver(t *testing.T) {
	const first = `{"Request":{"ClientToken":"t"},"StartedAt":"2026-11-22T10:00:00Z"}` + "\n"
	for line, want := range map[string]State{
		`{"Event":"made","ActivationId":"X"}`: Made,
		`{"Event":"made","ActivationId":5}`:   Uncertain, // damaged
		`{"Event":"delivered"}`:               Uncertain, // it cannot happen
		`{"Event":"nothing we know"}`:         Uncertain,
	} {
		if r, err := parse([]byte(first + line + "\n")); err != nil || r.State != want {
			t.Errorf("%s: %s, %v", line, r.State, err)
		}
	}
	if _, err := parse([]byte(`{"Request":{"ClientToken":"t"},"Sandbox":5}` + "\n")); err == nil {
		t.Error("a first line with an odd field was accepted")
	}
}

func TestWhatIsUnfinished(t *testing.T) {
	for state, want := range map[State]bool{Uncertain: true, Made: true, Delivered: false, Running: false, Gone: false} {
		if got := (Record{State: state}).Unfinished(); got != want {
			t.Errorf("%s: %v", state, got)
		}
	}
}

func TestLocksWithoutARecord(t *testing.T) {
	now, d := start, disktest.New()
	s := storeOn(d, &now)
	orphan := s.path("gone") + ".lock"
	list := func(step func(op, path string) error) []error {
		t.Helper()
		p := d.Process(func(when disktest.When, op, path string) error {
			if step == nil || when == disktest.After {
				return nil
			}
			return step(op, path)
		})
		records, failed := New(p, "/state/pending", func() time.Time { return now }).List(t.Context())
		if len(records) != 0 {
			t.Errorf("%v", records)
		}
		return failed
	}
	release, err := s.Hold(t.Context(), "/home/code.json", func() {})
	if err != nil {
		t.Fatal(err)
	}
	if failed := list(nil); len(failed) != 0 {
		t.Errorf("one that is held: %v", failed)
	}
	if err := release(); err != nil {
		t.Fatal(err)
	}
	place(t, d, orphan, "")
	for want, errno := range []syscall.Errno{syscall.EROFS, syscall.EIO} {
		failed := list(func(op, path string) error {
			if op == "lock" && path == orphan {
				return errno
			}
			return nil
		})
		if len(failed) != want {
			t.Errorf("%v: %v", errno, failed)
		}
	}
	if failed := list(nil); len(failed) != 0 {
		t.Errorf("%v", failed)
	}
	if _, err := d.Process(nil).Lstat(orphan); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	// What is left of a record that is over goes another time.
	for want, errno := range []syscall.Errno{syscall.EROFS, syscall.EIO} {
		place(t, d, "/state/pending/empty", "")
		failed := list(func(op, path string) error {
			if op == "remove" && strings.HasSuffix(path, "empty.lock") {
				return errno
			}
			return nil
		})
		if len(failed) != want {
			t.Errorf("%v: %v", errno, failed)
		}
	}
}

// handles counts the files that are open.
type handles struct {
	disk.FS
	opened, open int
}

type handle struct {
	disk.File
	of *handles
}

func (h *handles) wrap(f disk.File, err error) (disk.File, error) {
	if err != nil {
		return nil, err
	}
	h.opened, h.open = h.opened+1, h.open+1
	return &handle{f, h}, nil
}

func (h *handles) Create(path string) (disk.File, error) { return h.wrap(h.FS.Create(path)) }
func (h *handles) Append(path string) (disk.File, error) { return h.wrap(h.FS.Append(path)) }

func (f *handle) Close() error {
	f.of.open--
	return f.File.Close()
}

func TestAJournalIsOpenedOnceAndClosed(t *testing.T) {
	now, h := start, &handles{FS: disktest.New().Process(nil)}
	s := New(h, "/state/pending", func() time.Time { return now })
	for range 2 {
		h.opened = 0
		e := begin(t, s, createOf("token"))
		if err := all(happened(e, Sending, ""), happened(e, Sending, ""), happened(e, Answered, "4ECE"), e.Close); err != nil {
			t.Fatal(err)
		}
		if h.opened != 1 || h.open != 0 {
			t.Errorf("opened %d times, %d left open", h.opened, h.open)
		}
	}
}

func TestAFileIsNotHeldWhereNoFolderCanBeMade(t *testing.T) {
	now, d := start, disktest.New()
	d.ReadOnly = true
	if _, err := storeOn(d, &now).Hold(t.Context(), "/home/code.json", func() {}); !Unwritable(err) {
		t.Errorf("%v", err)
	}
}

// The lock of a record that stays is given back under the folder's lock.
func TestALockOfARecordThatCannotBeGivenBack(t *testing.T) {
	for want, errno := range []syscall.Errno{syscall.EROFS, syscall.EIO} {
		now, d := start, disktest.New()
		closed(t, begin(t, storeOn(d, &now), createOf("token")))
		locks := 0
		p := d.Process(func(when disktest.When, op, path string) error {
			if when == disktest.Before && op == "lock" && path == "/state/pending/.lock" {
				if locks++; locks == 2 { // the first one is for taking it
					return errno
				}
			}
			return nil
		})
		_, failed := New(p, "/state/pending", func() time.Time { return now }).List(t.Context())
		if len(failed) != want {
			t.Errorf("%v: %v", errno, failed)
		}
	}
}
