package invoke

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/message"
)

// idsHint is the hint for IDs that cannot be read.
const idsHint = "list -q prints IDs in the form that every command accepts"

// TargetsHelp is the part of the help about targets.
const TargetsHelp = `

With - the targets are read from standard input: IDs with or without a region, or JSON or JSON Lines with
ActivationId and RegionId, which list, create, show, disable and ensure print. Nothing is sent if a target
is not valid.`

// TargetsOf returns the codes whose IDs are the arguments, or are in standard input for "-". Each code is
// returned once, with its region. The error reports all invalid IDs.
func TargetsOf(s *Invocation, args []string) ([]activation.Ref, error) {
	if len(args) == 0 {
		return nil, cmdline.Usage(s.Op, "no ID was given", message.GiveIDs(s.Op))
	}
	if slices.Contains(args, "") {
		return nil, cmdline.Usage(s.Op, "an ID is empty: was a variable in it not set?", idsHint)
	}
	for _, arg := range args {
		if len(strings.Fields(arg)) > 1 {
			return nil, severalIDs(s, arg)
		}
	}
	refs, err := readRefs(s, args)
	if err != nil {
		return nil, err
	}
	if len(refs) == 0 {
		s.Note(message.NothingTo(s.Program.Language, s.Op))
	}
	return qualify(s, refs)
}

// severalIDs returns the error for an argument with several IDs, such as "$(list -q)".
func severalIDs(s *Invocation, arg string) error {
	words := append(strings.Fields(s.Cmd.CommandPath()), "-")
	if s.Cmd.Flag("yes") != nil {
		words = slices.Insert(words, len(words)-1, "--yes")
	}
	err := cmdline.Wrong(s.Op, &message.SeveralIDs{Text: arg})
	if s.Cmd.Name() == "wait" {
		return err.Advise("give one ID")
	}
	err.Hint, err.Command = "pipe the IDs to this command", words
	return err
}

// readRefs returns the codes that the arguments name, or standard input for "-".
func readRefs(s *Invocation, args []string) (refs []activation.Ref, err error) {
	switch {
	case !slices.Contains(args, "-"):
		refs, err = activation.ParseRefs(args)
	case len(args) > 1:
		return nil, cmdline.Usage(s.Op, "- cannot be combined with IDs", "give IDs, or - to read them from standard input")
	default:
		err = ReadInput(s, "-", func(_ context.Context, in io.Reader) (err error) {
			refs, err = activation.ReadRefs(in, func() {
				s.Notef("note: the page on standard input does not have all codes; the others are left alone")
			})
			return err
		})
	}
	if invalidRefs(err) {
		err = &activation.Error{Kind: activation.KindUsage, Op: s.Op, Err: err, Hint: idsHint}
	}
	return refs, err
}

// invalidRefs reports whether an error is about the content of the IDs.
func invalidRefs(err error) bool {
	return errors.As(err, new(activation.NotRef)) || errors.As(err, new(activation.NotRegion)) || errors.As(err, new(activation.NotTarget)) ||
		errors.As(err, new(activation.TooMuchInput))
}

// qualify returns the distinct refs. Those without a region get the region of the settings.
func qualify(s *Invocation, refs []activation.Ref) ([]activation.Ref, error) {
	if !slices.ContainsFunc(refs, func(r activation.Ref) bool { return r.RegionId == "" }) {
		return activation.Distinct(refs, ""), nil
	}
	region, err := OneRegion(s)
	if err != nil {
		return nil, err
	}
	return activation.Distinct(refs, region), cmdline.Invalid(s.Op, activation.ValidateRegion(region))
}
