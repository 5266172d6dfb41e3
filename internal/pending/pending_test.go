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

func newStore(t *testing.T, now *time.Time) *Store {
	t.Helper()
	return New(disk.OS{}, filepath.Join(t.TempDir(), "state", "pending"), func() time.Time { return *now })
}

func newCreate(token string) Create {
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

// apply returns a function that applies an event to an entry.
func apply(e *Entry, event Event, id string) func() error {
	return func() error { return e.Apply(Change{Event: event, ActivationId: id}) }
}

// inOrder calls functions one after the other, and returns their errors.
func inOrder(steps ...func() error) (err error) {
	for _, step := range steps {
		err = errors.Join(err, step())
	}
	return err
}

func closeEntry(t *testing.T, e *Entry) {
	t.Helper()
	if err := e.Close(); err != nil {
		t.Fatal(err)
	}
}

func onlyRecord(t *testing.T, s *Store) Record {
	t.Helper()
	records, damaged := s.List(t.Context())
	if len(records) != 1 || len(damaged) != 0 {
		t.Fatalf("got %d records and %v, want one", len(records), damaged)
	}
	return records[0]
}

func TestARecordHasTheStateOfItsCreate(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	steps := []struct {
		name string
		do   func() error
		want State
	}{
		{"sent", apply(e, Sending, ""), Sent},
		{"sent again", apply(e, Sending, ""), Sent},
		{"answered", apply(e, Answered, "4ECE"), Made},
		{"delivered", apply(e, DeliverySucceeded, ""), Delivered},
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
			onDisk = Uncertain // the file does not distinguish the two
		}
		if r, err := s.read(s.path("token")); err != nil || r.State != onDisk {
			t.Errorf("%s: the file says %s (%v), want %s", step.name, r.State, err, step.want)
		}
	}
	closeEntry(t, e)
	r := onlyRecord(t, s)
	if r.Attempts != 2 || !r.LastAttempt.Equal(start.Add(2*time.Minute)) || r.ActivationId != "4ECE" {
		t.Errorf("attempts %d, last at %s, id %q", r.Attempts, r.LastAttempt, r.ActivationId)
	}
	if !r.SameRequest(newCreate("token")) {
		t.Errorf("the request has changed: %+v", r.Request)
	}
}

func TestARecordIsPrivateAndNamedByTheHashOfItsToken(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("my/../token"))
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
	closeEntry(t, e)
}

func TestTheSameTokenAndRequestOpenTheSameRecord(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	now = now.Add(time.Hour)
	again := begin(t, s, newCreate("token"))
	if err := apply(again, Sending, "")(); err != nil {
		t.Fatal(err)
	}
	if !again.Known || again.Attempts != 2 || !again.StartedAt.Equal(start) {
		t.Errorf("known %v, attempts %d, started %s", again.Known, again.Attempts, again.StartedAt)
	}
}

func TestTheSameTokenWithAnotherRequestIsAConflict(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
	for name, change := range map[string]func(*Create){
		"another region":   func(c *Create) { c.Request.RegionId = "cn-beijing" },
		"another count":    func(c *Create) { c.Request.InstanceCount = 3 },
		"other tags":       func(c *Create) { c.Request.Tags = nil },
		"another endpoint": func(c *Create) { c.Endpoint = "ecs.example.com" },
		"the sandbox":      func(c *Create) { c.Sandbox = true },
	} {
		other := newCreate("token")
		change(&other)
		_, err := s.Begin(t.Context(), other)
		if !errors.Is(err, ErrOtherRequest) {
			t.Errorf("%s: got %v, want ErrOtherRequest", name, err)
		}
	}
	if r := onlyRecord(t, s); r.Attempts != 1 {
		t.Errorf("the record was changed: %d attempts", r.Attempts)
	}
}

func TestALockedRecordIsRunningAndCannotBeOpened(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	if r := onlyRecord(t, s); r.State != Running {
		t.Errorf("state is %s", r.State)
	}
	if _, err := s.Open(t.Context(), "token"); !errors.Is(err, ErrRunning) {
		t.Errorf("got %v, want ErrRunning", err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := s.Begin(ctx, newCreate("token")); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the error of the context", err)
	}
	closeEntry(t, e)
	opened, err := s.Open(t.Context(), "token")
	if err != nil || opened.State != Uncertain {
		t.Fatalf("got %v, %v", opened, err)
	}
	closeEntry(t, opened)
}

func TestRemovingARecordRemovesItsLockFile(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Refused, "")); err != nil {
		t.Fatal(err)
	}
	closeEntry(t, e)
	entries, err := os.ReadDir(s.folder)
	if err != nil || len(entries) != 1 || entries[0].Name() != ".lock" {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestListDeletesLockFilesWithoutARecord(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	orphan := filepath.Join(s.folder, strings.Repeat("ab", 32)+".lock")
	if err := os.WriteFile(orphan, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if r := onlyRecord(t, s); r.State != Running {
		t.Errorf("the locked record is %s", r.State)
	}
	if _, err := os.Stat(orphan); err == nil {
		t.Error("the lock file was not deleted")
	}
	closeEntry(t, e)
	if r := onlyRecord(t, s); r.State != Uncertain {
		t.Errorf("the record is %s", r.State)
	}
}

func TestADeliveredRecordIsDeletedWhenItsCodeHasExpired(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, "")); err != nil {
		t.Fatal(err)
	}
	closeEntry(t, e)
	closeEntry(t, begin(t, s, newCreate("never answered")))
	now = start.Add(4*time.Hour - time.Second)
	if records, _ := s.List(t.Context()); len(records) != 2 {
		t.Errorf("before the code expires: %d records, want 2", len(records))
	}
	now = start.Add(4 * time.Hour)
	if r := onlyRecord(t, s); r.Request.ClientToken != "never answered" {
		t.Errorf("the wrong record was deleted: %s is left", r.Request.ClientToken)
	}
}

func TestPeekChangesNothingAndSkipsTheSameRecordsAsList(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("dead"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, ""), e.Close); err != nil {
		t.Fatal(err)
	}
	running := begin(t, s, newCreate("running"))
	for _, stray := range []string{s.path("damaged"), s.path("orphan") + ".lock"} {
		if err := os.WriteFile(stray, []byte("{"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	now = start.Add(4 * time.Hour)
	before, _ := os.ReadDir(s.folder)
	if records := s.Peek(); len(records) != 1 || records[0].Request.ClientToken != "running" {
		t.Errorf("got %+v", records)
	}
	if after, err := os.ReadDir(s.folder); len(after) != len(before) || err != nil {
		t.Errorf("%d files became %d, %v", len(before), len(after), err)
	}
	closeEntry(t, running)
	if records := New(disk.OS{}, filepath.Join(s.folder, "none"), s.now).Peek(); len(records) != 0 {
		t.Errorf("got records without a folder: %+v", records)
	}
}

func TestATruncatedJournalIsReadUpToItsLastCompleteLine(t *testing.T) {
	now := start
	s := newStore(t, &now)
	e := begin(t, s, newCreate("token"))
	if err := inOrder(apply(e, Sending, ""), apply(e, Sending, ""), apply(e, Answered, "4ECE"), apply(e, DeliverySucceeded, "")); err != nil {
		t.Fatal(err)
	}
	closeEntry(t, e)
	whole, err := os.ReadFile(s.path("token"))
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) {
		r, err := parse(whole[:cut])
		switch lines := bytes.Count(whole[:cut], []byte("}\n")); {
		case lines == 0 && !errors.Is(err, errIncomplete) && !errors.Is(err, errEmpty):
			t.Fatalf("cut at %d: got %v, want errIncomplete", cut, err)
		case lines > 0 && (err != nil || r.Request.ClientToken != "token"):
			t.Fatalf("cut at %d: got %v", cut, err)
		case lines == 3 && r.State != Made:
			t.Fatalf("cut at %d: state %s", cut, r.State)
		}
	}
}

func TestAnIncompleteLineDoesNotDamageTheNextOne(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("token")))
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
	e, err := s.Open(t.Context(), "token")
	if err != nil {
		t.Fatal(err)
	}
	if err := inOrder(apply(e, Sending, ""), apply(e, Answered, "4ECE"), e.Close); err != nil {
		t.Fatal(err)
	}
	if r := onlyRecord(t, s); r.State != Made || r.ActivationId != "4ECE" {
		t.Errorf("the record is %s of %q", r.State, r.ActivationId)
	}
}

func TestADamagedRecordIsReportedAndTheOthersAreListed(t *testing.T) {
	now := start
	s := newStore(t, &now)
	closeEntry(t, begin(t, s, newCreate("good")))
	bad := s.path("bad")
	if err := os.WriteFile(bad, []byte("{\"Request\":\"\x00\"}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	records, damaged := s.List(t.Context())
	if len(records) != 1 || len(damaged) != 1 || !strings.Contains(damaged[0].Error(), bad) {
		t.Errorf("got %d records, damaged %v", len(records), damaged)
	}
}

func TestAnIncompleteRecordIsReplaced(t *testing.T) {
	now := start
	s := newStore(t, &now)
	if err := os.MkdirAll(s.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path("token"), []byte(`{"Request":{"Reg`), 0o600); err != nil {
		t.Fatal(err)
	}
	e := begin(t, s, newCreate("token"))
	if e.Known || e.Attempts != 1 {
		t.Errorf("known %v, attempts %d", e.Known, e.Attempts)
	}
}

func TestBeginFailsIfTheFolderCannotBeCreated(t *testing.T) {
	now := start
	s := newStore(t, &now)
	file := filepath.Dir(s.folder)
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Begin(t.Context(), newCreate("token")); err == nil {
		t.Error("a record was created below a file")
	}
	if records, damaged := New(disk.OS{}, filepath.Join(t.TempDir(), "none"), s.now).List(t.Context()); len(records)+len(damaged) != 0 {
		t.Errorf("an absent folder holds %v, %v", records, damaged)
	}
}

func TestConcurrentRunsWithOneTokenAreSerialized(t *testing.T) {
	now := start
	s := newStore(t, &now)
	var group sync.WaitGroup
	var mu sync.Mutex
	working, known := 0, 0
	for range 20 {
		group.Go(func() {
			e, err := s.Begin(t.Context(), newCreate("token"))
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			working++
			if working != 1 {
				t.Error("two runs work on one record")
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
		t.Errorf("%d runs opened the existing record, want 19", known)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"Request":{"ClientToken":"t"}}` + "\n" + `{"Event":"made","ActivationId":"X"}` + "\n"))
	f.Add([]byte("null\n"))
	f.Add([]byte("\n\n"))
	f.Fuzz(func(t *testing.T, journal []byte) {
		if r, err := parse(journal); err == nil && (r.Request.ClientToken == "" || r.State == "") {
			t.Errorf("accepted without a token or state: %q", journal)
		}
	})
}

func TestAFileIsLockedByOneProcessAtATime(t *testing.T) {
	now := start
	s := newStore(t, &now)
	waited := false
	release, err := s.LockFile(t.Context(), "/home/code.json", func() { waited = true })
	if err != nil || waited {
		t.Fatalf("waited %v, %v", waited, err)
	}
	other, err := s.LockFile(t.Context(), "/home/other.json", func() { waited = true })
	if err != nil || waited {
		t.Fatalf("another file: waited %v, %v", waited, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Millisecond)
	defer cancel()
	if _, err := s.LockFile(ctx, "/home/code.json", func() { waited = true }); !errors.Is(err, context.DeadlineExceeded) || !waited {
		t.Errorf("waited %v, got %v, want the error of the context", waited, err)
	}
	if err := errors.Join(release(), other()); err != nil {
		t.Fatal(err)
	}
	if records, damaged := s.List(t.Context()); len(records)+len(damaged) != 0 {
		t.Errorf("a lock file is listed as a record: %v, %v", records, damaged)
	}
	if entries, err := os.ReadDir(s.folder); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func TestAnOldRecordWithoutAReplacedCodeIsRead(t *testing.T) {
	r, err := parse([]byte(`{"Request":{"RegionId":"cn-hangzhou","ClientToken":"t"},"Save":"/home/code.json","StartedAt":"2026-11-22T10:00:00Z"}` + "\n"))
	if err != nil || r.Save != "/home/code.json" || r.Replaces != "" {
		t.Errorf("got %+v, %v", r.Target, err)
	}
}

func TestAReplayThatReturnsTheSameCodeDoesNotChangeItsExpiry(t *testing.T) {
	line := func(hour int, event Event, id string) Change {
		return Change{Event: event, ActivationId: id, At: start.Add(time.Duration(hour) * time.Hour)}
	}
	for name, test := range map[string]struct {
		journal []Change
		from    int // the hour of the attempt that the expiry counts from
	}{
		"no answer":                      {nil, 0},
		"the first attempt":              {[]Change{line(0, Answered, "A")}, 0},
		"the last attempt before the ID": {[]Change{line(1, Sending, ""), line(1, Answered, "A")}, 1},
		"the same code again": {[]Change{line(0, Answered, "A"), line(0, DeliverySucceeded, ""),
			line(2, Sending, ""), line(2, Answered, "A")}, 0},
		"an undelivered code again":  {[]Change{line(1, Sending, ""), line(1, Answered, "A"), line(2, Sending, ""), line(2, Answered, "A")}, 1},
		"a replay without an answer": {[]Change{line(0, Answered, "A"), line(0, DeliverySucceeded, ""), line(2, Sending, "")}, 2},
		"the same code after a replay without an answer": {[]Change{line(0, Answered, "A"), line(2, Sending, ""),
			line(3, Sending, ""), line(3, Answered, "A")}, 0},
		"a new code":       {[]Change{line(0, Answered, "A"), line(2, Sending, ""), line(2, AnsweredNew, "B")}, 2},
		"a new code again": {[]Change{line(0, Answered, "A"), line(2, Sending, ""), line(2, AnsweredNew, "B"), line(3, Sending, ""), line(3, AnsweredNew, "B")}, 2},
		"an older clock":   {[]Change{line(0, Answered, "A"), line(2, Sending, ""), line(2, Answered, "A"), {Event: aged, By: time.Hour}}, -1},
	} {
		var journal bytes.Buffer
		create := newCreate("token")
		create.StartedAt = start
		err := write(&journal, create)
		for _, c := range test.journal {
			err = errors.Join(err, write(&journal, c))
		}
		r, failed := parse(journal.Bytes())
		if err = errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		if want := start.Add(time.Duration(test.from)*time.Hour + r.Request.Lifetime()); !r.Expires().Equal(want) {
			t.Errorf("%s: expires %s, want %s", name, r.Expires(), want)
		}
	}
}
