package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// disable and delete are one kind of command: they change codes that are named by their IDs,
// for ever. They promise to ask before, to try every ID, to report each in the order given,
// and to call nothing done that the service did not confirm.

// change is what differs between the two.
type change struct {
	fleet.Action
	done     string // "disabled", also the word in JSON
	question string // the confirmation prompt
	means    string // what the result says of a changed code
	suits    suits  // the codes that are offered for it
}

// What is said before and after codes are deleted.
const (
	deleteQuestion = "A deleted code cannot be restored. Continue?"
	deleteMeans    = "cannot be undone"
)

// nothingChanged begins the output of a dry run.
const nothingChanged = "dry run: nothing will be changed"

type changeOptions struct {
	yes, dryRun, ignoreMissing bool
	several                    bool // IDs are told with their regions, even if all are in one
}

// newChangeCmd completes the command of a kind of change.
func newChangeCmd(a *App, c change, cmd *cobra.Command) *cobra.Command {
	var o changeOptions
	cmd.ValidArgsFunction = a.codeIDs(0, c.suits)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.run(cmd, func(s *session) error { return runChange(s, c, o, args) })
	}
	f := cmd.Flags()
	f.BoolVarP(&o.yes, "yes", "y", false, "skip the confirmation prompt")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be done without changing anything")
	f.BoolVar(&o.ignoreMissing, "ignore-missing", false, "treat codes that do not exist as success")
	return cmd
}

func runChange(s *session, c change, o changeOptions, args []string) error {
	s.KeepPipes()
	refs, err := s.targets(args)
	if err != nil {
		return err
	}
	if err := s.mayChange(c, o, args); err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	if !o.yes && !o.dryRun {
		first := refs[:min(len(refs), shown)]
		if err := s.agree(c, len(refs), func(ctx context.Context) iter.Seq[fleet.Result] { return fleet.LookUpAll(ctx, s.service, c.Op, first) }); err != nil {
			return err
		}
	}
	ctx, stop := s.limited()
	defer stop()
	if o.dryRun {
		s.say(nothingChanged)
		return s.printResults(c, o, refs, c.Preview(ctx, s.service, refs))
	}
	return s.printResults(c, o, refs, c.Change(ctx, s.service, refs))
}

// mayChange refuses a change that needs a confirmation where no question can be asked.
func (s *session) mayChange(c change, o changeOptions, args []string) error {
	fromInput := slices.Contains(args, "-")
	if o.yes || o.dryRun || s.IO.CanAsk() && !fromInput && !s.settings.Bool("no-input") {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: s.op + " without confirmation", Err: errors.New("not running interactively"),
		Hint: "add --yes to skip the confirmation, or --dry-run to see what would be done"}
}

// shown is the most codes that a question shows.
const shown = 20

// agree shows the first of the codes that would be changed and asks. Its error says that the
// user declined.
func (s *session) agree(c change, total int, look func(context.Context) iter.Seq[fleet.Result]) error {
	ctx, stop := s.limited()
	var lines []string
	for found := range look(ctx) {
		lines = append(lines, s.targetLine(found))
	}
	stop()
	if more := total - len(lines); more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more", more))
	}
	s.say("%s %s, signed by %s:\n%s", c.Op, ui.Count(total, "code"), ui.Clean(s.identity.Source), strings.Join(lines, "\n"))
	agreed, err := s.IO.Confirm(s.ctx, c.question)
	if err == nil && !agreed {
		err = &activation.Error{Kind: activation.KindOther, Op: c.Op, Err: errors.New("not confirmed, and nothing was changed")}
	}
	return err
}

// targetLine tells what one code is before it is changed.
func (s *session) targetLine(r fleet.Result) string {
	line := "  " + ui.Clean(r.Ref.String())
	if r.Err != nil {
		return line + "  (" + ui.Clean(s.causeOf(r.Err)) + ")"
	}
	status := r.Code.Status(s.now(r.Answer))
	return fmt.Sprintf("%s  %s  %s  %s uses", line, ui.Clean(r.Code.InstanceName), view.StatusText(s.printer.Err, status), view.UsesText(r.Code))
}
