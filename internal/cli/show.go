package cli

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
)

// show promises everything that is known about a code: its fields, what it can still do, which
// machines have registered with it, and what to do next. Each ID is looked up, whatever becomes
// of the others. Who may not read machines still sees the code.

const showHelp = `Show codes in full: every field, what each can still do, and which machines registered with it.

-o json prints an array, in the order of the IDs; what could not be found is not in it. A policy
that does not grant ecs:DescribeManagedInstances costs the machines only: they are null then.`

const showExample = `  ecs-activation show 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation show cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678 -o wide
  ecs-activation list -q --status active | ecs-activation show -
  ecs-activation show "$ID" -o json | jq '.[].Machines[] | select(.Connected)'`

func newShowCmd(a *App) *cobra.Command {
	return &cobra.Command{
		Use:               "show ID... | -",
		SuggestFor:        []string{"describe", "info", "DescribeManagedInstances"},
		Short:             "Show a code in full, and who registered with it",
		Long:              showHelp,
		Example:           showExample,
		ValidArgsFunction: a.codeIDs(0, anyCode),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd, func(s *session) error { return runShow(s, args) })
		},
	}
}

func runShow(s *session, args []string) error {
	refs, err := s.targets(args)
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	ctx, stop := s.limited()
	defer stop()
	codes, failed := s.lookIntoAll(ctx, refs)
	if err := s.printShown(codes, severalRegions(refs)); err != nil {
		return err
	}
	return batch(s.op, failed, len(refs), "codes", false)
}

// lookIntoAll returns the codes, in the order of the refs, and what went wrong.
func (s *session) lookIntoAll(ctx context.Context, refs []activation.Ref) (codes []inFull, failed []error) {
	advance, done := s.advances("looked up", len(refs))
	defer done()
	var left []error
	for code := range fleet.InOrder(refs, func(ref activation.Ref) inFull { return s.lookInto(ctx, ref) }) {
		advance()
		switch {
		case untried(code.Err):
			left = append(left, code.Err)
		case code.Err != nil:
			failed = append(failed, code.Err)
		default:
			codes = append(codes, code)
		}
		if code.unread != nil && !denied(code.unread) {
			failed = append(failed, code.unread)
		}
	}
	s.mentionUntried(len(left), len(refs))
	return codes, append(failed, left[:min(len(left), 1)]...) // the first stands for all
}

// inFull is a code with its machines, or with the reason why they could not be read.
type inFull struct {
	fleet.Result
	machines []activation.Machine
	unread   error
}

// lookInto asks for a code and its machines. A code that nobody has used has none.
func (s *session) lookInto(ctx context.Context, ref activation.Ref) inFull {
	code := inFull{Result: fleet.LookUp(ctx, s.service, s.op, ref), machines: []activation.Machine{}}
	if code.Err == nil && code.Code.RegisteredCount > 0 {
		code.machines, code.unread = activation.Machines(ctx, s.service, ref)
	}
	return code
}

// denied says whether a policy, and nothing that goes by, is in the way.
func denied(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && (strings.HasPrefix(known.Code, "Forbidden") || strings.HasPrefix(known.Code, "NoPermission"))
}
