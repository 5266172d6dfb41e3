package cli

import (
	"bufio"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
)

// idsHint is the hint for IDs that cannot be read.
const idsHint = "list -q prints IDs as every command reads them"

// targetsOf returns the codes whose IDs are the arguments, or in standard input for "-", each once, with
// their regions. Its error is about all wrong IDs at once.
func targetsOf(s *invocation, args []string) ([]activation.Ref, error) {
	if len(args) == 0 {
		return nil, usageError(s.op, "no ID is given", "name the codes to "+s.op+", or - to read IDs from standard input; list -q prints them")
	}
	if slices.Contains(args, "") {
		return nil, usageError(s.op, "an ID is empty: was a variable in it not set?", idsHint)
	}
	words, err := readIDs(s, args)
	if err != nil {
		return nil, err
	}
	if len(words) == 0 {
		s.say("note: standard input holds no IDs, so there is nothing to %s", s.op)
	}
	refs, err := activation.ParseRefs(words)
	if err != nil {
		return nil, &activation.Error{Kind: activation.KindUsage, Op: s.op, Err: err, Hint: idsHint}
	}
	return qualify(s, refs)
}

// readIDs returns the IDs as written: from standard input, any number a line.
func readIDs(s *invocation, args []string) ([]string, error) {
	if !slices.Contains(args, "-") {
		return args, nil
	}
	if len(args) > 1 {
		return nil, usageError(s.op, "- stands for all IDs, and others are given as well", "give IDs or -, not both")
	}
	var words []string
	err := readInput(s, "-", func(_ context.Context, in io.Reader) error {
		lines := bufio.NewScanner(in)
		for lines.Scan() {
			words = append(words, strings.Fields(lines.Text())...)
		}
		return lines.Err()
	})
	if errors.Is(err, bufio.ErrTooLong) {
		err = usageError(s.op, "standard input has a line that is too long to hold IDs", idsHint)
	}
	return words, err
}

// qualify gives the region of the settings to the IDs that name none.
func qualify(s *invocation, refs []activation.Ref) ([]activation.Ref, error) {
	unqualified := func(r activation.Ref) bool { return r.RegionId == "" }
	region := ""
	if slices.ContainsFunc(refs, unqualified) {
		var err error
		if region, err = oneRegion(s); err != nil {
			return nil, err
		}
		if err := invalid(s.op, activation.ValidateRegion(region)); err != nil {
			return nil, err
		}
	}
	var distinct []activation.Ref
	seen := map[activation.Ref]bool{}
	for _, ref := range refs {
		if unqualified(ref) {
			ref.RegionId = region
		}
		if !seen[ref] {
			seen[ref] = true
			distinct = append(distinct, ref)
		}
	}
	return distinct, nil
}

// severalRegions says whether an ID alone would not say where the code is.
func severalRegions(refs []activation.Ref) bool {
	return slices.ContainsFunc(refs, func(r activation.Ref) bool { return r.RegionId != refs[0].RegionId })
}
