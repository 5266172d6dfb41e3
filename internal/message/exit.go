package message

import (
	"errors"
	"slices"

	"ecs-activation/internal/activation"
)

// Exit codes that are used in this package.
const (
	exitOther   = 1
	exitPartial = 3
)

// ExitMatched is the exit code of list --exit-code if there are codes.
const ExitMatched = 8

// Exit is an exit code, the kinds of error that have it, and what it means.
type Exit struct {
	Code  string
	Kinds []activation.Kind
	Means string
}

// Exits returns all exit codes. New ones can be added, but none is changed or removed.
func Exits(l Language) []Exit {
	return []Exit{
		{"0", nil, l.Text("done")},
		{"1", []activation.Kind{activation.KindOther}, l.Text("any other error; you declined; the code could not be delivered")},
		{"2", []activation.Kind{activation.KindUsage}, l.Text("usage: a flag or value is wrong, or `--yes` is missing")},
		{"3", []activation.Kind{activation.KindPartial}, l.Text("some parts succeeded, some failed")},
		{"4", []activation.Kind{activation.KindIdentity}, l.Text("keys, signature, token, permission")},
		{"5", []activation.Kind{activation.KindNotFound}, l.Text("no such code, region or resource group")},
		{"6", []activation.Kind{activation.KindConflict}, l.Text("the code's state or the account's quota forbids it")},
		{"7", []activation.Kind{activation.KindUnavailable}, l.Text("network, timeout, throttling: worth retrying")},
		{"8", nil, l.Text("`list --exit-code`: there are codes that match")},
		{"129, 130, 143", []activation.Kind{activation.KindInterrupted}, l.Text("ended by SIGHUP, SIGINT, SIGTERM")},
	}
}

// Ended is an error with its own exit code, such as that of a signal.
type Ended interface {
	error
	ExitCode() int
}

// ExitCode returns the exit code of an error, which is what scripts see.
func ExitCode(err error) int {
	var ended Ended
	var partial *PartialError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &ended):
		return ended.ExitCode()
	case errors.As(err, &partial):
		return partial.exitCode()
	}
	return ExitOf(activation.KindOf(err))
}

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

// ExitOf returns the exit code of a kind of error.
func ExitOf(kind activation.Kind) int {
	for code, exit := range Exits(nil) {
		if slices.Contains(exit.Kinds, kind) && kind != activation.KindInterrupted {
			return code
		}
	}
	return exitOther
}
