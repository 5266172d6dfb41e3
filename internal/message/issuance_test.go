package message

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/pending"
)

// flagOf returns a flag that the command has, and that was not given.
func flagOf(parameter string) Flag {
	return Flag{Name: "--" + strings.ToLower(parameter), Exists: parameter != ""}
}

var inv = Invocation{
	Op: "create", Again: []string{Program, "create", "--ttl", "4"}, Form: []string{"-o", "json"}, Line: Line{Sandbox: true},
	Flag: flagOf,
}

var ref = activation.Ref{RegionId: "cn-hangzhou", ActivationId: "4ECE"}

// notes returns notes, and the sentence of each.
func notes() map[string]issuance.Note {
	bad := errors.New("no\x1b[2J space")
	hostile := activation.Ref{RegionId: "cn-hangzhou", ActivationId: "$(touch x)"}
	return map[string]issuance.Note{
		`note: cannot update the record: no\x1b[2J space`:                                                         issuance.RecordStale{Err: bad},
		`warning: cannot read a record: no\x1b[2J space`:                                                          issuance.RecordUnreadable{Err: bad},
		"note: other users could read the folder of records; it is private now":                                   issuance.FolderMadePrivate{},
		`note: no record can be kept (no\x1b[2J space); your client token is the only way to get this code again`: issuance.Unrecorded{Err: bad},
		"waiting for another process that uses /home/code.json":                                                   issuance.Waiting{File: "/home/code.json"},
		"waiting for another process that works on the batch web":                                                 issuance.Waiting{Batch: "web"},
		"warning: 4ECE (web, created T) may be a second code of a row, because its create was sent more than once; to stop it:  ecs-activation --sandbox disable cn-hangzhou/4ECE": issuance.Surplus{RegionId: "cn-hangzhou", Codes: []activation.Activation{{RegionId: "cn-hangzhou", ActivationId: "4ECE", InstanceName: "web", CreationTime: "T"}}},
		"note: creates were sent more than once, and the codes in cn-hangzhou could not be listed to find second codes: late":                                                      issuance.Surplus{RegionId: "cn-hangzhou", Err: errors.New("late")},
		"warning: this is a NEW code (created T); the service has forgotten the first request, whose code may exist":                                                               issuance.NewCode{Ref: ref, CreationTime: "T"},
		"warning: this is a NEW code; the service has forgotten the first request, whose code is OLD; to stop it:  ecs-activation --sandbox disable cn-hangzhou/OLD":               issuance.NewCode{Ref: ref, Earlier: "OLD"},
		"note: could not check whether this is a NEW code: the service did not return when the code was created":                                                                   issuance.NotChecked{},
		`note: could not check whether this is a NEW code: no\x1b[2J space`:                                                                                                        issuance.NotChecked{Err: bad},
		"note: the code is Disabled": issuance.InactiveCode{Status: activation.Disabled},
		"note: the code does not exist any more: it was deleted, so no machine can register with it":                                             issuance.DeletedCode{},
		"note: no other code in cn-hangzhou has its name, tags and time":                                                                         issuance.Candidates{RegionId: "cn-hangzhou"},
		"note: it may be 4ECE, created T; to stop it:  ecs-activation --sandbox disable cn-hangzhou/4ECE":                                        issuance.Candidates{RegionId: "cn-hangzhou", Codes: []activation.Activation{{RegionId: "cn-hangzhou", ActivationId: "4ECE", CreationTime: "T"}}},
		"note: it may be $(touch x), created T":                                                                                                  issuance.Candidates{RegionId: "cn-hangzhou", Codes: []activation.Activation{{RegionId: hostile.RegionId, ActivationId: hostile.ActivationId, CreationTime: "T"}}},
		`note: could not search cn-hangzhou for it: no\x1b[2J space`:                                                                             issuance.NotSearched{RegionId: "cn-hangzhou", Err: bad},
		`warning: the code is shown here and not saved: no\x1b[2J space`:                                                                         issuance.NotSavable{Err: bad},
		"note: cn-hangzhou/4ECE is not reused: it no longer exists":                                                                              issuance.NotReused{Ref: ref, Missing: true},
		"note: cn-hangzhou/4ECE is not reused: it was created with another --instancecount":                                                      issuance.NotReused{Ref: ref, Parameter: "InstanceCount"},
		"note: cn-hangzhou/4ECE is not reused: it is Expired":                                                                                    issuance.NotReused{Ref: ref, Unmet: activation.NotActive{Status: activation.Expired}},
		`warning: other users may be able to read the code: no\x1b[2J space`:                                                                     issuance.NotPrivate{Err: bad},
		"note: a previous run was interrupted; its code would be recovered first":                                                                issuance.EarlierUnfinished{},
		`note: cannot recover the code of a previous run, so a NEW code is created: no\x1b[2J space; see:  ecs-activation --sandbox recover tok`: issuance.EarlierRefused{Token: "tok", Err: bad},
		`warning: could not retire an old code: no\x1b[2J space`:                                                                                 issuance.RetireFailed{Err: bad},
		"": issuance.Clock{},
	}
}

func TestEveryNoteIsOneSentenceThatATerminalCanShow(t *testing.T) {
	for want, n := range notes() {
		if got := inv.Note(n); got != want {
			t.Errorf("%T: %s\nwant %s", n, got, want)
		}
	}
}

// known is an error for the user.
func known(t *testing.T, c Invocation, err error) *activation.Error {
	t.Helper()
	var e *activation.Error
	if !errors.As(c.Issuance(err), &e) {
		t.Fatalf("%T: %v", err, err)
	}
	return e
}

func TestAnUnfinishedCreateNamesTheCommandThatBringsItsCode(t *testing.T) {
	network := &activation.Error{Kind: activation.KindUnavailable, Op: "create", Err: errors.New("timed out"), Hint: "check the network"}
	processing := &activation.Error{Kind: activation.KindUnavailable, Code: "IdempotentProcessing"}
	timedOut := &activation.Error{Kind: activation.KindUnavailable, LastCode: "IdempotentProcessing", Err: errors.New("timed out")}
	interrupted := &activation.Error{Kind: activation.KindInterrupted, Err: context.Canceled}
	own, recovering := inv, inv
	own.OwnToken, recovering.Replays, recovering.Op = true, true, "recover"
	full := errors.New("no space left on device")
	for name, test := range map[string]struct {
		c       Invocation
		err     issuance.UnfinishedError
		kind    activation.Kind
		hint    string
		command string
	}{
		"no answer":                {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Outcome: pending.MayExist, Err: network}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json"},
		"made":                     {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Outcome: pending.MadeUndelivered, Ref: ref, Err: full}, activation.KindOther, "the code was created", "ecs-activation recover tok -o json"},
		"not saved":                {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Outcome: pending.MadeUndelivered, Ref: ref, Err: &issuance.NotSaved{Err: full}}, activation.KindOther, "the code was created", "ecs-activation recover tok -o json --save 4ECE.json"},
		"not saved, and a bad ID":  {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Ref: activation.Ref{ActivationId: "$(x)"}, Err: &issuance.NotSaved{Err: full}}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json --save activation-code.json"},
		"no record":                {own, issuance.UnfinishedError{Token: "tok", Outcome: pending.MayExist, Err: network}, activation.KindOther, "the code may exist", "ecs-activation create --ttl 4"},
		"ensure":                   {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Repeatable: true, Err: network}, activation.KindUnavailable, "the code may exist", "ecs-activation create --ttl 4"},
		"a row, its file exists":   {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Repeatable: true, Ref: ref, Err: &issuance.NotSaved{File: "f", Err: fs.ErrExist}}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json --save " + otherName(ref.ActivationId)},
		"ensure, no file holds it": {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Repeatable: true, Ref: ref, Err: &issuance.NotSaved{Err: &codefile.Unreadable{}}}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json"},
		"a token like a flag":      {inv, issuance.UnfinishedError{Token: "-tok", Recorded: true, Err: network}, activation.KindOther, "the code may exist", "ecs-activation recover -o json -- -tok"},
		"processing, own token":    {own, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: processing}, activation.KindUnavailable, "the code may exist", "ecs-activation recover tok -o json"},
		"processing at the end":    {own, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: timedOut}, activation.KindUnavailable, "the code may exist", "ecs-activation recover tok -o json"},
		"processing":               {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: processing}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json"},
		"own token, no answer":     {own, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: network}, activation.KindOther, "the code may exist", "ecs-activation recover tok -o json"},
		"interrupted":              {inv, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: interrupted}, activation.KindInterrupted, "the code may exist", "ecs-activation recover tok -o json"},
		"recover":                  {recovering, issuance.UnfinishedError{Token: "tok", Recorded: true, Err: network}, activation.KindUnavailable, "check the network", ""},
		"recover, not delivered":   {recovering, issuance.UnfinishedError{Token: "tok", Recorded: true, Outcome: pending.MadeUndelivered, Ref: ref, Err: full}, activation.KindOther, "the code was created", "ecs-activation recover tok -o json"},
	} {
		e := known(t, test.c, &test.err)
		hint := test.hint
		if test.command != "" {
			hint += "; to retrieve it without creating another"
		}
		if e.Kind != test.kind || e.Hint != hint || strings.Join(e.Command, " ") != test.command {
			t.Errorf("%s: %s, %q, %q", name, e.Kind, e.Hint, e.Command)
		}
		if test.err.Ref == ref && errors.Is(test.err.Err, full) && (e.Op != "deliver the code of" || e.ID != ref) {
			t.Errorf("%s: %v", name, e)
		}
	}
	if network.Hint != "check the network" || network.Kind != activation.KindUnavailable || len(inv.Form) != 2 {
		t.Errorf("an error of the service was changed: %+v, %q", network, inv.Form)
	}
}

// issued is an error of package issuance, with what is said of it.
type issued struct {
	err     error
	kind    activation.Kind
	text    string
	command string
}

// issuedErrors returns the errors of package issuance.
func issuedErrors() map[string]issued {
	r := issuance.Record{
		Create:      pending.Create{Request: activation.CreateRequest{RegionId: "cn-hangzhou", ClientToken: "tok", TimeToLiveInHours: 4}, Identity: "LTAI1", Source: "profile a"},
		LastAttempt: time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC),
	}
	no := errors.New("no")
	late := context.DeadlineExceeded
	quota := &activation.Error{Kind: activation.KindConflict, Op: "create", Code: "ActivationCount.ExceedLimit"}
	return map[string]issued{
		"no record":          {&issuance.NotRecorded{RegionId: "r", Err: no}, activation.KindOther, "cannot create: no record of the request can be kept, so its code could be lost; nothing was sent: no", ""},
		"unreadable":         {&issuance.Unreadable{Err: no}, activation.KindOther, "cannot create: a record of a create cannot be read, and its code may be for this file; nothing was sent: no", "ecs-activation recover"},
		"running":            {&issuance.Busy{Err: pending.ErrRunning}, activation.KindConflict, "cannot create: another process is still working on the create", ""},
		"busy token":         {&issuance.Busy{Err: late}, activation.KindUnavailable, "cannot create: another process is using this client token: context deadline exceeded", ""},
		"busy file":          {&issuance.Busy{File: "f", Err: context.Canceled}, activation.KindInterrupted, "cannot create: another process is using f: context canceled", ""},
		"finished":           {&issuance.Finished{}, activation.KindNotFound, "cannot create: another process has finished the create meanwhile", ""},
		"no records":         {&issuance.NoRecord{}, activation.KindNotFound, "cannot create: there are no records of creates", ""},
		"no such record":     {&issuance.NoRecord{Token: "x"}, activation.KindNotFound, `cannot create: there is no record of the token "x"`, "ecs-activation recover"},
		"other identity":     {&issuance.OtherIdentity{Record: r, Identity: "LTAI2", Source: "profile b"}, activation.KindIdentity, "cannot create: the create was sent as LTAI1 (profile a), and the current identity is LTAI2 (profile b): replaying it with this identity could create a second code", "ecs-activation recover tok --same-account"},
		"too late":           {&issuance.CodeExpired{Record: r}, activation.KindOther, "cannot create: a code of this create expired at 2026-11-27T14:00:00Z, and sending it again would make a new code", "ecs-activation recover --discard tok"},
		"not ours":           {&issuance.NotReplaceable{File: "f", Err: no}, activation.KindUsage, "cannot create: f was not changed: no", ""},
		"a file that exists": {&codefile.Exists{Path: "f"}, activation.KindUsage, "cannot create: f already exists and is not overwritten", ""},
		"a folder":           {&codefile.NotWritable{Path: "d/f", NoFolder: true}, activation.KindUsage, "cannot create: folder d does not exist", ""},
		"quota":              {&issuance.QuotaFull{RegionId: "r", Err: quota}, activation.KindConflict, "cannot create: ActivationCount.ExceedLimit", "ecs-activation list --unused --region r"},
		"quota, used":        {&issuance.QuotaFull{RegionId: "r", Used: true, Err: quota}, activation.KindConflict, "cannot create: ActivationCount.ExceedLimit", "ecs-activation list --unused --region r"},
		"quota, prune":       {&issuance.QuotaFull{RegionId: "r", Unused: []activation.Activation{{ActivationId: "A"}}, Err: quota}, activation.KindConflict, "cannot create: ActivationCount.ExceedLimit", "ecs-activation prune --region r"},
	}
}

func TestTheOtherErrorsSayWhatToDo(t *testing.T) {
	no := errors.New("no")
	for name, test := range issuedErrors() {
		e := known(t, inv, test.err)
		if e.Kind != test.kind || e.Error() != test.text || strings.Join(e.Command, " ") != test.command || e.Hint == "" && !slices.Contains([]string{"busy token", "busy file", "finished"}, name) {
			t.Errorf("%s: %s, %s, %q, %q", name, e.Kind, e, e.Hint, e.Command)
		}
	}
	if err := inv.Issuance(no); !errors.Is(err, no) {
		t.Errorf("%v", err)
	}
	if inv.Issuance(nil) != nil {
		t.Error("nothing became an error")
	}
}

// recover --all does not deliver a code that was delivered.
func TestTheCommandForRowsOfAnotherIdentityRetrievesACode(t *testing.T) {
	r := pending.Record{Create: pending.Create{Request: activation.CreateRequest{ClientToken: "tok"}}}
	for unfinished, want := range map[bool]string{true: "ecs-activation recover --all --same-account", false: "ecs-activation recover tok --same-account"} {
		err := inv.Batch(&batch.OtherIdentity{Rows: []batch.Row{{Line: 2}}, Total: 2, Record: r, Unfinished: unfinished})
		if e := known(t, inv, err); strings.Join(e.Command, " ") != want || e.Hint == "" {
			t.Errorf("%q, %q", e.Hint, e.Command)
		}
	}
}

func TestADamagedRecordOfARowIsDeleted(t *testing.T) {
	e := known(t, inv, inv.Batch(&issuance.NotRecorded{Err: &pending.Damaged{Path: "/state/ab", Err: errors.New("its first line is damaged")}}))
	if !strings.Contains(e.Error(), "record /state/ab: its first line is damaged") || !strings.HasPrefix(e.Hint, "delete that file") {
		t.Errorf("%s, %q", e, e.Hint)
	}
}

// A command with 40 tags of the maximum length is longer than a path. Users copy it.
func TestACommandIsNotShortened(t *testing.T) {
	words := []string{Program, "recover", strings.Repeat("t", 64)}
	for range 40 {
		words = append(words, "--machine-tag", strings.Repeat("k", 64)+"="+strings.Repeat("v", 128))
	}
	if got := inv.Error(&activation.Error{Op: "create", Hint: "x", Command: words}).Command; got != inv.Line.Run(words) {
		t.Errorf("%.200s", got)
	}
}

func TestManyAreNamedInPart(t *testing.T) {
	ids := strings.Split(strings.Repeat("A ", 21), " ")[:21]
	if got := some(nil, ids[:20]); strings.Count(got, "A") != 20 || strings.Contains(got, "…") {
		t.Errorf("%s", got)
	}
	if got := some(nil, ids); strings.Count(got, "A") != 20 || !strings.HasSuffix(got, ", …") {
		t.Errorf("%s", got)
	}
}
