package message

import "fmt"

// PartialError is a command of which some or all parts failed.
type PartialError struct {
	Op       string
	Errs     []error // of the parts that failed
	Total    int     // of all parts
	What     string  // what the parts are, as a key: "codes", "regions", "creates", "parts"
	Reported bool    // each part's error has been reported

	// Groups are reported instead of Errs if many parts failed for the same reason; nil: Errs are reported.
	Groups []error
}

// Partial returns nil if there are no errors, the error itself if there is only one part, and otherwise a
// *PartialError.
func Partial(op string, errs []error, total int, what string, reported bool) error {
	switch {
	case len(errs) == 0:
		return nil
	case total == 1:
		return errs[0]
	}
	return &PartialError{Op: op, Errs: errs, Total: total, What: what, Reported: reported}
}

// Joined returns the errors of regions that could not be read together with the error of the changes in the other
// regions. The changes count as one part, because their own errors have been reported.
func Joined(op string, failed []error, regions int, err error) error {
	switch {
	case len(failed) == 0:
		return err
	case err == nil:
		return Partial(op, failed, regions, "regions", false)
	}
	return &PartialError{Op: op, Errs: append(failed, err), Total: regions + 1, What: "parts"}
}

// Error returns the English text, for logs.
func (p *PartialError) Error() string {
	return fmt.Sprintf("cannot %s %d of %d %s", p.Op, len(p.Errs), p.Total, p.What)
}

// Unwrap gives access to the errors of the parts.
func (p *PartialError) Unwrap() []error { return p.Errs }
