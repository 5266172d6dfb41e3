package view_test

import (
	"errors"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/view"
)

// made returns a code as the service returned it.
func made() codefile.Code {
	r := activation.CreateRequest{RegionId: "cn-hangzhou", InstanceName: "web", InstanceCount: 2, TimeToLiveInHours: 4}
	c := activation.Created{ActivationId: "A", ActivationCode: hostile}
	c.RequestId, c.Date = "R", noon
	return codefile.NewCode(r, c, true)
}

func script(c codefile.Code) (string, error) {
	if c.ActivationCode == "" {
		return "", errors.New("there is no code")
	}
	return "run " + c.ActivationId + "\n", nil
}

func TestACodeInEachFormat(t *testing.T) {
	const fields = "ActivationId       A\nActivationCode     " + clean + "\nRegionId           cn-hangzhou\nInstanceName       web\n" +
		"InstanceCount      2\nTimeToLiveInHours  4\nExpirationTime     2026-01-20T16:00:00Z\nRequestId          R\n"
	saved, dry := made(), codefile.FromRequest(activation.CreateRequest{RegionId: "cn-hangzhou"})
	saved.ActivationCode, dry.DryRun = "", true
	for _, test := range []struct {
		name, format string
		quiet        bool
		code         codefile.Code
		want         string
	}{
		{"fields", view.FormatTable, false, made(), fields},
		{"fields of a saved code", view.FormatTable, false, saved, strings.Replace(fields, "ActivationCode     "+clean+"\n", "", 1)},
		{"fields of a dry run", view.FormatTable, false, dry, "RegionId           cn-hangzhou\nInstanceCount      0\nTimeToLiveInHours  0\n"},
		{"the bare code", view.FormatTable, true, made(), hostile + "\n"},
		{"the bare code by its format", view.FormatCode, false, made(), hostile + "\n"},
		{"no bare code of a saved one", view.FormatTable, true, saved, ""},
		{"no bare code of a dry run", view.FormatCode, false, dry, ""},
		{"a script", "sh", false, made(), "run A\n"},
		{"no script of a dry run", "sh", false, dry, ""},
	} {
		p, out := printer(test.format)
		p.Quiet = test.quiet
		if test.format == "sh" {
			p.Script = script
		}
		expect(t, test.name, view.PrintCreated(p, test.code), out, test.want)
	}
}

func TestCodesInASequenceAreOneDocument(t *testing.T) {
	p, out := printer("json")
	p.Begin()
	expect(t, "none", p.End(), out, "[]\n")
	out.Reset()
	p.Begin()
	for range 2 {
		if err := view.PrintCreated(p, made()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.End(); err != nil || strings.Count(out.String(), `"ActivationId": "A"`) != 2 || !strings.HasSuffix(out.String(), "\n]\n") {
		t.Errorf("%v, %s", err, out)
	}
	p, out = printer(view.FormatTable)
	p.Begin()
	expect(t, "text", p.End(), out, "")
}

func TestWhatAFileHolds(t *testing.T) {
	old := func(id, became string, err error) view.Changed {
		r := fleet.Result{Ref: activation.Ref{RegionId: "r", ActivationId: id}, Err: err}
		r.Code = activation.Activation{RegisteredCount: 1, InstanceCount: 5}
		return view.NewChanged(view.Outcome{Result: r, Became: became, Problem: &view.Problem{}})
	}
	kept := issuance.EnsureResult{Issued: issuance.Issued{Code: made()}, Created: true}
	retired := []view.Changed{old("B", view.Deleted, nil), old("C", view.Failed, errFull)}
	e := view.NewEnsured(kept, issuance.EnsureRequest{File: "code.json"}, retired)
	p, out := printer(view.FormatTable)
	expect(t, "fields", view.PrintEnsured(p, e), out, "ActivationId       A\nState              created\nSave               code.json\nRegionId           cn-hangzhou\n"+
		"InstanceName       web\nInstanceCount      2\nTimeToLiveInHours  4\nExpirationTime     2026-01-20T16:00:00Z\nRequestId          R\n"+
		"RemainingCount     2\nRetired            deleted r/B (1 of 5 uses)\n")
	p, out = printer("jsonl")
	if err := view.PrintEnsured(p, e); err != nil || strings.Contains(out.String(), "ActivationCode") || !strings.Contains(out.String(), `"State":"created","Save":"code.json"`) {
		t.Errorf("%v, %s", err, out)
	}
	p, out = printer(view.FormatTable)
	quiet(p)
	expect(t, "the bare code", view.PrintEnsured(p, e), out, hostile+"\n")
	out.Reset()
	e = view.NewEnsured(kept, issuance.EnsureRequest{DryRun: true}, nil)
	expect(t, "no bare code of a dry run", view.PrintEnsured(p, e), out, "")
	if kept.Created = false; view.NewEnsured(kept, issuance.EnsureRequest{}, nil).State != view.StateReused {
		t.Error("a code that was not created is not reused")
	}
}

func TestACodeForPrograms(t *testing.T) {
	p, out := printer("jsonl")
	expect(t, "lines", view.PrintCreated(p, made()), out, `{"ActivationId":"A","ActivationCode":"a\u001b[31mb","RequestId":"R","RegionId":"cn-hangzhou","InstanceName":"web",`+
		`"Description":"","InstanceCount":2,"RemainingCount":2,"TimeToLiveInHours":4,"IpAddressRange":"","ResourceGroupId":"","Tags":[],`+
		`"Status":"Active","CreationTime":"2026-01-20T12:00:00Z","ExpirationTime":"2026-01-20T16:00:00Z"}`+"\n")
}
