package cli

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/view"
)

// show prints everything that is known about codes: the fields, how many machines can still register and
// until when, which machines have registered, and what users can do next. It looks up each ID, even if it
// cannot find others. Without the permission to read machines it still prints the code.

const showHelp = `Show all fields of codes, how many machines can still register, and which machines have registered.

-o json prints an array in the order of the IDs, without the codes that could not be read. -o csv prints
the columns of list -o csv. Without the permission ecs:DescribeManagedInstances the codes are shown without
their machines (null in JSON).` + invoke.TargetsHelp

const showExample = `  ecs-activation show 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation show cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678 -o wide
  ecs-activation list -q --status active | ecs-activation show -
  ecs-activation show "$ID" -o json | jq '.[].Machines[] | select(.Connected)'`

func newShowCmd(p *invoke.Program) *cobra.Command {
	cmd := &cobra.Command{
		Use:               "show ID... | -",
		Short:             "Show codes and the machines that registered with them",
		Long:              showHelp,
		Example:           showExample,
		ValidArgsFunction: p.Lookup().IDs(0, complete.AnyCode),
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runShow(s, args) })
		},
	}
	invoke.CodeFormats(cmd)
	return cmd
}

func runShow(s *invoke.Invocation, args []string) error {
	refs, err := invoke.TargetsOf(s, args)
	if err != nil {
		return err
	}
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	codes, failed := inspectAll(ctx, s, conn, refs)
	if err := printInFull(s, codes, needRegions(s, refs)); err != nil {
		return err
	}
	return message.Partial(s.Op, failed, len(refs), "codes", false)
}

// needRegions reports whether a command to which the IDs of the refs are piped needs their regions: a flag has
// set the region, or the region of an ID is not that of the settings.
func needRegions(s *invoke.Invocation, refs []activation.Ref) bool {
	region := s.Settings.Text("region")
	return invoke.Given(s, "region") || slices.ContainsFunc(refs, func(r activation.Ref) bool { return r.RegionId != region })
}

// inspectAll returns the codes in the order of the refs, and the errors.
func inspectAll(ctx context.Context, s *invoke.Invocation, conn *invoke.Connection, refs []activation.Ref) (codes []fleet.Inspected, failed []error) {
	advance, done := view.CountProgress(s.IO, "looked up %s of %s", len(refs))
	defer done()
	var untriedErrs []error
	for code := range fleet.Inspect(ctx, conn, s.Op, refs) {
		advance()
		switch {
		case fleet.Untried(code.Err):
			untriedErrs = append(untriedErrs, code.Err)
		case code.Err != nil:
			failed = append(failed, code.Err)
		default:
			codes = append(codes, code)
		}
		if code.MachinesErr != nil && !denied(code.MachinesErr) {
			failed = append(failed, code.MachinesErr)
		}
	}
	invoke.MentionUntried(s, len(untriedErrs), len(refs))
	return codes, append(failed, untriedErrs[:min(len(untriedErrs), 1)]...) // one is enough
}

// denied reports whether the reason of an error is a missing permission, not a temporary failure.
func denied(err error) bool {
	var known *activation.Error
	return errors.As(err, &known) && (strings.HasPrefix(known.Code, "Forbidden") || strings.HasPrefix(known.Code, "NoPermission"))
}

// printInFull prints the codes as they are at the time of the service. After a single code it prints what
// the user can do next.
func printInFull(s *invoke.Invocation, codes []fleet.Inspected, several bool) error {
	views := make([]view.Detailed, len(codes))
	for i, c := range codes {
		if i == 0 {
			invoke.MentionClock(s, c.Answer)
		}
		views[i] = view.NewDetailed(c.Code, c.Machines, s.Program.Problem(s.Cmd, c.MachinesErr), s.TimeOf(c.Answer))
	}
	if err := view.PrintDetails(s.Printer, views, several); err != nil {
		return err
	}
	if len(views) == 1 && s.Printer.ForPeople() {
		suggest(s, views[0])
	}
	return nil
}

// suggest prints on a terminal what the user can do with a code.
func suggest(s *invoke.Invocation, v view.Detailed) {
	if !s.Printer.Err.Terminal {
		return
	}
	shown := message.Shown{Ref: v.Ref(), Status: v.Status, Registered: v.RegisteredCount}
	if record, known := issue.RecordOf(s, v.ActivationId); known {
		shown.Token = record.Request.ClientToken
		if holds(record.Save, v.ActivationId) {
			shown.File = record.Save
		}
	}
	if lines := s.Program.Describe(s.Cmd).Next(shown); len(lines) > 0 {
		s.PrintSteps(lines)
	}
}

// holds reports whether a file still contains a code. The user may have moved or replaced the file.
func holds(file, activationID string) bool {
	saved, err := codefile.Read(disk.OS{}, file)
	return err == nil && saved.ActivationId == activationID
}
