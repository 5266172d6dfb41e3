package cli

import (
	"context"
	"errors"
	"io"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
)

// idsHint is the hint for IDs that cannot be read.
const idsHint = "list -q prints IDs in the form that every command accepts"

// targetsHelp is the part of the help about targets.
const targetsHelp = `

With - the targets are read from standard input: IDs with or without a region, or JSON or JSON Lines with
ActivationId and RegionId, which list, create, show, disable and ensure print. Nothing is sent if a target
is not valid.`

// targetsOf returns the codes whose IDs are the arguments, or are in standard input for "-". Each code is
// returned once, with its region. The error reports all invalid IDs.
func targetsOf(s *invocation, args []string) ([]activation.Ref, error) {
	if len(args) == 0 {
		return nil, cmdline.Usage(s.op, "no ID was given", message.GiveIDs(s.op))
	}
	if slices.Contains(args, "") {
		return nil, cmdline.Usage(s.op, "an ID is empty: was a variable in it not set?", idsHint)
	}
	refs, err := readRefs(s, args)
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		s.note(message.NothingTo(s.app.Language, s.op))
	}
	return qualify(s, refs)
}

// readRefs returns the codes that the arguments name, or standard input for "-".
func readRefs(s *invocation, args []string) (refs []activation.Ref, err error) {
	switch {
	case !slices.Contains(args, "-"):
		refs, err = activation.ParseRefs(args)
	case len(args) > 1:
		return nil, cmdline.Usage(s.op, "- cannot be combined with IDs", "give IDs, or - to read them from standard input")
	default:
		err = readInput(s, "-", func(_ context.Context, in io.Reader) (err error) {
			refs, err = activation.ReadRefs(in, func() {
				s.notef("note: the page on standard input does not have all codes; the others are left alone")
			})
			return err
		})
	}
	if invalidRefs(err) {
		err = &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: err, Hint: idsHint}
	}
	return refs, err
}

// invalidRefs reports whether an error is about the content of the IDs.
func invalidRefs(err error) bool {
	return errors.As(err, new(activation.NotRef)) || errors.As(err, new(activation.NotRegion)) || errors.As(err, new(activation.NotTarget)) ||
		errors.As(err, new(activation.TooMuchInput))
}

// qualify returns the distinct refs. Those without a region get the region of the settings.
func qualify(s *invocation, refs []activation.Ref) ([]activation.Ref, error) {
	if !slices.ContainsFunc(refs, func(r activation.Ref) bool { return r.RegionId == "" }) {
		return activation.Distinct(refs, ""), nil
	}
	region, err := oneRegion(s)
	if err != nil {
		return nil, err
	}
	return activation.Distinct(refs, region), cmdline.Invalid(s.op, activation.ValidateRegion(region))
}
