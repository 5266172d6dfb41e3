package pending

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/disk/disktest"
)

var start = time.Date(2026, 11, 22, 10, 0, 0, 0, time.UTC)

func storeAt(t *testing.T, now *time.Time) *Store {
	t.Helper()
	return New(disk.OS{}, filepath.Join(t.TempDir(), "state", "pending"), func() time.Time { return *now })
}

func createOf(token string) Create {
	return Create{
		Request: activation.CreateRequest{
			RegionId: "cn-hangzhou", InstanceName: "web", InstanceCount: 10, TimeToLiveInHours: 4, ClientToken: token,
			Tags: []activation.Tag{{TagKey: "env", TagValue: ""}},
		},
		Identity: "LTAIxyz", Source: "profile prod", Profile: "prod",
	}
}

func begin(t *testing.T, s *Store, c Create) *Entry {
	t.Helper()
	e, err := s.Begin(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.Close(); err != nil && !errors.Is(err, disktest.ErrKilled) {
			t.Error(err)
		}
	})
	return e
}

// happened makes something happen to a create.
func happened(e *Entry, event Event, id string) func() error {
	return func() error { return e.Happened(Change{Event: event, ActivationId: id}) }
}

// all makes several things happen, one after the other.
func all(steps ...func() error) (err error) {
	for _, step := range steps {
		err = errors.Join(err, step())
	}
	return err
}

func closed(t *testing.T, e *Entry) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func only(t *testing.T, s *Store) Record {
	t.Helper()
	records, damaged := s.List(t.Context())
	if len(records) != 1 || len(damaged) != 0 {
		t.Fatalf("got %d records and %v, want one", len(records), damaged)
	}
	return records[0]
}

func TestARecordTellsHowFarItsCreateGot(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	steps := []struct {
		name string
		do   func() error
		want State
	}{
		{"sent", happened(e, Sending, ""), Sent},
		{"sent again", happened(e, Sending, ""), Sent},
		{"answered", happened(e, Answered, "4ECE"), Made},
		{"delivered", happened(e, HandedOver, ""), Delivered},
	}
	for _, step := range steps {
		now = now.Add(time.Minute)
		if err := step.do(); err != nil {
			t.Fatal(err)
		}
		if e.State != step.want {
			t.Errorf("%s: the entry says %s, want %s", step.name, e.State, step.want)
		}
		onDisk := step.want
		if onDisk == Sent {
			onDisk = Uncertain // for whoever reads it
		}
		if r, err := s.read(s.path("token")); err != nil || r.State != onDisk {
			t.Errorf("%s: the file says %s (%v), want %s", step.name, r.State, err, step.want)
		}
	}
	closed(t, e)
	r := only(t, s)
	if r.Attempts != 2 || !r.LastAttempt.Equal(start.Add(2*time.Minute)) || r.ActivationId != "4ECE" {
		t.Errorf("attempts %d, last at %s, id %q", r.Attempts, r.LastAttempt, r.ActivationId)
	}
	if !r.SameRequest(createOf("token")) {
		t.Errorf("the request did not survive: %+v", r.Request)
	}
}

func TestARecordIsPrivateAndNamedByTheHashOfItsToken(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("my/../token"))
	info, err := os.Stat(s.path("my/../token"))
	if err != nil {
		t.Fatal(err)
	}
	folder, err := os.Stat(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	if len(info.Name()) != 64 || strings.ContainsAny(info.Name(), "/.") {
		t.Errorf("the name is %q", info.Name())
	}
	if os.PathSeparator == '/' && (info.Mode().Perm() != 0o600 || folder.Mode().Perm() != 0o700) {
		t.Errorf("modes are %v and %v", info.Mode(), folder.Mode())
	}
	closed(t, e)
}

func TestTheSameTokenAndRequestTakeTheRecordUpAgain(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("token")))
	now = now.Add(time.Hour)
	again := begin(t, s, createOf("token"))
	if err := happened(again, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	if !again.Known || again.Attempts != 2 || !again.StartedAt.Equal(start) {
		t.Errorf("known %v, attempts %d, started %s", again.Known, again.Attempts, again.StartedAt)
	}
}

func TestTheSameTokenWithAnotherRequestIsAConflict(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("token")))
	for name, change := range map[string]func(*Create){
		"another region":   func(c *Create) { c.Request.RegionId = "cn-beijing" },
		"another count":    func(c *Create) { c.Request.InstanceCount = 3 },
		"other tags":       func(c *Create) { c.Request.Tags = nil },
		"another endpoint": func(c *Create) { c.Endpoint = "ecs.example.com" },
		"the sandbox":      func(c *Create) { c.Sandbox = true },
	} {
		other := createOf("token")
		change(&other)
		_, err := s.Begin(t.Context(), other)
		if !errors.Is(err, ErrOtherRequest) {
			t.Errorf("%s: got %v, want ErrOtherRequest", name, err)
		}
	}
	if r := only(t, s); r.Attempts != 1 {
		t.Errorf("the record was changed: %d attempts", r.Attempts)
	}
}

func TestARecordAtWorkIsRunningAndCannotBeTaken(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	if r := only(t, s); r.State != Running {
		t.Errorf("state is %s", r.State)
	}
	if _, err := s.Take(t.Context(), "token"); !errors.Is(err, ErrRunning) {
		t.Errorf("got %v, want ErrRunning", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(ctx, createOf("token")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the context's end", err)
	}
	closed(t, e)
	taken, err := s.Take(t.Context(), "token")
	if err != nil || taken.State != Uncertain {
		t.Fatalf("got %v, %v", taken, err)
	}
	closed(t, taken)
}

func TestRemovingARecordLeavesNothingBehind(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Refused, "")); err != nil {
		t.Fatal(err)
	}
	closed(t, e)
	entries, err := os.ReadDir(s.folder)
	if err != nil || len(entries) != 1 || entries[0].Name() != ".lock" {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestALockWithoutARecordIsSweptAway(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	orphan := filepath.Join(s.folder, strings.Repeat("ab", 32)+".lock")
	if err := os.WriteFile(orphan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := only(t, s); r.State != Running {
		t.Errorf("the record at work is %s", r.State)
	}
	if _, err := os.Stat(orphan); err == nil {
		t.Error("the lock is still there")
	}
	closed(t, e)
	if r := only(t, s); r.State != Uncertain {
		t.Errorf("the record is %s", r.State)
	}
}

func TestADeliveredRecordIsForgottenWhenItsCodeIsDead(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, "")); err != nil {
		t.Fatal(err)
	}
	closed(t, e)
	closed(t, begin(t, s, createOf("never answered")))
	now = start.Add(4*time.Hour - time.Second)
	if records, _ := s.List(t.Context()); len(records) != 2 {
		t.Errorf("while the code lives: %d records, want 2", len(records))
	}
	now = start.Add(4 * time.Hour)
	if r := only(t, s); r.Request.ClientToken != "never answered" {
		t.Errorf("forgotten was the other one: %s left", r.Request.ClientToken)
	}
}

func TestPeekingChangesNothingAndLeavesOutWhatListWould(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("dead"))
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	atWork := begin(t, s, createOf("at work"))
	for _, stray := range []string{s.path("damaged"), s.path("orphan") + ".lock"} {
		if err := os.WriteFile(stray, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now = start.Add(4 * time.Hour)
	before, _ := os.ReadDir(s.folder)
	if records := s.Peek(); len(records) != 1 || records[0].Request.ClientToken != "at work" {
		t.Errorf("seen: %+v", records)
	}
	if after, err := os.ReadDir(s.folder); len(after) != len(before) || err != nil {
		t.Errorf("%d files became %d, %v", len(before), len(after), err)
	}
	closed(t, atWork)
	if records := New(disk.OS{}, filepath.Join(s.folder, "none"), s.now).Peek(); len(records) != 0 {
		t.Errorf("seen where nothing is: %+v", records)
	}
}

func TestAJournalCutAnywhereIsReadAsFarAsItIsWhole(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	e := begin(t, s, createOf("token"))
	if err := all(happened(e, Sending, ""), happened(e, Sending, ""), happened(e, Answered, "4ECE"), happened(e, HandedOver, "")); err != nil {
		t.Fatal(err)
	}
	closed(t, e)
	whole, err := os.ReadFile(s.path("token"))
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) {
		r, err := parse(whole[:cut])
		switch lines := bytes.Count(whole[:cut], []byte("}\n")); {
		case lines == 0 && !errors.Is(err, errTorn) && !errors.Is(err, errEmpty):
			t.Fatalf("cut at %d: got %v, want errTorn", cut, err)
		case lines > 0 && (err != nil || r.Request.ClientToken != "token"):
			t.Fatalf("cut at %d: got %v", cut, err)
		case lines == 3 && r.State != Made:
			t.Fatalf("cut at %d: state %s", cut, r.State)
		}
	}
}

func TestALineThatWasCutShortCostsNothingButItself(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("token")))
	f, err := os.OpenFile(s.path("token"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString(`{"Event":"atte`); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	e, err := s.Take(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	if err := all(happened(e, Sending, ""), happened(e, Answered, "4ECE"), e.Close); err != nil {
		t.Fatal(err)
	}
	if r := only(t, s); r.State != Made || r.ActivationId != "4ECE" {
		t.Errorf("the record is %s of %q", r.State, r.ActivationId)
	}
}

func TestADamagedRecordIsReportedAndTheOthersAreRead(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	closed(t, begin(t, s, createOf("good")))
	bad := s.path("bad")
	if err := os.WriteFile(bad, []byte("{\"Request\":\"\x00\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	records, damaged := s.List(t.Context())
	if len(records) != 1 || len(damaged) != 1 || !strings.Contains(damaged[0].Error(), bad) {
		t.Errorf("got %d records, damaged %v", len(records), damaged)
	}
}

func TestARecordThatWasCutShortBeforeSendingIsWrittenAnew(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path("token"), []byte(`{"Request":{"Reg`), 0o600); err != nil {
		t.Fatal(err)
	}
	e := begin(t, s, createOf("token"))
	if e.Known || e.Attempts != 1 {
		t.Errorf("known %v, attempts %d", e.Known, e.Attempts)
	}
}

func TestNoRecordMeansNoEntry(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	file := filepath.Dir(s.folder)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), createOf("token")); err == nil {
		t.Error("a record was begun below a file")
	}
	if records, damaged := New(disk.OS{}, filepath.Join(t.TempDir(), "none"), s.now).List(t.Context()); len(records)+len(damaged) != 0 {
		t.Errorf("an absent folder holds %v, %v", records, damaged)
	}
}

func TestManyAtOnceWithOneTokenWorkOneAfterTheOther(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	var group sync.WaitGroup
	var mu sync.Mutex
	working, known := 0, 0
	for range 20 {
		group.Go(func() {
			e, err := s.Begin(t.Context(), createOf("token"))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			working++
			if working != 1 {
				t.Error("two work on one record")
			}
			if e.Known {
				known++
			}
			mu.Unlock()
			time.Sleep(time.Millisecond)
			mu.Lock()
			working--
			mu.Unlock()
			if err := e.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if known != 19 {
		t.Errorf("%d took it up again, want 19", known)
	}
}

func FuzzAJournalOfAnyBytesIsReadOrRefused(f *testing.F) {
	f.Add([]byte(`{"Request":{"ClientToken":"t"}}` + "\n" + `{"Event":"made","ActivationId":"X"}` + "\n"))
	f.Add([]byte("null\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, journal []byte) {
		if r, err := parse(journal); err == nil && (r.Request.ClientToken == "" || r.State == "") {
			t.Errorf("accepted without a token or state: %q", journal)
		}
	})
}

func TestAFileIsHeldByOneAtATime(t *testing.T) {
	now := start
	s := storeAt(t, &now)
	waited := false
	release, err := s.Hold(t.Context(), "/home/code.json", func() { waited = true })
	if err != nil || waited {
		t.Fatalf("waited %v, %v", waited, err)
	}
	other, err := s.Hold(t.Context(), "/home/other.json", func() { waited = true })
	if err != nil || waited {
		t.Fatalf("another file: waited %v, %v", waited, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := s.Hold(ctx, "/home/code.json", func() { waited = true }); !errors.Is(err, context.DeadlineExceeded) || !waited {
		t.Errorf("waited %v, got %v, want the context's end", waited, err)
	}
	if err := errors.Join(release(), other()); err != nil {
		t.Fatal(err)
	}
	if records, damaged := s.List(t.Context()); len(records)+len(damaged) != 0 {
		t.Errorf("a lock counts as a record: %v, %v", records, damaged)
	}
	if entries, err := os.ReadDir(s.folder); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestARecordOfEarlierDaysWithoutATargetIsRead(t *testing.T) {
	r, err := parse([]byte(`{"Request":{"RegionId":"cn-hangzhou","ClientToken":"t"},"Save":"/home/code.json","StartedAt":"2026-11-22T10:00:00Z"}` + "\n"))
	if err != nil || r.Save != "/home/code.json" || r.Replaces != "" {
		t.Errorf("got %+v, %v", r.Target, err)
	}
}
