package message

import (
	"fmt"

	"ecs-activation/internal/activation"
)

// PartialError is a command of which some or all parts failed.
type PartialError struct {
	Op       string
	Errs     []error // of the parts that failed
	Total    int     // of all parts
	What     string  // what the parts are, as a key: "codes", "regions", "creates", "parts"
	Reported bool    // each part's error has been reported
}

// Partial returns nil for no errors, and the error itself where it is of the only part.
func Partial(op string, errs []error, total int, what string, reported bool) error {
	switch {
	case len(errs) == 0:
		return nil
	case total == 1:
		return errs[0]
	}
	return &PartialError{Op: op, Errs: errs, Total: total, What: what, Reported: reported}
}

// Error returns the English text, for logs.
func (p *PartialError) Error() string {
	return fmt.Sprintf(onParts(p.Op, p.What), len(p.Errs), p.Total)
}

// Unwrap gives access to the errors of the parts.
func (p *PartialError) Unwrap() []error { return p.Errs }

// exitCode returns 3 when some part succeeded; otherwise the code that all parts have in common.
func (p *PartialError) exitCode() int {
	if len(p.Errs) < p.Total {
		return exitPartial
	}
	common := ExitCode(p.Errs[0])
	for _, err := range p.Errs[1:] {
		if ExitCode(err) != common {
			return exitOther
		}
	}
	return common
}

// kind returns Partial when some part succeeded; otherwise the kind that all parts have in common.
func (p *PartialError) kind() activation.Kind {
	switch {
	case len(p.Errs) < p.Total:
		return activation.KindPartial
	case p.exitCode() == exitOther:
		return activation.KindOther
	}
	return activation.KindOf(p.Errs[0])
}
