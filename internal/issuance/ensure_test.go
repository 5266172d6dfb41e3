package issuance

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/pending"
)

func TestEnsureReusesACodeThatMeetsTheRequirements(t *testing.T) {
	for name, test := range map[string]struct {
		change    func(*fixture)
		want      func(*EnsureRequest)
		notReused *NotReused // nil: the code is reused
	}{
		"as it is":          {nil, nil, nil},
		"another name":      {nil, func(w *EnsureRequest) { w.Request.InstanceName = "other" }, &NotReused{Parameter: "InstanceName"}},
		"deleted":           {func(b *fixture) { b.service.codes[0].deleted = true }, nil, &NotReused{Missing: true}},
		"too few uses left": {func(b *fixture) { b.service.codes[0].RegisteredCount = 10 }, nil, &NotReused{Unmet: activation.NotActive{Status: activation.Exhausted}}},
		"enough uses left":  {func(b *fixture) { b.service.codes[0].RegisteredCount = 9 }, nil, nil},
		"a clock ahead":     {func(b *fixture) { b.ahead = 5 * time.Hour }, nil, nil},
		"expired":           {func(b *fixture) { b.service.now = b.service.now.Add(4 * time.Hour) }, nil, &NotReused{Unmet: activation.NotActive{Status: activation.Expired}}},
	} {
		b := newFixture(t)
		first, err := b.ensure(nil)
		if err != nil || !first.Created || first.Save != saved || first.ActivationCode == "" || len(first.Retired) != 0 || len(b.reported) != 0 {
			t.Fatalf("%s: %+v, %v, %+v", name, first, err, b.reported)
		}
		if b.delivered[first.ActivationCode] {
			t.Errorf("%s: the code was printed", name)
		}
		if test.change != nil {
			test.change(b)
		}
		second, err := b.ensure(test.want)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		notes := notesOf[NotReused](b)
		if test.notReused == nil {
			if second.Created || second.ActivationCode != first.ActivationCode || len(notes) != 0 || second.Status != activation.Active || len(notesOf[Clock](b)) != 1 {
				t.Errorf("%s: %+v, %+v", name, second, notes)
			}
			continue
		}
		test.notReused.Ref = first.Ref()
		if !second.Created || second.ActivationId != "CODE-2" || b.held(saved) != second.ActivationCode || !slices.Equal(notes, []NotReused{*test.notReused}) {
			t.Errorf("%s: %+v, %+v", name, second, notes)
		}
	}
}

func TestEnsureCreatesNoCodeIfTheOldOneCannotBeLookedUp(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	b.next["list"] = []int{2}
	if _, err := b.ensure(nil); activation.KindOf(err) != activation.KindUnavailable || len(b.service.codes) != 1 {
		t.Errorf("%v, %d codes", err, len(b.service.codes))
	}
}

func TestADryRunChangesNothing(t *testing.T) {
	b := newFixture(t)
	dry := func(w *EnsureRequest) { w.DryRun = true }
	result, err := b.ensure(dry)
	if err != nil || !result.Created || result.ActivationId != "" || result.InstanceName != "web" || result.Save != saved || len(b.service.codes) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.ensure(nil); err == nil {
		t.Fatal("no error")
	}
	if _, err := b.ensure(dry); err != nil || len(notesOf[EarlierUnfinished](b)) != 1 || len(b.service.codes) != 1 || b.held(saved) != "" {
		t.Errorf("%v, %+v", err, b.reported)
	}
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	process := b.disk.Process(nil)
	if err := process.Chmod(saved, 0o644); err != nil {
		t.Fatal(err)
	}
	b.service.codes[0].Disabled = true
	b.service.now = b.service.now.Add(time.Hour)
	retire := func(w *EnsureRequest) { w.DryRun, w.RetireOld = true, true }
	if result, err := b.ensure(retire); err != nil || !result.Created || len(result.Retired) != 0 || b.service.codes[0].deleted {
		t.Errorf("%+v, %v", result, err)
	}
	if info, err := process.Lstat(saved); err != nil || info.Mode().Perm() != 0o644 {
		t.Errorf("the file was changed: %v, %v", info.Mode(), err)
	}
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	if info, err := process.Lstat(saved); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the file: %v, %v", info.Mode(), err)
	}
}

func TestEnsureFinishesAnUnfinishedCreateFirst(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	var unfinished *UnfinishedError
	if _, err := b.ensure(nil); !errors.As(err, &unfinished) || !unfinished.Repeatable {
		t.Fatalf("%v", err)
	}
	result, err := b.ensure(nil)
	if err != nil || !result.Created || result.ActivationId != "CODE-1" || len(b.service.codes) != 1 || len(notesOf[NotReused](b)) != 0 {
		t.Errorf("%+v, %v", result, err)
	}

	// After a refusal the earlier code cannot be retrieved. A new one is created, and a note reports it.
	b = newFixture(t)
	b.next["create"] = []int{createRequestLost, createRefuses}
	if _, err := b.ensure(nil); err == nil {
		t.Fatal("no error")
	}
	r, _ := b.record()
	result, err = b.ensure(nil)
	earlier := notesOf[EarlierRefused](b)
	if err != nil || result.ActivationId != "CODE-1" || len(earlier) != 1 || earlier[0].Token != r.Request.ClientToken || !activation.HasCode(earlier[0].Err, "Forbidden") {
		t.Errorf("%+v, %v, %+v", result, err, b.reported)
	}

	// Without a response, after an unknown error, or if the request was not sent, no second code is created.
	for _, way := range []int{createRequestLost, createNotSent, createUnknownCode} {
		b = newFixture(t)
		b.next["create"] = []int{createAnswerLost, way}
		for range 2 {
			if _, err := b.ensure(nil); err == nil {
				t.Fatal("no error")
			}
		}
		if len(b.service.codes) != 1 {
			t.Errorf("%d codes", len(b.service.codes))
		}
	}

	// An unfinished create whose code has expired is not replayed, and its code is not searched for.
	b = newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.ensure(nil); err == nil {
		t.Fatal("no error")
	}
	b.service.now = b.service.now.Add(5 * time.Hour)
	if result, err := b.ensure(nil); err != nil || result.ActivationId != "CODE-2" || len(notesOf[Candidates](b)) != 0 {
		t.Errorf("%+v, %v, %+v", result, err, b.reported)
	}
}

func TestEnsureFinishesTheReplacementOfACode(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(func(w *EnsureRequest) { w.Request.InstanceName = "old" }); err != nil {
		t.Fatal(err)
	}
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.ensure(nil); err == nil {
		t.Fatal("no error")
	}
	result, err := b.ensure(nil)
	f := fileOf(t, b)
	if err != nil || !result.Created || result.ActivationId != "CODE-2" || f.ActivationId != "CODE-2" || len(f.Earlier) != 1 || f.Earlier[0].ActivationId != "CODE-1" {
		t.Errorf("%+v, %v, the file has %+v", result, err, f)
	}
}

func TestEnsureFinishesEveryUnfinishedCreateOfItsFile(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost, createRefuses, createAnswerLost, createRefuses, createAnswers}
	for range 2 { // the second run cannot retrieve the code of the first, and creates another one
		if _, err := b.ensure(nil); err == nil {
			t.Fatal("no error")
		}
	}
	result, err := b.ensure(nil)
	if err != nil || result.ActivationId != "CODE-2" || len(b.service.codes) != 2 {
		t.Errorf("%+v, %v, %d codes", result, err, len(b.service.codes))
	}
}

func TestEnsureFinishesOnlyTheRecordsOfItsFile(t *testing.T) {
	b := newFixture(t)
	k := &ensureRun{Issuer: b.issuer, Account: Account{Endpoint: "e", Sandbox: true}, EnsureRequest: EnsureRequest{File: saved}}
	good := Record{Create: pending.Create{Sandbox: true, Endpoint: "e", Target: pending.Target{Save: saved, Replaces: "OLD"}}, State: pending.Uncertain, ActivationId: "MADE"}
	for name, test := range map[string]struct {
		change func(*Record)
		held   string
		want   bool
	}{
		"no file":              {func(*Record) {}, "", true},
		"the code it replaces": {func(*Record) {}, "OLD", true},
		"its own code":         {func(*Record) {}, "MADE", true},
		"another code":         {func(*Record) {}, "X", false},
		"made":                 {func(r *Record) { r.State = pending.Made }, "", true},
		"running":              {func(r *Record) { r.State = pending.Running }, "", true},
		"delivered":            {func(r *Record) { r.State = pending.Delivered }, "", false},
		"another file":         {func(r *Record) { r.Save = "/home/x" }, "", false},
		"the real service's":   {func(r *Record) { r.Sandbox = false }, "", false},
		"another endpoint":     {func(r *Record) { r.Endpoint = "x" }, "", false},
	} {
		r := good
		test.change(&r)
		held := codefile.File{Code: codefile.Code{ActivationId: test.held}}
		if got := k.isPending(r, held); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestOldCodesAreRetired(t *testing.T) {
	renewed := func(prepare func(*fixture)) (*fixture, EnsureResult) {
		b := newFixture(t)
		if _, err := b.ensure(func(w *EnsureRequest) { w.Request.InstanceName = "old" }); err != nil {
			t.Fatal(err)
		}
		prepare(b)
		result, err := b.ensure(func(w *EnsureRequest) { w.RetireOld = true })
		if err != nil {
			t.Fatal(err)
		}
		return b, result
	}
	b, result := renewed(func(*fixture) {})
	if len(result.Retired) != 1 || result.Retired[0].Ref.ActivationId != "CODE-1" || !b.service.codes[0].deleted || len(notesOf[RetireFailed](b)) != 0 {
		t.Errorf("unused: %+v, %+v", result.Retired, b.reported)
	}
	b, result = renewed(func(b *fixture) { b.service.codes[0].RegisteredCount = 1 })
	if len(result.Retired) != 1 || b.service.codes[0].deleted || !b.service.codes[0].Disabled || !result.Retired[0].Code.Disabled {
		t.Errorf("used: %+v", result.Retired)
	}
	b, result = renewed(func(b *fixture) { b.next["delete"] = []int{1} })
	if len(result.Retired) != 1 || result.Retired[0].Err == nil || len(notesOf[RetireFailed](b)) != 1 {
		t.Errorf("failed: %+v", result.Retired)
	}
	b, result = renewed(func(b *fixture) { b.service.codes[0].deleted = true })
	if len(result.Retired) != 0 || len(notesOf[RetireFailed](b)) != 0 || len(fileOf(t, b).Earlier) != 0 {
		t.Errorf("already deleted: %+v, the file knows %v", result.Retired, fileOf(t, b).Earlier)
	}
	b, result = renewed(func(b *fixture) {
		b.service.choose = func(op string, _ int) int {
			b.service.codes[0].deleted = b.service.codes[0].deleted || op == "delete"
			return 0
		}
	})
	if len(result.Retired) != 0 || len(notesOf[RetireFailed](b)) != 0 {
		t.Errorf("deleted by another program: %+v", result.Retired)
	}

	// The next run retires the codes that an interrupted run did not retire.
	b = newFixture(t)
	if _, err := b.ensure(func(w *EnsureRequest) { w.Request.InstanceName = "old" }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ensure(nil); err != nil || b.service.codes[0].deleted {
		t.Fatalf("%v", err)
	}
	if refs := fileOf(t, b).Earlier; len(refs) != 1 || refs[0].ActivationId != "CODE-1" {
		t.Errorf("the file knows %v", refs)
	}
	if result, err := b.ensure(nil); err != nil || result.Created || len(result.Retired) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	if result, err := b.ensure(func(w *EnsureRequest) { w.RetireOld = true }); err != nil || result.Created || len(result.Retired) != 1 || !b.service.codes[0].deleted {
		t.Errorf("%+v, %v", result, err)
	}
}

// Expired and disabled codes that were never used are deleted, so that a pipeline does not use up its
// quota.
func TestUnusedExpiredCodesOfTheFileAreDeleted(t *testing.T) {
	for name, test := range map[string]struct {
		change           func(*fixture)
		deleted, earlier bool
	}{
		"expired": {func(b *fixture) { b.service.now = b.service.now.Add(4 * time.Hour) }, true, false},
		"expired, and used": {func(b *fixture) {
			b.service.codes[0].RegisteredCount = 1
			b.service.now = b.service.now.Add(4 * time.Hour)
		}, false, false},
		"alive":              {func(b *fixture) { b.service.codes[0].RegisteredCount = 10 }, false, true},
		"it cannot be asked": {func(b *fixture) { b.service.codes[0].RegisteredCount = 10; b.next["list"] = []int{0, 2} }, false, true},
		"no time of the service": {func(b *fixture) {
			b.service.now = b.service.now.Add(4 * time.Hour)
			b.service.noDate = true
		}, false, true},
	} {
		b := newFixture(t)
		if _, err := b.ensure(nil); err != nil {
			t.Fatal(err)
		}
		test.change(b)
		result, err := b.ensure(nil)
		if err != nil || !result.Created {
			t.Fatalf("%s: %+v, %v", name, result, err)
		}
		if b.service.codes[0].deleted != test.deleted || len(result.Retired) != map[bool]int{true: 1}[test.deleted] || (len(fileOf(t, b).Earlier) == 1) != test.earlier {
			t.Errorf("%s: deleted %v, %+v, earlier %v", name, b.service.codes[0].deleted, result.Retired, fileOf(t, b).Earlier)
		}
	}
}

func TestAFullQuotaErrorListsDeletableCodes(t *testing.T) {
	full := func(b *fixture) error {
		b.next["create"] = []int{createQuota}
		_, err := b.ensure(func(w *EnsureRequest) { w.File = "/home/other.json" })
		return err
	}
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	var quota *QuotaFull
	if err := full(b); !errors.As(err, &quota) || quota.RegionId != "cn-hangzhou" || len(quota.Unused) != 0 || !activation.HasCode(err, "ActivationCount.ExceedLimit") {
		t.Errorf("%v", err)
	}
	b.service.now = b.service.now.Add(4 * time.Hour)
	if err := full(b); !errors.As(err, &quota) || len(quota.Unused) != 1 || quota.Unused[0].ActivationId != "CODE-1" {
		t.Errorf("%v", err)
	}
	b.next["create"] = []int{createRefuses}
	if _, err := b.ensure(func(w *EnsureRequest) { w.File = "/home/other.json" }); errors.As(err, new(*QuotaFull)) || !activation.HasCode(err, "Forbidden") {
		t.Errorf("another error: %v", err)
	}
	b.service.noDate = true
	if err := full(b); errors.As(err, new(*QuotaFull)) || !activation.HasCode(err, "ActivationCount.ExceedLimit") {
		t.Errorf("without a time: %v", err)
	}
	b.service.noDate = false
	b.next["list"] = []int{2}
	if err := full(b); errors.As(err, new(*QuotaFull)) || !activation.HasCode(err, "ActivationCount.ExceedLimit") {
		t.Errorf("it cannot be listed: %v", err)
	}
}

func TestAFileThatIsNotReplaceableIsNotChanged(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	var notOurs *NotReplaceable
	refuse := func(w *EnsureRequest) { w.Accept = func(codefile.File) error { return errors.New("no") } }
	if _, err := b.ensure(refuse); !errors.As(err, &notOurs) || notOurs.File != saved || notOurs.Err.Error() != "no" {
		t.Errorf("%v", err)
	}
	accept := func(w *EnsureRequest) { w.Accept = func(codefile.File) error { return nil } }
	if _, err := b.ensure(accept); err != nil {
		t.Errorf("%v", err)
	}
	process := b.disk.Process(nil)
	f, err := process.Create("/home/notes.txt")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("what I must not forget")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ensure(func(w *EnsureRequest) { w.File = "/home/notes.txt" }); !errors.As(err, &notOurs) || len(b.service.codes) != 1 {
		t.Errorf("%v", err)
	}
	if _, err := (EnsureRequest{File: "/home/none"}).Read(b.issuer.Disk); err != nil {
		t.Errorf("no file: %v", err)
	}
}

// The code of a damaged record cannot be retrieved. A record that cannot be read now may be readable
// later.
func TestAnUnreadableRecordStopsEnsure(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	process := b.disk.Process(nil)
	f, err := process.Create("/state/pending/damaged")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("{}\n")); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ensure(nil); err != nil || len(notesOf[RecordUnreadable](b)) != 1 {
		t.Errorf("%v, %+v", err, b.reported)
	}
	if err := process.MkdirAll("/state/pending/folder"); err != nil {
		t.Fatal(err)
	}
	var unreadable *Unreadable
	if _, err := b.ensure(nil); !errors.As(err, &unreadable) {
		t.Errorf("%v", err)
	}
}

func TestAnInterruptIsReportedAfterSuccess(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	w := EnsureRequest{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved, Accept: func(codefile.File) error { return nil }}
	for cause, want := range map[error]error{context.Canceled: context.Canceled, context.DeadlineExceeded: nil} {
		ctx, cancel := context.WithCancelCause(context.Background())
		b.service.crash = func(string) { cancel(cause) }
		b.next["list"] = []int{3}
		if _, err := b.issuer.Ensure(ctx, b.account(), w, b.dial); !errors.Is(err, want) {
			t.Errorf("%v: %v", cause, err)
		}
	}
}

func TestANewRunDoesNotChangeAFileThatIsNotReplaceable(t *testing.T) {
	b := newFixture(t)
	f, err := b.disk.Process(nil).Create(saved)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("what I must not forget")); err != nil {
		t.Fatal(err)
	}
	var notOurs *NotReplaceable
	accept := func(w *EnsureRequest) { w.Accept = func(codefile.File) error { return nil } }
	if _, err := b.ensure(accept); !errors.As(err, &notOurs) || b.service.creates != 0 {
		t.Errorf("%v, %d creates", err, b.service.creates)
	}
}

func TestEnsureCreatesNoCodeForAFileThatCannotBeWritten(t *testing.T) {
	b := newFixture(t)
	var notWritable *codefile.NotWritable
	if _, err := b.ensure(func(w *EnsureRequest) { w.File = "/none/code.json" }); !errors.As(err, &notWritable) || !notWritable.NoFolder || b.service.creates != 0 {
		t.Errorf("%v, %d creates", err, b.service.creates)
	}
}

// The file may change while Ensure finishes records.
func TestEnsureReadsTheFileAgainAfterItFinishedRecords(t *testing.T) {
	for name, test := range map[string]struct {
		exists           bool
		refused, creates int // the reading of the file that is refused, and the creates until then
	}{
		"before records are listed":   {true, 1, 1},
		"before a record is finished": {true, 2, 1},
		"after a record was finished": {false, 1, 2},
	} {
		b := newFixture(t)
		b.next["create"] = []int{createAnswerLost}
		if _, err := b.ensure(nil); err == nil {
			t.Fatal("no error")
		}
		if test.exists {
			f, err := b.disk.Process(nil).Create(saved)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := f.Write([]byte(`{"ActivationId":"OLD","ActivationCode":"a-old","RegionId":"cn-hangzhou","InstanceName":"web"}`)); err != nil {
				t.Fatal(err)
			}
		}
		reads := 0
		_, err := b.ensure(func(w *EnsureRequest) {
			w.Accept = func(codefile.File) error {
				if reads++; reads == test.refused {
					return errors.New("no")
				}
				return nil
			}
		})
		if !errors.As(err, new(*NotReplaceable)) || b.service.creates != test.creates {
			t.Errorf("%s: %v, %d creates", name, err, b.service.creates)
		}
	}
}

func TestAReusedFileIsMadePrivate(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	process := b.disk.Process(nil)
	if err := process.Chmod(saved, 0o644); err != nil {
		t.Fatal(err)
	}
	refuses := b.disk.Process(func(_ disktest.When, op, _ string) error {
		if op == "chmod" {
			return errors.New("not permitted")
		}
		return nil
	})
	other := *b.issuer
	other.Disk = refuses
	w := EnsureRequest{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved}
	if _, err := other.Ensure(context.Background(), b.account(), w, b.dial); err != nil || len(notesOf[NotPrivate](b)) != 1 {
		t.Errorf("%v, %+v", err, b.reported)
	}
	if result, err := b.ensure(nil); err != nil || result.Created || len(notesOf[NotPrivate](b)) != 1 {
		t.Errorf("%+v, %v, %+v", result, err, b.reported)
	}
	if info, err := process.Lstat(saved); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the file: %v, %v", info.Mode(), err)
	}
}

func TestNoCodeIsRetiredInADryRunOrAfterAnError(t *testing.T) {
	b := newFixture(t)
	if _, err := b.ensure(func(w *EnsureRequest) { w.Request.InstanceName = "old" }); err != nil {
		t.Fatal(err)
	}
	if _, err := b.ensure(nil); err != nil {
		t.Fatal(err)
	}
	if result, err := b.ensure(func(w *EnsureRequest) { w.RetireOld, w.DryRun = true, true }); err != nil || len(result.Retired) != 0 {
		t.Errorf("%+v, %v", result, err)
	}
	b.next["list"] = []int{2}
	if _, err := b.ensure(func(w *EnsureRequest) { w.RetireOld = true }); err == nil {
		t.Error("no error")
	}
	if b.service.codes[0].deleted {
		t.Error("the old code was deleted")
	}
}

// An interrupted create still returns the error with its token.
func TestAnInterruptedEnsureReturnsAnUnfinishedError(t *testing.T) {
	b := newFixture(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	b.service.crash = func(string) { cancel(context.Canceled) }
	b.next["create"] = []int{createInterrupted}
	w := EnsureRequest{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved}
	cancel(context.Canceled)
	var unfinished *UnfinishedError
	if _, err := b.issuer.Ensure(ctx, b.account(), w, b.dial); !errors.As(err, &unfinished) {
		t.Errorf("%v", err)
	}
}
