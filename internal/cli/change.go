package cli

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// disable and delete are similar: they change the codes whose IDs are given. They ask for confirmation,
// try every ID, and report the result of each in the order of the IDs. They report success only if the
// service confirmed it.

const disableHelp = `Stop new registrations with a code permanently: a disabled code cannot be enabled again.

Machines that have registered stay registered. Disabling a disabled code succeeds.` + invoke.TargetsHelp

const disableExample = `  ecs-activation disable 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation disable --yes cn-beijing/4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation list -q --tag env=test | ecs-activation disable --yes -`

func newDisableCmd(p *invoke.Program) *cobra.Command {
	kind := change{
		Action: fleet.Disable(), done: view.Disabled, question: "A disabled code cannot be enabled again. Continue?", means: "cannot be enabled again",
		suits: func(a activation.Activation, _ time.Time) bool { return !a.Disabled },
	}
	return newChangeCmd(p, kind, &cobra.Command{
		Use:     "disable ID... | -",
		Short:   "Stop new registrations permanently",
		Long:    disableHelp,
		Example: disableExample,
	})
}

const deleteHelp = `Remove codes that no machine has registered with. A used code can only be disabled.` + invoke.TargetsHelp

const deleteExample = `  ecs-activation delete 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation delete --dry-run 4ECEEE12-56F1-4FBC-9AB1-890F12345678
  ecs-activation list -q --status expired | ecs-activation delete --yes -
  ecs-activation list --unused -o jsonl | ecs-activation delete --dry-run -`

func newDeleteCmd(p *invoke.Program) *cobra.Command {
	kind := change{
		Action: fleet.Delete(), done: view.Deleted, question: deleteQuestion, means: deleteMeans,
		suits: func(a activation.Activation, _ time.Time) bool { return a.RegisteredCount == 0 },
	}
	return newChangeCmd(p, kind, &cobra.Command{
		Use:     "delete ID... | -",
		Aliases: []string{"rm"},
		Short:   "Remove codes that were never used",
		Long:    deleteHelp,
		Example: deleteExample,
	})
}

// change describes what differs between the two commands.
type change struct {
	fleet.Action
	done     string         // the result: "disabled"; in JSON as well
	question string         // the confirmation prompt
	means    string         // the consequence, which is printed with the result
	suits    complete.Suits // the codes that completion offers
}

// The question before codes are deleted, and the consequence that is printed after it.
const (
	deleteQuestion = "A deleted code cannot be restored. Continue?"
	deleteMeans    = "cannot be undone"
)

// nothingChanged begins the output of a dry run.
const nothingChanged = "dry run: nothing will be changed"

type changeOptions struct {
	yes, dryRun, ignoreMissing bool
	several                    bool // print IDs with their regions, even if all are in one region
}

// newChangeCmd returns cmd with the flags and the run function of a change.
func newChangeCmd(p *invoke.Program, c change, cmd *cobra.Command) *cobra.Command {
	var o changeOptions
	cmd.ValidArgsFunction = p.Lookup().IDs(0, c.suits)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return p.Run(cmd, func(s *invoke.Invocation) error { return runChange(s, c, o, args) })
	}
	f := cmd.Flags()
	f.BoolVarP(&o.yes, "yes", "y", false, "skip the confirmation prompt")
	f.BoolVar(&o.dryRun, "dry-run", false, "show what would be done without changing anything")
	invoke.CodeFormats(cmd)
	f.BoolVar(&o.ignoreMissing, "ignore-missing", false, "treat codes that do not exist as success")
	return cmd
}

func runChange(s *invoke.Invocation, c change, o changeOptions, args []string) error {
	s.KeepPipes()
	refs, err := invoke.TargetsOf(s, args)
	if err != nil {
		return err
	}
	if err := mayChange(s, o, args); err != nil {
		return err
	}
	conn, err := invoke.Connect(s)
	if err != nil {
		return err
	}
	if !o.yes && !o.dryRun {
		ctx, stop := s.WithTimeout()
		first := slices.Collect(fleet.LookUpAll(ctx, conn, c.Op, refs[:min(len(refs), shown)]))
		stop()
		if err := confirm(s, conn, c, len(refs), first); err != nil {
			return err
		}
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	if o.dryRun {
		s.Notef(nothingChanged)
	}
	return printResults(s, c, o, refs, c.Change(ctx, conn, refs))
}

// mayChange returns an error if the change needs a confirmation and the command cannot ask for it.
func mayChange(s *invoke.Invocation, o changeOptions, args []string) error {
	fromInput := slices.Contains(args, "-")
	if o.yes || o.dryRun || s.IO.CanAsk() && !fromInput && !s.Settings.Bool("no-input") {
		return nil
	}
	return &activation.Error{Kind: activation.KindUsage, Op: s.Op + " without confirmation", Err: errors.New("not running interactively"),
		Hint: "give --yes to skip the confirmation, or --dry-run to see what would be done"}
}

// shown is the maximum number of codes that a question shows.
const shown = 20

// confirm shows the first of the codes that would be changed and asks for confirmation. It returns an
// error if the user does not confirm.
func confirm(s *invoke.Invocation, conn *invoke.Connection, c change, total int, first []fleet.Result) error {
	var lines []string
	for _, found := range first {
		lines = append(lines, view.TargetLine(s.Printer.Err, found, s.TimeOf(found.Answer), s.Program.Describe(s.Cmd).Cause))
	}
	if more := total - len(lines); more > 0 {
		lines = append(lines, s.Program.Language.Text("  and %d more", more))
	}
	s.Note(s.Program.Describe(s.Cmd).Changes(c.Op, total, ui.Clean(conn.Identity.Source)) + "\n" + strings.Join(lines, "\n"))
	confirmed, err := s.IO.Confirm(s.Context, s.Program.Language.Find(c.question))
	if err == nil && !confirmed {
		err = &activation.Error{Kind: activation.KindOther, Op: c.Op, Err: errors.New("not confirmed; nothing was changed")}
	}
	return err
}
