package cli

import (
	"errors"
	"fmt"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/process"
)

// The exit codes that the code here needs by name.
const (
	exitDone    = 0
	exitOther   = 1
	exitPartial = 3
)

// Exit is an exit code, the kinds of error that have it, and what it means.
type Exit struct {
	Code  string
	Kinds []activation.Kind
	Means string
}

// Exits returns every exit code. They are only ever added to.
func Exits() []Exit {
	return []Exit{
		{"0", nil, "done"},
		{"1", []activation.Kind{activation.KindOther}, "anything else; you declined; the code could not be delivered"},
		{"2", []activation.Kind{activation.KindUsage}, "usage: a flag or value is wrong, or `--yes` is missing"},
		{"3", []activation.Kind{activation.KindPartial}, "some succeeded, some failed"},
		{"4", []activation.Kind{activation.KindIdentity}, "keys, signature, token, permission"},
		{"5", []activation.Kind{activation.KindNotFound}, "no such code, region or resource group"},
		{"6", []activation.Kind{activation.KindConflict}, "the code's state or the account's quota forbids it"},
		{"7", []activation.Kind{activation.KindUnavailable}, "network, time-out, throttled: worth retrying"},
		{"129, 130, 143", []activation.Kind{activation.KindInterrupted}, "ended by SIGHUP, SIGINT, SIGTERM"},
	}
}

// exitCode maps an error to the code that scripts see, in this one place.
func exitCode(err error) int {
	if err == nil {
		return exitDone
	}
	var signal process.Interrupted
	if errors.As(err, &signal) {
		return signal.ExitCode()
	}
	var several *batchError
	if errors.As(err, &several) {
		return several.exitCode()
	}
	return ExitOf(activation.KindOf(err))
}

// ExitOf is the exit code of a kind of error.
func ExitOf(kind activation.Kind) int {
	for code, exit := range Exits() {
		if slices.Contains(exit.Kinds, kind) && kind != activation.KindInterrupted {
			return code
		}
	}
	return exitOther
}

// batchError is a command of which some or all parts failed. told: each part's error has been
// told already.
type batchError struct {
	op    string
	errs  []error
	total int
	what  string // what the parts are: "codes", "regions"
	told  bool
}

// stopped is a signal's end of a command that has no other: it has its exit code, and is no
// failure to tell a person about.
type stopped struct{ error }

func (s stopped) Unwrap() error { return s.error }

// batch returns nil for no errors, and the error itself where it is the only part.
func batch(op string, errs []error, total int, what string, told bool) error {
	switch {
	case len(errs) == 0:
		return nil
	case total == 1:
		return errs[0]
	}
	return &batchError{op: op, errs: errs, total: total, what: what, told: told}
}

func (b *batchError) Error() string {
	return fmt.Sprintf("cannot %s %d of %d %s", b.op, len(b.errs), b.total, b.what)
}

// Unwrap gives access to an interruption among the parts.
func (b *batchError) Unwrap() []error { return b.errs }

// exitCode is 3 when some part succeeded; otherwise the code that all parts have in common.
func (b *batchError) exitCode() int {
	if len(b.errs) < b.total {
		return exitPartial
	}
	common := exitCode(b.errs[0])
	for _, err := range b.errs[1:] {
		if exitCode(err) != common {
			return exitOther
		}
	}
	return common
}

func (b *batchError) kind() activation.Kind {
	if len(b.errs) < b.total {
		return activation.KindPartial
	}
	if b.exitCode() == exitOther {
		return activation.KindOther
	}
	return activation.KindOf(b.errs[0])
}
