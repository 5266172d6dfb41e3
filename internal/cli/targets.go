package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// idsHint is the hint for IDs that cannot be read.
const idsHint = "list -q prints IDs in the form that every command accepts"

// targetsOf returns the codes whose IDs are the arguments, or are in standard input for "-". Each code is
// returned once, with its region. The error reports all invalid IDs.
func targetsOf(s *invocation, args []string) ([]activation.Ref, error) {
	if len(args) == 0 {
		return nil, cmdline.Usage(s.op, "no ID was given", message.GiveIDs(s.op))
	}
	if slices.Contains(args, "") {
		return nil, cmdline.Usage(s.op, "an ID is empty: was a variable in it not set?", idsHint)
	}
	words, err := readIDs(s, args)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		s.note(s.app.describe(s.cmd).NothingTo(s.op))
	}
	refs, err := activation.ParseRefs(words)
	if err != nil {
		return nil, &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: err, Hint: idsHint}
	}
	return qualify(s, refs)
}

// readIDs returns the IDs as they are written, for "-" from standard input, where a line can have several.
func readIDs(s *invocation, args []string) ([]string, error) {
	if !slices.Contains(args, "-") {
		return args, nil
	}
	if len(args) > 1 {
		return nil, cmdline.Usage(s.op, "- cannot be combined with IDs", "give IDs, or - to read them from standard input")
	}
	var words []string
	err := readInput(s, "-", func(_ context.Context, in io.Reader) (err error) {
		words, err = ui.ReadWords(in)
		return err
	})
	if errors.Is(err, bufio.ErrTooLong) {
		err = cmdline.Usage(s.op, "standard input has a line that is too long for IDs", idsHint)
	}
	return words, err
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
