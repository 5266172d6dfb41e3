package issuance

import (
	"context"
	"errors"
	"os"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk/disktest"
	"ecs-activation/internal/pending"
)

// fixture is a world in which a test chooses the events: next has the choices of the service.
type fixture struct {
	*world
	next     map[string][]int
	reported []Note
	issuer   *Issuer
}

func newFixture(t *testing.T) *fixture {
	b := &fixture{world: newWorld(t, &walker{}), next: map[string][]int{}}
	b.service.choose = func(name string, _ int) int {
		if len(b.next[name]) == 0 {
			return 0
		}
		choice := b.next[name][0]
		b.next[name] = b.next[name][1:]
		return choice
	}
	b.noEvents = true
	process := b.disk.Process(nil)
	if err := process.MkdirAll("/home"); err != nil {
		t.Fatal(err)
	}
	b.issuer = &Issuer{
		Disk: process, Store: pending.New(process, "/state/pending", b.now), Deliver: (*reader)(b.world), Now: b.now,
		Note: func(n Note) { b.reported = append(b.reported, n) },
	}
	return b
}

// notesOf returns the notes of one type.
func notesOf[N Note](b *fixture) (list []N) {
	for _, n := range b.reported {
		if n, ok := n.(N); ok {
			list = append(list, n)
		}
	}
	return list
}

func (b *fixture) create(token string) (Issued, error) {
	r := request
	r.ClientToken = token
	return b.issuer.Create(context.Background(), b.account(), r, "")
}

func (b *fixture) record() (Record, bool) {
	records, failed := b.issuer.Store.List(context.Background())
	if len(failed) > 0 || len(records) > 1 {
		b.Fatalf("%v, %v", records, failed)
	}
	if len(records) == 0 {
		return Record{}, false
	}
	return records[0], true
}

func (b *fixture) replay(o Options) (Issued, error) {
	r, found := b.record()
	if !found {
		b.Fatal("there is no record")
	}
	return b.issuer.Replay(context.Background(), r, b.dial, o)
}

func (b *fixture) ensure(change func(*EnsureRequest)) (EnsureResult, error) {
	w := EnsureRequest{Request: request, Need: activation.Need{Uses: 1, Left: time.Hour}, File: saved}
	if change != nil {
		change(&w)
	}
	return b.issuer.Ensure(context.Background(), b.account(), w, b.dial)
}

func TestARecordHasTheStateOfItsCreate(t *testing.T) {
	for name, test := range map[string]struct {
		way     int
		state   pending.State // empty: the create has no record
		outcome pending.Outcome
	}{
		"refused":                       {createRefuses, "", pending.NothingMade},
		"never sent":                    {createNotSent, "", pending.NothingMade},
		"no answer":                     {createRequestLost, pending.Uncertain, pending.MayExist},
		"the answer was lost":           {createAnswerLost, pending.Uncertain, pending.MayExist},
		"interrupted":                   {createInterrupted, pending.Uncertain, pending.MayExist},
		"answered":                      {createAnswers, pending.Delivered, pending.HasDelivered},
		"answered when it was repeated": {createRepeated, pending.Delivered, pending.HasDelivered},
	} {
		b := newFixture(t)
		b.next["create"] = []int{test.way}
		issued, err := b.create("")
		r, found := b.record()
		if found != (test.state != "") || r.State != test.state {
			t.Errorf("%s: a record %v, state %s", name, found, r.State)
		}
		var unfinished *UnfinishedError
		switch {
		case test.outcome == pending.HasDelivered:
			if err != nil || issued.ActivationId == "" || !b.delivered[issued.ActivationCode] {
				t.Errorf("%s: %+v, %v", name, issued, err)
			}
		case errors.As(err, &unfinished) != (test.outcome == pending.MayExist) || err == nil:
			t.Errorf("%s: %v", name, err)
		case unfinished != nil && (unfinished.Outcome != test.outcome || unfinished.Token != r.Request.ClientToken || !unfinished.Recorded || unfinished.Repeatable || unfinished.Ref.RegionId != "cn-hangzhou"):
			t.Errorf("%s: %+v", name, unfinished)
		}
		if want := map[bool]int{true: 2, false: 1}[test.way == createRepeated]; found && r.Attempts != want {
			t.Errorf("%s: %d attempts", name, r.Attempts)
		}
	}
}

// A code of a token that the user gave may be older than the call, so its times are not known.
func TestTimesAreReportedOnlyForACodeThatIsCertainlyNew(t *testing.T) {
	b := newFixture(t)
	fresh, err := b.create("")
	if err != nil || fresh.CreationTime == "" || fresh.RemainingCount != 10 {
		t.Errorf("%+v, %v", fresh, err)
	}
	b = newFixture(t)
	for range 2 {
		own, err := b.create("mine")
		if err != nil || own.CreationTime != "" || own.RemainingCount != 0 || own.ActivationCode == "" {
			t.Errorf("%+v, %v", own, err)
		}
	}
	if len(b.service.codes) != 1 || len(b.reported) != 0 || b.service.lists != 0 {
		t.Errorf("%d codes, %+v, listed %d times", len(b.service.codes), b.reported, b.service.lists)
	}
}

func TestARepeatedCreateUsesItsOwnTarget(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	r := request
	r.ClientToken = "mine"
	if _, err := b.issuer.Create(context.Background(), b.account(), r, "/home/first.json"); err == nil {
		t.Fatal("no error")
	}
	issued, err := b.issuer.Create(context.Background(), b.account(), r, "/home/second.json")
	if err != nil || issued.Save != "/home/second.json" || b.held("/home/first.json") != "" || b.held("/home/second.json") == "" {
		t.Errorf("%+v, %v", issued, err)
	}
	if issued.CreationTime == "" || issued.Status != activation.Active {
		t.Errorf("the properties from the service are missing: %+v", issued)
	}
	if b.delivered[issued.ActivationCode] || !b.delivered[""] {
		t.Error("a code that was saved is printed")
	}
	if len(b.reported) != 0 || b.service.lists != 2 {
		t.Errorf("%+v, listed %d times", b.reported, b.service.lists)
	}
}

func TestOtherParametersForATokenAreRefusedBeforeSending(t *testing.T) {
	b := newFixture(t)
	if _, err := b.create("mine"); err != nil {
		t.Fatal(err)
	}
	r := request
	r.ClientToken, r.InstanceCount = "mine", 3
	_, err := b.issuer.Create(context.Background(), b.account(), r, "")
	if activation.KindOf(err) != activation.KindConflict || !activation.HasCode(err, "IdempotentParameterMismatch") {
		t.Errorf("%v", err)
	}
}

// cannotList is a service whose codes cannot be listed.
type cannotList struct {
	activation.Service
	kind activation.Kind // of the error
}

func (c cannotList) List(context.Context, activation.ListRequest) (activation.Page, error) {
	return activation.Page{}, &activation.Error{Kind: c.kind, Op: "list", Err: errors.New("chosen")}
}

// The record of a token is not sent again with another account. A code that the service lists shows that the account is
// the same.
func TestATokenIsNotSentAgainWithAnotherAccount(t *testing.T) {
	b := newFixture(t)
	a := b.account()
	as := func(identity string) (Issued, error) {
		r := request
		a.Identity, r.ClientToken = identity, "mine"
		return b.issuer.Create(context.Background(), a, r, "")
	}
	b.next["create"] = []int{createAnswerLost}
	if _, err := as("first"); err == nil {
		t.Fatal("no error")
	}
	var other *OtherIdentity
	if _, err := as("second"); !errors.As(err, &other) || other.Record.Identity != "first" || other.Identity != "second" || b.service.lists != 0 {
		t.Errorf("%v, listed %d times", err, b.service.lists)
	}
	first, err := as("first")
	if err != nil || b.service.creates != 2 {
		t.Errorf("%v, %d requests", err, b.service.creates)
	}
	if again, err := as("second"); err != nil || again.ActivationId != first.ActivationId {
		t.Errorf("%+v, %v", again, err)
	}
	for kind, isOther := range map[activation.Kind]bool{activation.KindIdentity: true, activation.KindUnavailable: false, activation.KindInterrupted: false} {
		a.Service = cannotList{b.service, kind}
		if _, err := as("second"); errors.As(err, &other) != isOther || !isOther && activation.KindOf(err) != kind {
			t.Errorf("%v: %v", kind, err)
		}
	}
	a.Service, b.service.codes = b.service, nil
	if _, err := as("second"); !errors.As(err, &other) || b.service.creates != 3 {
		t.Errorf("%v, %d requests", err, b.service.creates)
	}
	if r, found := b.record(); !found || r.ActivationId != first.ActivationId {
		t.Errorf("%+v, %v", r, found)
	}
}

func TestARequestWithoutARecordNeedsATokenOfTheUser(t *testing.T) {
	b := newFixture(t)
	b.disk.ReadOnly = true
	var none *NotRecorded
	if _, err := b.create(""); !errors.As(err, &none) || none.RegionId != "cn-hangzhou" || len(b.service.codes) != 0 {
		t.Errorf("%v, %d codes", err, len(b.service.codes))
	}
	if _, err := b.ensure(nil); !errors.As(err, &none) || errors.As(err, new(*Busy)) {
		t.Errorf("%v", err)
	}
	if issued, err := b.create("mine"); err != nil || issued.ActivationCode == "" || len(notesOf[Unrecorded](b)) != 1 {
		t.Errorf("%+v, %v, %+v", issued, err, b.reported)
	}
	b.next["create"] = []int{createAnswerLost}
	var unfinished *UnfinishedError
	if _, err := b.create("other"); !errors.As(err, &unfinished) || unfinished.Recorded || unfinished.Token != "other" {
		t.Errorf("%v", err)
	}
	b.issuer.Store, b.issuer.NoStore = nil, errors.New("no home")
	if _, err := b.create(""); !errors.As(err, &none) || !strings.Contains(err.Error(), "no home") {
		t.Errorf("%v", err)
	}
	if _, err := b.ensure(nil); !errors.As(err, &none) || !strings.Contains(err.Error(), "no home") {
		t.Errorf("%v", err)
	}
}

func TestWaitingForAnotherProcessEndsWithTheContext(t *testing.T) {
	b := newFixture(t)
	c, err := newCreate(b.account(), activation.CreateRequest{ClientToken: "mine"}, pending.Target{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := b.issuer.Store.Begin(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	unlock, err := b.issuer.Store.LockFile(context.Background(), saved, func() {})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeoutCause(context.Background(), 30*time.Millisecond, errors.New("timed out"))
	defer cancel()
	var busy *Busy
	if _, err := b.issuer.Create(ctx, b.account(), activation.CreateRequest{ClientToken: "mine", RegionId: "r"}, ""); !errors.As(err, &busy) || busy.RegionId != "r" || busy.File != "" || busy.Error() != "timed out" {
		t.Errorf("%v", err)
	}
	if _, err := b.issuer.Ensure(ctx, b.account(), EnsureRequest{File: saved}, b.dial); !errors.As(err, &busy) || busy.File != saved || len(notesOf[Waiting](b)) != 1 {
		t.Errorf("%v, %v", err, b.reported)
	}
	if _, err := LockFolder(ctx, b.issuer, saved); !errors.As(err, &busy) || busy.File != saved {
		t.Errorf("%v", err)
	}
	if _, err := b.issuer.openRecord(context.Background(), Record{Create: c}); !errors.As(err, &busy) || !errors.Is(err, pending.ErrRunning) {
		t.Errorf("%v", err)
	}
	if err := errors.Join(e.Close(), unlock()); err != nil {
		t.Fatal(err)
	}
}

func TestAReplayIsRefusedIfItCouldCreateASecondCode(t *testing.T) {
	lost := func() *fixture {
		b := newFixture(t)
		b.next["create"] = []int{createAnswerLost}
		if _, err := b.create(""); err == nil {
			t.Fatal("no error")
		}
		return b
	}
	b := lost()
	dial := func(context.Context, pending.Create) (Account, func() error, error) {
		a := b.account()
		a.Identity, a.Source = "STS.other", "elsewhere"
		return a, func() error { return nil }, nil
	}
	r, _ := b.record()
	var other *OtherIdentity
	if _, err := b.issuer.Replay(context.Background(), r, dial, Options{}); !errors.As(err, &other) || other.Identity != "STS.other" || other.Source != "elsewhere" || other.Record.Identity != "LTAI" {
		t.Errorf("%v", err)
	}
	if issued, err := b.issuer.Replay(context.Background(), r, dial, Options{SameAccount: true}); err != nil || issued.ActivationId != "CODE-1" {
		t.Errorf("%+v, %v", issued, err)
	}

	b = lost()
	b.service.now = b.service.now.Add(4*time.Hour - time.Minute)
	if issued, err := b.replay(Options{}); err != nil || issued.Status != activation.Active {
		t.Errorf("a minute before the end: %+v, %v", issued, err)
	}
	b = lost()
	b.service.now = b.service.now.Add(4 * time.Hour)
	var late *CodeExpired
	if _, err := b.replay(Options{}); !errors.As(err, &late) || late.Record.Request.InstanceName != "web" {
		t.Errorf("%v", err)
	}
	if list := notesOf[Candidates](b); len(list) != 1 || len(list[0].Codes) != 1 || list[0].RegionId != "cn-hangzhou" {
		t.Errorf("%+v", list)
	}
	if _, found := b.record(); !found {
		t.Error("the record was deleted")
	}

	gone, _ := b.record()
	if err := b.issuer.Discard(context.Background(), gone); err != nil {
		t.Fatal(err)
	}
	var finished *Finished
	if _, err := b.issuer.Replay(context.Background(), gone, b.dial, Options{}); !errors.As(err, &finished) || finished.Record.Request.ClientToken != gone.Request.ClientToken {
		t.Errorf("%v", err)
	}
	if err := b.issuer.Discard(context.Background(), gone); !errors.As(err, &finished) {
		t.Errorf("%v", err)
	}
	broken := func(context.Context, pending.Create) (Account, func() error, error) {
		return Account{}, nil, errors.New("no keys")
	}
	b = lost()
	r, _ = b.record()
	if _, err := b.issuer.Replay(context.Background(), r, broken, Options{}); err == nil || err.Error() != "no keys" {
		t.Errorf("%v", err)
	}
	if r, _ := b.record(); r.State != pending.Uncertain {
		t.Errorf("the record is %s", r.State)
	}
}

func TestAReplayDeliversToItsTarget(t *testing.T) {
	record := Record{Create: pending.Create{Target: pending.Target{Save: "/home/a"}}, State: pending.Made}
	delivered := record
	delivered.State = pending.Delivered
	for _, test := range []struct {
		o    Options
		r    Record
		want string
	}{
		{Options{}, record, "/home/a"}, {Options{Save: "/home/b"}, record, "/home/b"}, {Options{}, delivered, ""}, {Options{Save: "/home/b"}, delivered, "/home/b"},
	} {
		if got := test.o.File(test.r); got != test.want {
			t.Errorf("%+v, %s: %q, want %q", test.o, test.r.State, got, test.want)
		}
	}
	b := newFixture(t)
	first, err := b.issuer.Create(context.Background(), b.account(), request, saved)
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.replay(Options{})
	if err != nil || again.ActivationCode != first.ActivationCode || again.Save != "" || !b.delivered[first.ActivationCode] || again.Status != activation.Active {
		t.Errorf("%+v, %v", again, err)
	}
	if _, err := b.replay(Options{Save: "/home/copy.json"}); err != nil || b.held("/home/copy.json") != first.ActivationCode {
		t.Errorf("%v", err)
	}
}

// Candidates were created near the time of the create.
func TestCandidatesHaveTheSameNameAndTime(t *testing.T) {
	start := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	r := Record{Create: pending.Create{Request: request, StartedAt: start}, LastAttempt: start.Add(time.Minute)}
	j := &job{before: r}
	for _, test := range []struct {
		name  string
		made  time.Time
		ahead time.Duration
		want  bool
	}{
		{"web", start, 0, true},
		{"webby", start, 0, false},
		{"web", start.Add(-clockTolerance), 0, false},
		{"web", start.Add(-clockTolerance + time.Second), 0, true},
		{"web", start.Add(time.Minute + clockTolerance - time.Second), 0, true},
		{"web", start.Add(time.Minute + clockTolerance), 0, false},
		{"web", start.Add(5 * time.Hour), 5 * time.Hour, true}, // this machine's clock was slow and still is
		{"web", start.Add(5 * time.Hour), 0, false},
		{"web", start, 5 * time.Hour, true},
	} {
		code := activation.Activation{InstanceName: test.name, CreationTime: test.made.Format(time.RFC3339)}
		if got := isCandidate(j.before, code, test.ahead); got != test.want {
			t.Errorf("%s made %s, clock %s ahead: %v", test.name, test.made, test.ahead, got)
		}
	}
	if isCandidate(j.before, activation.Activation{InstanceName: "web", CreationTime: "?"}, 0) {
		t.Error("a code without a time is a candidate")
	}
	if clockTolerance != 2*time.Minute {
		t.Error("docs say two minutes")
	}
	value := "prod"
	j.before.Request.Tags = []activation.Tag{{TagKey: "env", TagValue: value}}
	want := activation.ListRequest{RegionId: "cn-hangzhou", InstanceName: "web", Tags: []activation.TagFilter{{Key: "env", Value: &value}}}
	if got := candidateRequest(j.before); !reflect.DeepEqual(got, want) {
		t.Errorf("the request is %+v", got)
	}
}

func TestACodeThatCannotBeCheckedIsReported(t *testing.T) {
	for name, spoil := range map[string]func(*fixture){
		"no permission to list":        func(b *fixture) { b.next["list"] = []int{1, 1} },
		"listed before, not after":     func(b *fixture) { b.next["list"] = []int{0, 1} },
		"listed after, and not before": func(b *fixture) { b.next["list"] = []int{2, 0} },
		"a code without a time":        func(b *fixture) { b.service.noTimes = true },
	} {
		b := newFixture(t)
		b.next["create"] = []int{createAnswerLost}
		if _, err := b.create(""); err == nil {
			t.Fatal("no error")
		}
		spoil(b)
		issued, err := b.replay(Options{})
		dead := len(notesOf[InactiveCode](b)) != 0 && !b.service.noTimes
		if err != nil || issued.ActivationId != "CODE-1" || len(notesOf[NotChecked](b)) != 1 || len(notesOf[NewCode](b)) != 0 || dead {
			t.Errorf("%s: %+v, %v, %+v", name, issued, err, b.reported)
		}
	}
}

// The codes are listed before the first replay only, because a later list may have the code of the first one.
func TestCodesAreListedBeforeTheFirstReplayOnly(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createRequestLost, createRequestLost, createRequestLost}
	if _, err := b.create("mine"); err == nil {
		t.Fatal("no error")
	}
	for range 2 {
		if _, err := b.replay(Options{}); err == nil || b.service.lists != 1 {
			t.Errorf("%v, listed %d times", err, b.service.lists)
		}
	}
	if _, err := b.create("mine"); err != nil || len(notesOf[NewCode](b)) != 1 {
		t.Errorf("%v, %+v", err, b.reported)
	}
}

func TestANewCodeIsReported(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.service.forget()
	b.service.now = b.service.now.Add(2 * time.Second)
	for n := range 2 {
		issued, err := b.replay(Options{})
		if err != nil || issued.ActivationId != "CODE-2" {
			t.Fatalf("%+v, %v", issued, err)
		}
		news := notesOf[NewCode](b)
		if len(news) != n+1 || news[n] != (NewCode{Ref: activation.Ref{RegionId: "cn-hangzhou", ActivationId: "CODE-2"}, CreationTime: issued.CreationTime}) {
			t.Errorf("%+v", news)
		}
	}
	list := notesOf[Candidates](b)
	if len(list) != 1 || len(list[0].Codes) != 1 || list[0].Codes[0].ActivationId != "CODE-1" {
		t.Errorf("%+v", list)
	}
	r, _ := b.record()
	if _, err := b.create(r.Request.ClientToken); err != nil || len(notesOf[NewCode](b)) != 3 {
		t.Errorf("create does not say so: %v, %+v", err, b.reported)
	}
	b.reported = b.reported[:0:0]
	b.service.forget()
	if _, err := b.replay(Options{}); err != nil {
		t.Fatal(err)
	}
	if news := notesOf[NewCode](b); len(news) != 1 || news[0].Earlier != "CODE-2" || news[0].Ref.ActivationId != "CODE-3" {
		t.Errorf("%+v", news)
	}
}

func TestAnInactiveCodeIsReported(t *testing.T) {
	b := newFixture(t)
	if _, err := b.create(""); err != nil {
		t.Fatal(err)
	}
	b.service.codes[0].Disabled = true
	if issued, err := b.replay(Options{}); err != nil || issued.Status != activation.Disabled || !slices.Equal(notesOf[InactiveCode](b), []InactiveCode{{activation.Disabled}}) {
		t.Errorf("%+v, %v, %+v", issued, err, b.reported)
	}
}

func TestARecordIsFoundByItsTokenOrAPrefix(t *testing.T) {
	of := func(token string, state pending.State) Record {
		return Record{Create: pending.Create{Request: activation.CreateRequest{ClientToken: token}}, State: state}
	}
	records := []Record{of("mnopqr", pending.Made), of("abcdef", pending.Uncertain), of("abcdxy", pending.Made), of("abc", pending.Delivered), of("zzzz", pending.Running)}
	for token, want := range map[string]string{"abcdef": "abcdef", "abcde": "abcdef", "abcde…": "abcdef", "abc": "abc", "abcd": "", "ab": "", "mno": "", "mnop": "mnopqr", "zzz": "", "zzzz": "zzzz", "": "", "nope": ""} {
		r, err := FindByToken(records, token)
		var none *NoRecord
		if r.Request.ClientToken != want || (want == "") != errors.As(err, &none) || none != nil && none.Token != token {
			t.Errorf("%q: %q, %v", token, r.Request.ClientToken, err)
		}
	}
	if r, err := Last(records); err != nil || r.Request.ClientToken != "abc" {
		t.Errorf("the last one is %q, %v", r.Request.ClientToken, err)
	}
	var none *NoRecord
	if _, err := Last(records[4:]); !errors.As(err, &none) || none.Token != "" {
		t.Errorf("%v", err)
	}
}

func TestRecordsOfTheSandboxAreCountedSeparately(t *testing.T) {
	now := time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC)
	of := func(sandbox bool, state pending.State, age time.Duration, id string) Record {
		return Record{Create: pending.Create{Request: request, Sandbox: sandbox}, State: state, LastAttempt: now.Add(-age), ActivationId: id}
	}
	records := []Record{
		of(false, pending.Uncertain, 0, ""), of(false, pending.Made, time.Hour, "A"), of(false, pending.Delivered, 0, "B"), of(false, pending.Running, 0, ""),
		of(false, pending.Made, 4*time.Hour, "C"), of(true, pending.Made, 0, "D"),
	}
	ours, others := SplitBySandbox(records, false)
	if len(ours) != 5 || len(others) != 1 || others[0].ActivationId != "D" {
		t.Errorf("%d and %d", len(ours), len(others))
	}
	if n := CountRecoverable(ours, now); n != 2 {
		t.Errorf("%d can be recovered", n)
	}
	if n := CountUnfinished(ours); n != 3 {
		t.Errorf("%d are unfinished", n)
	}
	if _, found := FindByActivationId(records[1:], "A"); !found {
		t.Error("the first record was not found")
	}
	if r, found := FindByActivationId(records, "C"); !found || r.ActivationId != "C" {
		t.Errorf("%+v, %v", r, found)
	}
	if _, found := FindByActivationId(records, "X"); found {
		t.Error("X was found")
	}
}

func TestACodeThatCannotBeSavedIsPrinted(t *testing.T) {
	b := newFixture(t)
	b.service.replaceCode = "a code with blanks"
	issued, err := b.issuer.Create(context.Background(), b.account(), request, saved)
	if err != nil || !b.delivered["a code with blanks"] || len(notesOf[NotSavable](b)) != 1 || b.held(saved) != "" {
		t.Errorf("%+v, %v, %+v", issued, err, b.reported)
	}
	var unfinished *UnfinishedError
	var notSaved *NotSaved
	if _, err := b.ensure(nil); !errors.As(err, &unfinished) || !errors.As(err, &notSaved) || !unfinished.Repeatable || notSaved.File != saved {
		t.Errorf("%v", err)
	}
}

func TestACodeIsRecoverableIfItsFileExists(t *testing.T) {
	b := newFixture(t)
	if _, err := b.issuer.Create(context.Background(), b.account(), request, saved); err != nil {
		t.Fatal(err)
	}
	before := b.held(saved)
	_, err := b.issuer.Create(context.Background(), b.account(), request, saved)
	var unfinished *UnfinishedError
	var notSaved *NotSaved
	if !errors.As(err, &unfinished) || !errors.As(err, &notSaved) || unfinished.Ref.ActivationId != "CODE-2" || unfinished.Outcome != pending.MadeUndelivered || b.held(saved) != before {
		t.Errorf("%v", err)
	}
}

func fileOf(t *testing.T, b *fixture) codefile.File {
	t.Helper()
	f, err := codefile.Read(b.issuer.Disk, saved)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A relative name cannot be resolved if the working folder was deleted. No request is sent.
func TestARelativeFileInADeletedWorkingFolderIsRefused(t *testing.T) {
	b := newFixture(t)
	folder := t.TempDir()
	t.Chdir(folder)
	if os.Remove(folder) != nil {
		t.Skip("this system keeps the working folder")
	}
	if _, err := os.Getwd(); err == nil {
		t.Skip("this system keeps the name of the working folder")
	}
	if _, err := b.issuer.Create(context.Background(), b.account(), request, "code.json"); err == nil || len(b.service.codes) != 0 {
		t.Errorf("%v, %d codes", err, len(b.service.codes))
	}
}

const temporaryOfMine = "/home/.ecs-activation-3fd30542fe3f61b1" // the temporary file of the token "mine"

func TestARepeatedCreateRemovesTheTemporaryFileOfTheFirst(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	r := request
	r.ClientToken = "mine"
	if _, err := b.issuer.Create(context.Background(), b.account(), r, saved); err == nil {
		t.Fatal("no error")
	}
	f, err := b.disk.Process(nil).Create(temporaryOfMine)
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := b.create("mine"); err != nil {
		t.Fatal(err)
	}
	if _, err := b.disk.Process(nil).Lstat(temporaryOfMine); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
}

func TestANewCreateSearchesForNoTemporaryFile(t *testing.T) {
	b := newFixture(t)
	synced := 0
	other := *b.issuer
	other.Disk = b.disk.Process(func(when disktest.When, op, path string) error {
		if when == disktest.Before && op == "syncfolder" && path == "/home" {
			synced++
		}
		return nil
	})
	if _, err := other.Create(context.Background(), b.account(), request, saved); err != nil || synced != 1 {
		t.Errorf("%v, the folder was synced %d times", err, synced)
	}
}

// Without a record there is no lock, so another process may use the temporary file of the token.
func TestTheTemporaryFileOfATokenIsUsedOnlyWithALock(t *testing.T) {
	b := newFixture(t)
	const left = temporaryOfMine
	for _, recorded := range []bool{false, true} {
		f, err := b.disk.Process(nil).Create(left)
		if err = errors.Join(err, f.Close()); err != nil {
			t.Fatal(err)
		}
		store := b.issuer.Store
		if !recorded {
			b.issuer.Store, b.issuer.NoStore = nil, errors.New("no home")
		}
		r := request
		r.ClientToken = "mine"
		if _, err := b.issuer.Create(context.Background(), b.account(), r, "/home/"+map[bool]string{true: "a", false: "b"}[recorded]); err != nil {
			t.Fatal(err)
		}
		b.issuer.Store = store
		if _, err := b.disk.Process(nil).Lstat(left); (err == nil) == recorded {
			t.Errorf("recorded %v: %v", recorded, err)
		}
		if !recorded {
			if err := b.disk.Process(nil).Remove(left); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestAReplayWaitsForTheLockOfItsFile(t *testing.T) {
	b := newFixture(t)
	if _, err := b.issuer.Create(context.Background(), b.account(), request, saved); err != nil {
		t.Fatal(err)
	}
	r, _ := b.record()
	unlock, err := b.issuer.Store.LockFile(context.Background(), saved, func() {})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Millisecond)
	defer cancel()
	var busy *Busy
	if _, err := b.issuer.Replay(ctx, r, b.dial, Options{}); !errors.As(err, &busy) || busy.File != saved {
		t.Errorf("%v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	if _, err := b.issuer.Replay(context.Background(), r, b.dial, Options{}); err != nil {
		t.Errorf("%v", err)
	}
	// The replay unlocks the file.
	if unlock, err = b.issuer.Store.LockFile(context.Background(), saved, func() { t.Error("it is still held") }); err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	// On a read-only disk the code is delivered without a lock.
	b.disk.ReadOnly = true
	if issued, err := b.issuer.Replay(context.Background(), r, b.dial, Options{}); err != nil || issued.ActivationCode == "" {
		t.Errorf("%+v, %v", issued, err)
	}
	// A code for standard output needs no lock of a file.
	b = newFixture(t)
	if _, err := b.create(""); err != nil {
		t.Fatal(err)
	}
	r, _ = b.record()
	if unlock, err = b.issuer.Store.LockFile(context.Background(), "", func() {}); err != nil {
		t.Fatal(err)
	}
	if _, err := b.issuer.Replay(ctx, r, b.dial, Options{}); errors.As(err, &busy) {
		t.Errorf("%v", err)
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
}

// This machine's clock may be wrong, so the time of the service is needed as well.
func TestACodeIsNotExpiredWhileTheServiceIsUnreachable(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.ahead = 5 * time.Hour
	b.next["list"] = []int{2}
	if _, err := b.replay(Options{}); activation.KindOf(err) != activation.KindUnavailable || errors.As(err, new(*CodeExpired)) {
		t.Errorf("%v", err)
	}
	b.next["list"] = []int{1} // no permission, but the response has a time
	if issued, err := b.replay(Options{}); err != nil || issued.ActivationId != "CODE-1" {
		t.Errorf("%+v, %v", issued, err)
	}
}

func TestWithoutATimeOfTheServiceThisMachinesClockDecides(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.service.noDate = true
	b.service.now = b.service.now.Add(4 * time.Hour)
	if _, err := b.replay(Options{}); !errors.As(err, new(*CodeExpired)) || b.service.creates != 1 {
		t.Errorf("%v, %d creates", err, b.service.creates)
	}
}

// broken is an output that cannot be written to.
type broken struct{}

func (broken) Deliver(codefile.Code) error { return errors.New("no space left on device") }

// If the first run received a code, any other code is a new one, no matter what the clocks say.
func TestACodeOtherThanTheAnsweredOneIsNew(t *testing.T) {
	b := newFixture(t)
	reader := b.issuer.Deliver
	b.issuer.Deliver = broken{}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.issuer.Deliver = reader
	b.service.forget()
	if _, err := b.replay(Options{}); err != nil {
		t.Fatal(err)
	}
	if news := notesOf[NewCode](b); len(news) != 1 || news[0].Earlier != "CODE-1" || news[0].Ref.ActivationId != "CODE-2" {
		t.Errorf("%+v", news)
	}
	if b.service.lists != 1 {
		t.Errorf("listed %d times", b.service.lists)
	}
}

// A code whose ID is known is not replayed after it has expired, like any other code.
func TestAKnownExpiredCodeIsNotReplayed(t *testing.T) {
	b := newFixture(t)
	if _, err := b.issuer.Create(context.Background(), b.account(), request, saved); err != nil {
		t.Fatal(err)
	}
	r, _ := b.record()
	b.service.now = b.service.now.Add(4*time.Hour + time.Minute)
	if _, err := b.issuer.Replay(context.Background(), r, b.dial, Options{}); !errors.As(err, new(*CodeExpired)) {
		t.Errorf("%v", err)
	}
}

// A create without a file has no temporary file.
func TestAReplayToStandardOutputRemovesNoTemporaryFiles(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	var folders []string
	p := b.disk.Process(func(when disktest.When, op, path string) error {
		if when == disktest.Before && op == "syncfolder" {
			folders = append(folders, path)
		}
		return nil
	})
	r, _ := b.record()
	other := *b.issuer
	other.Disk = p
	if _, err := other.Replay(context.Background(), r, b.dial, Options{}); err != nil || len(folders) != 0 {
		t.Errorf("%v, synced %q", err, folders)
	}
}

func TestAFailedSearchForCandidatesIsReported(t *testing.T) {
	b := newFixture(t)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.service.forget()
	b.service.now = b.service.now.Add(2 * time.Second)
	b.next["list"] = []int{0, 0, 2}
	if _, err := b.replay(Options{}); err != nil {
		t.Fatal(err)
	}
	failed := notesOf[NotSearched](b)
	if len(failed) != 1 || failed[0].RegionId != "cn-hangzhou" || failed[0].Err == nil || len(notesOf[Candidates](b)) != 0 {
		t.Errorf("%+v", b.reported)
	}
}

// The clock was five hours slow when the code was created, and still is.
func TestCandidatesAreFoundWithAWrongClock(t *testing.T) {
	b := newFixture(t)
	b.ahead = -5 * time.Hour
	older := b.service.make(activation.CreateRequest{RegionId: "cn-hangzhou", InstanceName: "web", InstanceCount: 1, TimeToLiveInHours: 4, ClientToken: "x"})
	b.service.now = b.service.now.Add(time.Hour)
	b.next["create"] = []int{createAnswerLost}
	if _, err := b.create(""); err == nil {
		t.Fatal("no error")
	}
	b.service.now = b.service.now.Add(5 * time.Hour)
	if _, err := b.replay(Options{}); !errors.As(err, new(*CodeExpired)) {
		t.Fatal(err)
	}
	list := notesOf[Candidates](b)
	if len(list) != 1 || len(list[0].Codes) != 1 || list[0].Codes[0].ActivationId == older.ActivationId {
		t.Errorf("%+v", list)
	}
}

func TestOnlyAnErrorThatSaysSoGuaranteesThatNothingWasDone(t *testing.T) {
	for err, want := range map[error]bool{
		errors.New("odd"):                       false,
		&activation.Error{}:                     false,
		&activation.Error{NothingDone: true}:    true,
		&NotSaved{Err: errors.New("disk full")}: false,
	} {
		if got := nothingDone(err); got != want {
			t.Errorf("%T: %v", err, got)
		}
	}
}

func TestARecordThatCannotBeUpdatedIsReportedAndTheCodeIsDelivered(t *testing.T) {
	b := newFixture(t)
	full := false
	p := b.disk.Process(func(_ disktest.When, op, _ string) error {
		if full && op == "write" {
			return syscall.ENOSPC
		}
		return nil
	})
	b.service.choose = func(op string, _ int) int {
		full = full || op == "create"
		return 0
	}
	other := *b.issuer
	other.Disk, other.Store = p, pending.New(p, "/state/pending", b.now)
	issued, err := other.Create(context.Background(), b.account(), request, "")
	if notes := notesOf[RecordStale](b); err != nil || !b.delivered[issued.ActivationCode] || len(notes) == 0 || !errors.Is(notes[0].Err, syscall.ENOSPC) {
		t.Errorf("%+v, %v, %+v", issued, err, b.reported)
	}
}
