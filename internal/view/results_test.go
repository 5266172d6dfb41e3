package view_test

import (
	"errors"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

func outcome(id, became string, used, of int, dryRun bool) view.Outcome {
	r := fleet.Result{Ref: activation.Ref{RegionId: "r", ActivationId: id}, Code: activation.Activation{RegisteredCount: used, InstanceCount: of}}
	o := view.Outcome{Result: r, Became: became, Means: "this cannot be undone", DryRun: dryRun}
	if became == view.Failed || became == view.Missing {
		o.Err = errors.New("the service refuses it")
		o.Problem = &view.Problem{Kind: activation.KindOther, Message: o.Err.Error(), RequestId: "R"}
	}
	return o
}

func TestALineForEachCodeButThoseThatFailed(t *testing.T) {
	for _, test := range []struct {
		name    string
		of      view.Outcome
		several bool
		want    string
	}{
		{"changed", outcome("A", view.Disabled, 1, 5, false), false, "disabled A (1 of 5 uses; this cannot be undone)\n"},
		{"one of several regions", outcome("A", view.Deleted, 1, 5, false), true, "deleted r/A (1 of 5 uses; this cannot be undone)\n"},
		{"nothing is known of it", outcome("A", view.Deleted, 0, 0, false), false, "deleted A (this cannot be undone)\n"},
		{"a dry run", outcome(hostile, view.Deleted, 0, 5, true), false, "would be deleted: " + clean + " (0 of 5 uses; this cannot be undone)\n"},
		{"missing", outcome("A", view.Missing, 0, 0, true), false, "missing A (there is no such code in r)\n"},
		{"failed", outcome("A", view.Failed, 0, 0, false), false, ""},
	} {
		p, out := printer(view.FormatTable)
		r := view.NewResults(p, test.several)
		r.Add(test.of)
		expect(t, test.name, r.End(), out, test.want)
	}
}

func TestResultsForProgramsComeAtTheEnd(t *testing.T) {
	p, out := printer("jsonl")
	r := view.NewResults(p, false)
	r.Add(outcome("A", view.Deleted, 1, 5, true))
	r.Add(outcome("B", view.Missing, 0, 0, false))
	r.Add(outcome("C", view.Failed, 0, 0, false))
	if out.Len() > 0 {
		t.Errorf("too early: %s", out)
	}
	err := r.End()
	lines := strings.Split(out.String(), "\n")
	for i, want := range []string{
		`{"ActivationId":"A","RegionId":"r","Result":"deleted","RequestId":"","Activation":{"ActivationId":"","RegionId":"","InstanceName":"",`,
		`{"ActivationId":"B","RegionId":"r","Result":"missing","RequestId":"","Activation":null,"Error":null}`,
		`{"ActivationId":"C","RegionId":"r","Result":"failed","RequestId":"R","Activation":null,"Error":{"Kind":"Other","Message":"the service refuses it",`,
	} {
		if err != nil || len(lines) != 4 || !strings.HasPrefix(lines[i], want) {
			t.Errorf("%v: line %d is not %s in\n%s", err, i, want, out)
		}
	}
	p, out = printer("json")
	expect(t, "none", view.NewResults(p, false).End(), out, "[]\n")
	p, out = printer("json")
	quiet(p)
	r = view.NewResults(p, false)
	r.Add(outcome("A", view.Deleted, 1, 5, false))
	expect(t, "quiet", r.End(), out, "")
}

func TestAWriteThatFailsIsReportedAtTheEnd(t *testing.T) {
	for _, format := range []string{view.FormatTable, "json"} {
		p, _ := printer(format)
		p.Out = &ui.Stream{Writer: full{}}
		r := view.NewResults(p, false)
		r.Add(outcome("A", view.Deleted, 1, 5, false))
		r.Add(outcome("B", view.Deleted, 1, 5, false))
		if err := r.End(); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", format, err)
		}
	}
}

// A name in wide characters takes fewer columns than bytes, so more columns of the table fit.
func TestRowsAreAsWideAsTheirTexts(t *testing.T) {
	name := strings.Repeat("网", 10)
	p, out := printer(view.FormatTable)
	terminal(p, 38)
	rows := view.NewRows(p, []batch.Row{{Request: activation.CreateRequest{InstanceName: name, RegionId: "r"}, File: "/" + name}}, false)
	code := codefile.Code{ActivationId: "A", RegionId: "r", InstanceName: name}
	err := errors.Join(rows.Saved(view.Row{Code: code, State: view.StateCreated, Save: "/" + name}), rows.End())
	if expected := "NAME                  STATE      FILE\n"; err != nil || !strings.HasPrefix(out.String(), expected) {
		t.Errorf("%v: %q", err, out)
	}
}

func TestACodeIsDescribedBeforeItIsChanged(t *testing.T) {
	named := fleet.Result{Ref: activation.Ref{RegionId: "r", ActivationId: "A"}, Code: web()}
	unnamed := named
	unnamed.Code.InstanceName = ""
	for want, r := range map[string]fleet.Result{
		"  r/A  " + clean + "  Active  3/10 uses": named,
		"  r/A  Active  3/10 uses":                unnamed,
		"  r/A  (" + clean + ")":                  {Ref: named.Ref, Err: errors.New(hostile)},
	} {
		if got := view.TargetLine(&ui.Stream{}, r, noon, error.Error); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
