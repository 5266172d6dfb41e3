package cli

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"slices"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// recover delivers the code that a create has created but not delivered. Package issuance has its rules.

type recoverOptions struct {
	all, last     bool
	discard, save string
	sameAccount   bool
	machine       bootstrap.Machine
	invoke.ColumnOptions
}

const recoverHelp = `Deliver the code of a create again: of one whose response or output was lost, or of one that was delivered
and has not expired. Without arguments list these creates, the oldest first. The state is uncertain (no
response), undelivered, delivered, or running if another process works on it.

recover sends the create again with the same client token. The service then returns the same code and
creates no second one. recover prints the code in the same formats as create. -o csv is for the list of creates.`

const recoverExample = `  ecs-activation recover
  ecs-activation recover MKWLRKT2BG7AVEV2ZJSL2YOZTC
  ecs-activation recover --last -q
  ecs-activation recover --last -o sh --machine-name web-07
  ecs-activation recover --discard MKWLRKT2BG7AVEV2ZJSL2YOZTC`

func newRecoverCmd(p *invoke.Program) *cobra.Command {
	var o recoverOptions
	cmd := &cobra.Command{
		Use:     "recover [TOKEN] [flags]",
		Short:   "Deliver the code of an earlier create again",
		Long:    recoverHelp,
		Example: recoverExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return p.Run(cmd, func(s *invoke.Invocation) error { return runRecover(s, o, args) })
		},
		ValidArgsFunction: p.Lookup().Tokens(),
	}
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, "recover all undelivered codes")
	f.BoolVar(&o.last, "last", false, "deliver the latest code again, even if it was delivered before")
	f.StringVar(&o.discard, "discard", "", "delete the record with this `token`; its code can then no longer be recovered")
	f.StringVar(&o.save, "save", "", "write the code to this new `file` instead of the recorded one")
	f.BoolVar(&o.sameAccount, "same-account", false, "replay with the current identity (must belong to the same account)")
	complete.Flag(cmd, "discard", p.Lookup().Tokens())
	complete.Flag(cmd, "save", complete.Files)
	issue.AddMachineFlags(cmd, &o.machine)
	issue.DeliveryFormats(cmd, view.FormatCSV)
	o.Add(cmd, view.RecordColumns())
	cmdline.Main(cmd, "all", "last", "discard", "save", "output")
	return cmd
}

func runRecover(s *invoke.Invocation, o recoverOptions, args []string) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(true)
	issue.SetScript(s, machine)
	if err := o.check(s, args); err != nil {
		return err
	}
	if err := cmdline.Invalid(s.Op, wrong); err != nil {
		return err
	}
	ctx, stop := s.WithTimeout()
	defer stop()
	r := &recovery{s: s, options: o, machine: machine, issuer: issue.NewIssuer(s)}
	if r.issuer.Store == nil {
		return r.issuer.NoStore
	}
	records, failed := r.issuer.Store.List(ctx)
	for _, err := range failed {
		issue.Note(s, issuance.RecordUnreadable{Err: err})
	}
	ours, others := issuance.SplitBySandbox(records, s.Sandbox())
	defer r.mentionOthers(others)
	switch {
	case o.discard != "":
		return r.one(ours, o.discard, func(found issuance.Record) error { return r.giveUp(ctx, found) })
	case len(args) == 1:
		return r.one(ours, args[0], func(found issuance.Record) error { return r.replay(ctx, found) })
	case o.last:
		found, err := issuance.Last(ours)
		if err != nil {
			return cmp.Or(unreadable(failed), issue.Describe(s).Issuance(err))
		}
		return cmp.Or(r.replay(ctx, found), unreadable(failed))
	case o.all:
		return cmp.Or(r.all(ctx, ours, len(failed) > 0), unreadable(failed))
	}
	return cmp.Or(printRecords(s, ours, len(failed) > 0), unreadable(failed))
}

// check returns an error if the arguments and flags contradict each other.
func (o recoverOptions) check(s *invoke.Invocation, args []string) error {
	if len(args) > 1 {
		return cmdline.Usage(s.Op, "only one TOKEN can be given", "--all recovers all undelivered codes")
	}
	ways := len(args)
	for _, way := range []bool{o.all, o.last, o.discard != ""} {
		if way {
			ways++
		}
	}
	if ways > 1 {
		return cmdline.Usage(s.Op, "TOKEN, --all, --last and --discard TOKEN cannot be combined", "see:  ecs-activation recover --help")
	}
	if o.save != "" && (o.all || o.discard != "" || ways == 0) {
		return cmdline.Usage(s.Op, "--save requires a single code", "give its TOKEN, or --last")
	}
	if s.Printer.HoldsCode() && (o.all || o.discard != "" || ways == 0) {
		return cmdline.Wrong(s.Op, activation.Textf("-o %s requires a single code", s.Printer.Format)).Advise("give its TOKEN, or --last")
	}
	if err := o.checkForm(s, ways > 0); err != nil {
		return err
	}
	if o.save == "" && o.discard == "" && ways > 0 {
		if err := issue.Printable(s); err != nil {
			return err
		}
	}
	return issue.MayPrintCode(s, o.save)
}

// checkForm returns an error if codes cannot be printed in the form that the flags describe. The results of
// --all are printed one by one, so that each code is delivered before the next create is sent, and an expression
// cannot have all of them.
func (o recoverOptions) checkForm(s *invoke.Invocation, codes bool) error {
	switch {
	case o.all && s.Printer.Select != nil && s.Printer.Document():
		return cmdline.Wrong(s.Op, &message.NeedsFormat{Flag: "--jq with --all", Formats: []string{ui.FormatJSONLines}}).Advise("add -o jsonl")
	case codes && s.Printer.Format == view.FormatCSV:
		return cmdline.Wrong(s.Op, &message.OnlyForRecords{Flag: "-o csv"})
	case codes && (s.Cmd.Flags().Changed("columns") || s.Cmd.Flags().Changed("no-headers")):
		return cmdline.Wrong(s.Op, &message.OnlyForRecords{Flag: "--columns or --no-headers"})
	}
	return o.Apply(s, view.RecordColumns())
}

// printRecords prints the records, or a message if there are none. unread reports that some could not be
// read.
func printRecords(s *invoke.Invocation, records []issuance.Record, unread bool) error {
	if len(records) == 0 && !unread && !ui.ForPrograms(s.Printer.Format) {
		s.Notef("nothing to recover")
	}
	ofBatch := func(r issuance.Record) bool { return r.Batch != "" && r.Unfinished() }
	if slices.ContainsFunc(records, ofBatch) && !ui.ForPrograms(s.Printer.Format) {
		s.Notef("%s", message.BatchRecords(s.Program.Language, s.Line))
	}
	return view.PrintRecords(s.Printer, records, s.Now())
}

// recovery is one run of recover.
type recovery struct {
	s       *invoke.Invocation
	options recoverOptions
	machine bootstrap.Registration
	issuer  *issuance.Issuer

	outFailed bool // standard output cannot be written
}

// one calls do with the record of a token.
func (r *recovery) one(records []issuance.Record, token string, do func(issuance.Record) error) error {
	found, err := issuance.FindByToken(records, token)
	if err != nil {
		return issue.Describe(r.s).Issuance(err)
	}
	return do(found)
}

// giveUp deletes a record.
func (r *recovery) giveUp(ctx context.Context, record issuance.Record) error {
	if err := r.issuer.Discard(ctx, record); err != nil {
		return issue.Describe(r.s).Issuance(err)
	}
	token := ui.Clean(record.Request.ClientToken)
	return r.s.Printer.Line(r.s.Program.Language.Text("discarded %s (if it created a code, that code can no longer be retrieved)", token))
}

// replay delivers the code of one record.
func (r *recovery) replay(ctx context.Context, record issuance.Record) error {
	options := issuance.Options{Save: r.options.save, SameAccount: r.options.sameAccount}
	if err := issue.MayPrintCode(r.s, options.File(record)); err != nil {
		return err
	}
	issued, err := r.issuer.Replay(ctx, record, issue.Dial(r.s), options)
	if err != nil {
		r.outFailed = errors.As(err, new(*fs.PathError)) && !errors.As(err, new(*issuance.NotSaved))
		c := issue.Describe(r.s)
		c.Replays = true
		return c.Issuance(err)
	}
	invoke.MentionClock(r.s, issued.Answer)
	issue.Explain(r.s, issued, r.machine)
	return nil
}

// all delivers every code that was not delivered. The output for programs is one sequence. Each code is
// written before the next create is sent. If standard output cannot be written, the other creates are not
// tried, because their codes could not be printed either.
func (r *recovery) all(ctx context.Context, records []issuance.Record, unread bool) error {
	var failed []error
	total, untried := 0, 0
	r.s.Printer.Begin()
	for _, record := range records {
		switch {
		case !record.Unfinished():
		case r.outFailed:
			untried++
		default:
			total++
			if err := r.replay(ctx, record); err != nil {
				failed = append(failed, err)
			}
		}
	}
	invoke.MentionUntried(r.s, untried, total+untried)
	if total == 0 && !unread {
		r.s.Notef("nothing to recover")
	}
	ended := r.s.Printer.End()
	return cmp.Or(message.Partial(r.s.Op, failed, total, "creates", false), ended) // if a code could not be written, its error has the more useful hint
}

// mentionOthers prints a note about the records that recover ignores: those of the sandbox without
// --sandbox, and those of the real service with it.
func (r *recovery) mentionOthers(others []issuance.Record) {
	if n := issuance.CountUnfinished(others); n > 0 {
		r.s.Note(issue.Describe(r.s).Others(n, !r.s.Sandbox()))
	}
}

// unreadable returns an error if records could not be read, because they may be about more codes.
func unreadable(failed []error) error {
	if len(failed) == 0 {
		return nil
	}
	if len(failed) == 1 {
		return activation.Textf("1 record could not be read; there may be more codes to recover")
	}
	return activation.Textf("%s records could not be read; there may be more codes to recover", ui.Number(len(failed)))
}
