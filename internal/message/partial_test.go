package message

import (
	"context"
	"errors"
	"testing"

	"ecs-activation/internal/activation"
)

// signal is an error with an exit code of its own.
type signal struct{ error }

func (signal) ExitCode() int { return 130 }

func TestSeveralPartsThatFailHaveOneExitCode(t *testing.T) {
	missing, denied := &activation.Error{Kind: activation.KindNotFound, Op: "delete", Err: errors.New("gone")}, &activation.Error{Kind: activation.KindIdentity, Op: "delete", Err: errors.New("denied")}
	ended := &activation.Error{Kind: activation.KindInterrupted, Op: "delete", Err: signal{context.Canceled}}
	for name, test := range map[string]struct {
		errs  []error
		total int
		code  int
		kind  activation.Kind
	}{
		"some":             {[]error{missing}, 2, 3, activation.KindPartial},
		"all, for one":     {[]error{missing, missing}, 2, 5, activation.KindNotFound},
		"all, for several": {[]error{missing, denied}, 2, 1, activation.KindOther},
		"a signal":         {[]error{missing, ended}, 3, 130, activation.KindPartial},
		"only one":         {[]error{denied}, 1, 4, activation.KindIdentity},
	} {
		text := inv.Error(Partial("delete", test.errs, test.total, "codes", false))
		if text.ExitCode != test.code || text.Kind != test.kind {
			t.Errorf("%s: %d, %s", name, text.ExitCode, text.Kind)
		}
	}
	if err := Partial("delete", nil, 2, "codes", false); err != nil || ExitCode(err) != 0 {
		t.Errorf("%v", err)
	}
}

func TestSeveralPartsThatFailAreOneTextForAProgram(t *testing.T) {
	part := &activation.Error{Kind: activation.KindNotFound, Op: "delete", ID: activation.Ref{ActivationId: "A"}, Err: errors.New("gone"), Host: "h", Hint: "look"}
	text := inv.Error(Partial("delete", []error{part, part}, 3, "codes", false))
	if got := text.OneLine(); got != "cannot delete 2 of 3 codes; cannot delete A: gone: endpoint h; cannot delete A: gone: endpoint h" {
		t.Errorf("%s", got)
	}
	if got := text.AllAdvice(); got != "look" || text.Advice() != "" {
		t.Errorf("%q", got)
	}
	reported := Partial("delete", []error{part, part}, 3, "codes", true)
	if text := inv.Error(reported); len(text.Parts) != 0 || text.OneLine() != reported.Error() {
		t.Errorf("%+v", text)
	}
}
