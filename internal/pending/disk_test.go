package pending

import (
	"bytes"
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

// memoryStore returns a store on a disk in memory.
func memoryStore(d *disktest.Disk, now *time.Time) *Store {
	return New(d.Process(nil), "/state/pending", func() time.Time { return *now })
}

func TestARecordSurvivesAPowerCut(t *testing.T) {
	for name, cut := range map[string]func(*disktest.Disk){
		"all": (*disktest.Disk).PowerCut, "names": (*disktest.Disk).PowerCutNames, "contents": (*disktest.Disk).PowerCutContents,
	} {
		now, d := start, disktest.New()
		begin(t, memoryStore(d, &now), newCreate("token"))
		cut(d)
		if r := onlyRecord(t, memoryStore(d, &now)); r.Request.ClientToken != "token" || r.State != Uncertain {
			t.Errorf("%s lost: %+v", name, r)
		}
	}
}

func TestARepeatedAttemptSurvivesAPowerCut(t *testing.T) {
	now, d := start, disktest.New()
	e := begin(t, memoryStore(d, &now), newCreate("token"))
	if err := apply(e, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(time.Hour)
	if err := apply(e, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	d.PowerCut()
	if r := onlyRecord(t, memoryStore(d, &now)); !r.LastAttempt.Equal(now) || r.Attempts != 2 {
		t.Errorf("%d attempts, the last at %s", r.Attempts, r.LastAttempt)
	}
}

// changes lists the write operations of a process, without locks, and makes some of them fail.
type changes struct {
	at, fail int    // the number of operations so far, and the number of the one that fails, from 1
	failing  string // the name of operations that fail
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

// countingStore returns a store whose write operations are listed in c.
func countingStore(d *disktest.Disk, now *time.Time, c *changes) *Store {
	return New(d.Process(c.step), "/state/pending", func() time.Time { return *now })
}

func TestARecordThatCannotBeWrittenIsRemoved(t *testing.T) {
	now := start
	all := &changes{}
	e, err := countingStore(disktest.New(), &now, all).Begin(t.Context(), newCreate("token"))
	if err != nil {
		t.Fatal(err)
	}
	closeEntry(t, e)
	operations := 0 // of Begin: two folders, the record, its content, two syncs
	for _, name := range all.names {
		if operations++; name == "syncfolder" {
			break
		}
	}
	for fail := range operations {
		d, c := disktest.New(), &changes{fail: fail + 1}
		if _, err := countingStore(d, &now, c).Begin(t.Context(), newCreate("token")); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s fails: %v", c.names[fail], err)
		}
		if records, failed := memoryStore(d, &now).List(t.Context()); len(records)+len(failed) > 0 {
			t.Errorf("%s fails: left %v, %v", c.names[fail], records, failed)
		}
	}
	if operations < 6 {
		t.Errorf("only %v", all.names)
	}
}

// Without a lock another process could write the same record.
func TestNoRecordIsWrittenWithoutALock(t *testing.T) {
	now, d := start, disktest.New()
	if err := d.Process(nil).MkdirAll("/state/pending"); err != nil {
		t.Fatal(err)
	}
	lockFails := func() *Store {
		return New(d.Process(func(when disktest.When, op, path string) error {
			if when == disktest.Before && op == "lock" && len(path) > 60 {
				return syscall.ENOSPC
			}
			return nil
		}), "/state/pending", func() time.Time { return now })
	}
	if _, err := lockFails().Begin(t.Context(), newCreate("token")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if _, err := memoryStore(d, &now).Begin(t.Context(), newCreate("x")); err != nil {
		t.Fatal(err)
	}
	d.ReadOnly = true
	if _, err := memoryStore(d, &now).Begin(t.Context(), newCreate("y")); err == nil || err.Error() != "/state/pending: "+syscall.EROFS.Error() {
		t.Errorf("the error is %v", err)
	}
	d.ReadOnly = false
	e := begin(t, memoryStore(d, &now), newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Hour)
	other := newCreate("token")
	other.Request.InstanceCount = 3
	if _, err := lockFails().Begin(t.Context(), other); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("an obsolete record: %v", err)
	}
	same, err := lockFails().Begin(t.Context(), newCreate("token"))
	if err != nil || !same.Known || same.State != Delivered {
		t.Errorf("the same create: %+v, %v", same, err)
	}
	now = start
	if _, err := lockFails().Begin(t.Context(), other); !errors.Is(err, ErrOtherRequest) {
		t.Errorf("another create: %v", err)
	}
}

func TestAnObsoleteRecordIsReplacedByAnotherCreate(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	e := begin(t, s, newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	now = now.Add(4 * time.Hour)
	if e = begin(t, s, newCreate("token")); !e.Known || e.ActivationId != "4ECE" {
		t.Errorf("the same create: %+v", e.Record)
	}
	closeEntry(t, e)
	other := newCreate("token")
	other.Request.InstanceCount = 3
	c := &changes{failing: "remove"}
	if _, err := countingStore(d, &now, c).Begin(t.Context(), other); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("it cannot be removed: %v", err)
	}
	if e = begin(t, s, other); e.Known || e.ActivationId != "" || !e.StartedAt.Equal(now) {
		t.Errorf("another create: %+v", e.Record)
	}
	closeEntry(t, e)
}

func TestAnEmptyRecordIsReplaced(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	place(t, d, s.path("token"), "")
	if e := begin(t, s, newCreate("token")); e.Known {
		t.Error("Known is true for a new record")
	}
}

func TestChangesAreSyncedAsTheTableRequires(t *testing.T) {
	now, d := start, disktest.New()
	c := &changes{}
	s := countingStore(d, &now, c)
	e := begin(t, s, newCreate("token"))
	check := func(what string, step func() error, writes, syncs, folders int) {
		t.Helper()
		c.names = nil
		if err := step(); err != nil {
			t.Error(err)
		}
		if c.count("write") != writes || c.count("sync") != syncs || c.count("syncfolder") != folders {
			t.Errorf("%s: %v", what, c.names)
		}
	}
	check("first attempt", apply(e, Sending, ""), 0, 0, 0)
	check("repetition", apply(e, Sending, ""), 1, 1, 0)
	check("answer", apply(e, Answered, "4ECE"), 1, 0, 0)
	check("delivery", apply(e, DeliverySucceeded, ""), 1, 0, 0)
	closeEntry(t, e)
	e, err := s.Open(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	check("first attempt of another run", apply(e, Sending, ""), 1, 1, 1) // it syncs the name of the record as well
	check("repetition of another run", apply(e, Sending, ""), 1, 1, 0)
	check("new code", apply(e, AnsweredNew, "5ECE"), 1, 1, 0)
	closeEntry(t, e)

	for _, op := range []string{"write", "sync", "syncfolder"} {
		c := &changes{failing: op}
		e, err := countingStore(d, &now, c).Open(t.Context(), "token")
		if err != nil {
			t.Fatal(err)
		}
		if err := apply(e, Sending, "")(); !errors.Is(err, syscall.ENOSPC) {
			t.Errorf("%s fails: %v", op, err)
		}
		if op == "syncfolder" {
			c.failing = ""
			c.names = nil
			if err := apply(e, Sending, "")(); err != nil || c.count("syncfolder") != 1 {
				t.Errorf("the folder is not synced again: %v, %v", err, c.names)
			}
		}
		closeEntry(t, e)
	}
}

func TestAnImpossibleEventIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	e := begin(t, memoryStore(d, &now), newCreate("token"))
	if err := apply(e, DeliverySucceeded, "")(); err == nil || e.State != Recorded || e.Run != Recorded {
		t.Errorf("%v, %s, %s", err, e.State, e.Run)
	}
	if err := e.Discard(); err == nil {
		t.Error("a running create was discarded")
	}
	if _, err := d.Process(nil).Lstat(e.store.path("token")); err != nil {
		t.Error(err)
	}
	closeEntry(t, e)
	e, err := memoryStore(d, &now).Open(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Discard(); err != nil || e.State != Gone {
		t.Errorf("%v, %s", err, e.State)
	}
	closeEntry(t, e)
	if names, err := d.Process(nil).ReadDir("/state/pending"); err != nil || len(names) != 1 || names[0].Name() != ".lock" {
		t.Errorf("left: %v, %v", names, err)
	}
}

func TestACreateWithoutARecordHasStatesAndWritesNothing(t *testing.T) {
	e := Unrecorded(newCreate("token"))
	if e.Recorded() || e.Outcome() != NothingMade {
		t.Errorf("%v, %d", e.Recorded(), e.Outcome())
	}
	for _, event := range []Event{Sending, Sending, Answered, DeliverySucceeded} {
		if err := apply(e, event, "4ECE")(); err != nil {
			t.Error(err)
		}
	}
	if e.Outcome() != HasDelivered {
		t.Errorf("%d", e.Outcome())
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
	e = Unrecorded(newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Refused, "")); err != nil || e.Outcome() != NothingMade {
		t.Errorf("%v, %d", err, e.Outcome())
	}
	now := start
	if e := begin(t, memoryStore(disktest.New(), &now), newCreate("token")); !e.Recorded() {
		t.Error("Recorded is false for an entry with a record")
	}
}

func TestAnAttemptHasTheTimeOfItsChange(t *testing.T) {
	now := start
	e := begin(t, memoryStore(disktest.New(), &now), newCreate("token"))
	at := start.Add(time.Minute)
	for n := range 2 {
		if err := e.Apply(Change{Event: Sending, At: at}); err != nil {
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
	if err := apply(e, Sending, "")(); err != nil || !e.LastAttempt.Equal(now) {
		t.Errorf("%s, %v", e.LastAttempt, err)
	}
}

func TestAFailedUnlockIsAnError(t *testing.T) {
	now, d := start, disktest.New()
	c := &changes{}
	e := begin(t, countingStore(d, &now, c), newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Refused, "")); err != nil {
		t.Fatal(err)
	}
	c.failing = "remove" // of the lock file, which has no record
	if err := e.Close(); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("%v", err)
	}
	if err := e.Close(); err != nil {
		t.Errorf("the second Close: %v", err)
	}
}

// Existing records can be listed and replayed even if the folder is read-only or full.
func TestRecordsCanBeUsedInAFolderThatCannotBeWritten(t *testing.T) {
	for name, spoil := range map[string]func(*disktest.Disk){
		"read-only": func(d *disktest.Disk) { d.ReadOnly = true },
		"full":      func(d *disktest.Disk) { d.Full = true },
	} {
		now, d := start, disktest.New()
		s := memoryStore(d, &now)
		closeEntry(t, begin(t, s, newCreate("token")))
		if err := errors.Join(d.Process(nil).Remove(s.path("token")+".lock"), d.Process(nil).Remove("/state/pending/.lock")); err != nil {
			t.Fatal(err) // without the lock files no lock can be taken
		}
		spoil(d)
		if r := onlyRecord(t, s); r.State != Uncertain {
			t.Errorf("%s: state %s", name, r.State)
		}
		for way, open := range map[string]func() (*Entry, error){
			"Open":  func() (*Entry, error) { return s.Open(t.Context(), "token") },
			"Begin": func() (*Entry, error) { return s.Begin(t.Context(), newCreate("token")) },
		} {
			e, err := open()
			if err != nil {
				t.Errorf("%s, %s: %v", name, way, err)
				continue
			}
			for _, event := range []Event{Sending, Answered, DeliverySucceeded} {
				if err := apply(e, event, "4ECE")(); !Unwritable(err) {
					t.Errorf("%s, %s, %s: %v", name, way, event, err)
				}
			}
			if e.Outcome() != HasDelivered || !e.Known {
				t.Errorf("%s, %s: outcome %d", name, way, e.Outcome())
			}
			closeEntry(t, e)
		}
		if _, err := s.Begin(t.Context(), newCreate("another")); !Unwritable(err) {
			t.Errorf("%s: a new record was created: %v", name, err)
		}
	}
}

func TestUnreadableRecordsAreReported(t *testing.T) {
	for name, spoil := range map[string]func(folder string) error{
		"the folder's lock is a folder": func(folder string) error { return os.Mkdir(filepath.Join(folder, ".lock"), 0o700) },
		"a record is a folder":          func(folder string) error { return os.Mkdir(filepath.Join(folder, "ab"), 0o700) },
		"a record is damaged":           func(folder string) error { return os.WriteFile(filepath.Join(folder, "ab"), []byte("x\n"), 0o600) },
		"a record was cut short":        func(folder string) error { return os.WriteFile(filepath.Join(folder, "ab"), []byte("{"), 0o600) },
		"a record is a link":            func(folder string) error { return os.Symlink("/dev/zero", filepath.Join(folder, "ab")) },
	} {
		now := start
		s := newStore(t, &now)
		if err := errors.Join(os.MkdirAll(s.folder, 0o700), spoil(s.folder)); err != nil {
			t.Logf("%s: %v", name, err) // this system has no symbolic links
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

// ensure runs every minute, and the machine has no network for weeks.
func TestARecordOfManyAttemptsIsRead(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	f, err := d.Process(nil).Append(s.path("token"))
	if err == nil {
		_, err = f.Write(bytes.Repeat([]byte("\n"+`{"Event":"attempt","At":"2026-11-22T11:00:00.123456789Z"}`+"\n"), 100_000))
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if r := onlyRecord(t, s); r.Attempts != 100_001 {
		t.Errorf("%d attempts", r.Attempts)
	}
}

func TestAnEmptyRecordIsDeleted(t *testing.T) {
	now, d := start, disktest.New()
	place(t, d, "/state/pending/ab", "")
	if records, failed := memoryStore(d, &now).List(t.Context()); len(records)+len(failed) != 0 {
		t.Errorf("got %v, %v", records, failed)
	}
	if _, err := d.Process(nil).Lstat("/state/pending/ab"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("it was not deleted: %v", err)
	}
}

func TestARecordIsNotWrittenThroughASymbolicLink(t *testing.T) {
	now := start
	s := newStore(t, &now)
	victim := filepath.Join(t.TempDir(), "victim")
	if err := errors.Join(os.WriteFile(victim, nil, 0o600), os.MkdirAll(s.folder, 0o700)); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(victim, s.path("token")); err != nil {
		t.Skip(err)
	}
	if _, err := s.Begin(t.Context(), newCreate("token")); err == nil {
		t.Error("a record was created")
	}
	if content, err := os.ReadFile(victim); err != nil || len(content) > 0 {
		t.Errorf("the other file holds %q, %v", content, err)
	}
}

func TestAFolderWithPermissionsForOthersIsMadePrivate(t *testing.T) {
	if os.PathSeparator != '/' {
		t.Skip("this system has no file permissions")
	}
	now := start
	s := newStore(t, &now)
	if tightened, err := s.MakePrivate(); tightened || err != nil {
		t.Errorf("without a folder: %v, %v", tightened, err)
	}
	if err := errors.Join(os.MkdirAll(s.folder, 0o700), os.Chmod(s.folder, 0o750)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []bool{true, false} {
		if tightened, err := s.MakePrivate(); tightened != want || err != nil {
			t.Errorf("%v, %v, want %v", tightened, err, want)
		}
	}
	if info, err := os.Stat(s.folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

func TestWaitingForTheFolderLockEndsWithTheContext(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	held, err := disk.OS{}.TryLock(filepath.Join(s.folder, ".lock"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), 50*time.Millisecond, errors.New("timed out"))
	defer cancel()
	if _, err := s.Begin(ctx, newCreate("other")); err == nil || err.Error() != "timed out" {
		t.Errorf("Begin: %v", err)
	}
	if _, err := s.Open(ctx, "token"); err == nil {
		t.Error("Open: no error")
	}
	if _, failed := s.List(ctx); len(failed) == 0 {
		t.Error("List: no error")
	}
	if _, err := s.LockFile(ctx, "/file", func() {}); err == nil {
		t.Error("LockFile: no error")
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	closeEntry(t, e)
}

func TestAgeMovesTheTimesOfSandboxRecords(t *testing.T) {
	now := start
	s := newStore(t, &now)
	ours := newCreate("ours")
	ours.Sandbox = true
	e := begin(t, s, ours)
	snapshot := Snapshot{Date: start}
	if err := inOrder(apply(e, Sending, ""), func() error { return e.Apply(Change{Event: Sending, Replay: snapshot}) }, e.Close); err != nil {
		t.Fatal(err)
	}
	closeEntry(t, begin(t, s, newCreate("real")))
	plain := newCreate("plain")
	plain.Sandbox = true
	closeEntry(t, begin(t, s, plain))
	if err := s.Age(5 * time.Hour); err != nil {
		t.Fatal(err)
	}
	for _, r := range s.Peek() {
		by := time.Duration(0)
		if r.Sandbox {
			by = 5 * time.Hour
			if r.Request.ClientToken == "ours" && !r.Replay.Date.Equal(start.Add(-by)) || r.Request.ClientToken == "plain" && !r.Replay.Date.IsZero() {
				t.Errorf("the date of the snapshot is %s", r.Replay.Date)
			}
		}
		if !r.StartedAt.Equal(start.Add(-by)) || !r.LastAttempt.Equal(start.Add(-by)) {
			t.Errorf("%s: started %s, last %s", r.Request.ClientToken, r.StartedAt, r.LastAttempt)
		}
	}
}

func TestADamagedRecordIsNotReplaced(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	place(t, d, s.path("token"), "{}\n")
	var damaged *Damaged
	if _, err := s.Begin(t.Context(), newCreate("token")); !errors.As(err, &damaged) || damaged.Path != s.path("token") {
		t.Errorf("%v", err)
	}
	if _, err := s.Open(t.Context(), "token"); !errors.As(err, &damaged) {
		t.Errorf("%v", err)
	}
}

// If the lock of the folder cannot be taken, the record is unlocked, and its lock file is kept.
func TestARecordIsUnlockedWithoutTheFolderLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now, d := start, disktest.New()
		s := memoryStore(d, &now)
		e, err := s.Begin(t.Context(), newCreate("token"))
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
			t.Fatalf("the record is still locked: %v", err)
		}
		if err := errors.Join(lock.Close(), folder.Close()); err != nil {
			t.Fatal(err)
		}
	})
}

// Another error would look as if the record did not exist.
func TestARecordThatCannotBeOpenedIsUnlocked(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	other := newCreate("token")
	other.Sandbox = !other.Sandbox
	if _, err := s.Begin(t.Context(), other); err == nil || err.Error() != ErrOtherRequest.Error() {
		t.Errorf("another request: %v", err)
	}
	if err := os.WriteFile(s.path("token"), []byte("x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for way, open := range map[string]func() (*Entry, error){
		"Open":  func() (*Entry, error) { return s.Open(t.Context(), "token") },
		"Begin": func() (*Entry, error) { return s.Begin(t.Context(), newCreate("token")) },
	} {
		if _, err := open(); !errors.As(err, new(*Damaged)) || errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s: %v", way, err)
		}
	}
	if err := os.Remove(s.path("token")); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Open(t.Context(), "token"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no record: %v", err)
	}
	if _, err := os.Lstat(s.path("token") + ".lock"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the lock file was not removed: %v", err)
	}
}

func TestTheLockFileOfAnExistingRecordIsKept(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	if _, err := d.Process(nil).Lstat(s.path("token") + ".lock"); err != nil {
		t.Error(err)
	}
}

// appendFails is a file system in which no existing file can be opened for writing.
type appendFails struct{ disk.FS }

func (appendFails) Append(string) (disk.File, error) { return nil, syscall.EIO }

func TestAgeReportsWriteErrors(t *testing.T) {
	now, d := start, disktest.New()
	ours := newCreate("ours")
	ours.Sandbox = true
	closeEntry(t, begin(t, memoryStore(d, &now), ours))
	s := New(appendFails{d.Process(nil)}, "/state/pending", func() time.Time { return now })
	if err := s.Age(time.Hour); !errors.Is(err, syscall.EIO) {
		t.Errorf("%v", err)
	}
}

func TestAFileInPlaceOfTheFolderIsAnError(t *testing.T) {
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
	if tightened, err := below.MakePrivate(); tightened || err == nil {
		t.Errorf("%v, %v", tightened, err)
	}
	if _, err := memoryStore(disktest.New(), &now).Open(t.Context(), "none"); err == nil {
		t.Error("a record that does not exist was opened")
	}
}

// place writes a file in the folder of records.
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

func TestARecordThatIsStillBeingWrittenIsNotReported(t *testing.T) {
	for _, content := range []string{"", "{"} {
		now, d := start, disktest.New()
		s := memoryStore(d, &now)
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

func TestAnObsoleteRecordThatCannotBeDeletedIsListed(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
	e := begin(t, s, newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	place(t, d, "/state/pending/empty", "")
	now = now.Add(4 * time.Hour)
	d.ReadOnly = true
	if r := onlyRecord(t, s); r.State != Delivered {
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

func TestInvalidJournalLinesAreSkipped(t *testing.T) {
	const first = `{"Request":{"ClientToken":"t"},"StartedAt":"2026-11-22T10:00:00Z"}` + "\n"
	for line, want := range map[string]State{
		`{"Event":"made","ActivationId":"X"}`: Made,
		`{"Event":"made","ActivationId":5}`:   Uncertain, // damaged
		`{"Event":"delivered"}`:               Uncertain, // not possible in this state
		`{"Event":"unknown"}`:                 Uncertain,
	} {
		if r, err := parse([]byte(first + line + "\n")); err != nil || r.State != want {
			t.Errorf("%s: %s, %v", line, r.State, err)
		}
	}
	if _, err := parse([]byte(`{"Request":{"ClientToken":"t"},"Sandbox":5}` + "\n")); err == nil {
		t.Error("a first line with an invalid field was accepted")
	}
}

func TestUnfinishedStates(t *testing.T) {
	for state, want := range map[State]bool{Uncertain: true, Made: true, Delivered: false, Running: false, Gone: false} {
		if got := (Record{State: state}).Unfinished(); got != want {
			t.Errorf("%s: %v", state, got)
		}
	}
}

func TestLockFilesWithoutARecordAreDeleted(t *testing.T) {
	now, d := start, disktest.New()
	s := memoryStore(d, &now)
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
	release, err := s.LockFile(t.Context(), "/home/code.json", func() {})
	if err != nil {
		t.Fatal(err)
	}
	if failed := list(nil); len(failed) != 0 {
		t.Errorf("a lock in use: %v", failed)
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
		t.Errorf("it was not deleted: %v", err)
	}
	// In a read-only folder the lock file of an empty record is kept.
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

// countingFS counts the files that are opened and still open.
type countingFS struct {
	disk.FS
	opened, open int
}

type countingFile struct {
	disk.File
	fs *countingFS
}

func (h *countingFS) wrap(f disk.File, err error) (disk.File, error) {
	if err != nil {
		return nil, err
	}
	h.opened, h.open = h.opened+1, h.open+1
	return &countingFile{f, h}, nil
}

func (h *countingFS) Create(path string) (disk.File, error) { return h.wrap(h.FS.Create(path)) }
func (h *countingFS) Append(path string) (disk.File, error) { return h.wrap(h.FS.Append(path)) }

func (f *countingFile) Close() error {
	f.fs.open--
	return f.File.Close()
}

func TestAJournalIsOpenedOnceAndClosed(t *testing.T) {
	now, h := start, &countingFS{FS: disktest.New().Process(nil)}
	s := New(h, "/state/pending", func() time.Time { return now })
	for range 2 {
		h.opened = 0
		e := begin(t, s, newCreate("token"))
		if err := inOrder(apply(e, Sending, ""), apply(e, Sending, ""), apply(e, Answered, "4ECE"), e.Close); err != nil {
			t.Fatal(err)
		}
		if h.opened != 1 || h.open != 0 {
			t.Errorf("opened %d times, %d left open", h.opened, h.open)
		}
	}
}

func TestAFileIsNotLockedIfTheFolderCannotBeCreated(t *testing.T) {
	now, d := start, disktest.New()
	d.ReadOnly = true
	if _, err := memoryStore(d, &now).LockFile(t.Context(), "/home/code.json", func() {}); !Unwritable(err) {
		t.Errorf("%v", err)
	}
}

// Unlocking an existing record needs the lock of the folder.
func TestListReportsAFailedUnlock(t *testing.T) {
	for want, errno := range []syscall.Errno{syscall.EROFS, syscall.EIO} {
		now, d := start, disktest.New()
		closeEntry(t, begin(t, memoryStore(d, &now), newCreate("token")))
		locks := 0
		p := d.Process(func(when disktest.When, op, path string) error {
			if when == disktest.Before && op == "lock" && path == "/state/pending/.lock" {
				if locks++; locks == 2 { // the first time is for locking the record
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
