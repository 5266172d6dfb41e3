package cli

import (
	"cmp"
	"context"
	"slices"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cli/complete"
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
	columnOptions
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

func newRecoverCmd(a *App) *cobra.Command {
	var o recoverOptions
	cmd := &cobra.Command{
		Use:     "recover [TOKEN] [flags]",
		Short:   "Deliver the code of an earlier create again",
		Long:    recoverHelp,
		Example: recoverExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd, func(s *invocation) error { return runRecover(s, o, args) })
		},
		ValidArgsFunction: a.lookup().Tokens(),
	}
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, "recover all undelivered codes")
	f.BoolVar(&o.last, "last", false, "deliver the latest code again, even if it was delivered before")
	f.StringVar(&o.discard, "discard", "", "delete the record with this `token`; its code can then no longer be recovered")
	f.StringVar(&o.save, "save", "", "write the code to this new `file` instead of the recorded one")
	f.BoolVar(&o.sameAccount, "same-account", false, "replay with the current identity (must belong to the same account)")
	complete.Flag(cmd, "discard", a.lookup().Tokens())
	complete.Flag(cmd, "save", complete.Files)
	addMachineFlags(cmd, &o.machine)
	deliveryFormats(cmd, view.FormatCSV)
	o.add(cmd, view.RecordColumns())
	cmdline.Main(cmd, "all", "last", "discard", "save", "output")
	return cmd
}

func runRecover(s *invocation, o recoverOptions, args []string) error {
	s.KeepPipes()
	machine, wrong := o.machine.Registration(true)
	s.prints(machine)
	if err := o.check(s, args); err != nil {
		return err
	}
	if err := cmdline.Invalid(s.op, wrong); err != nil {
		return err
	}
	ctx, stop := s.withTimeout()
	defer stop()
	r := &recovery{s, o, machine, newIssuer(s)}
	if r.issuer.Store == nil {
		return r.issuer.NoStore
	}
	records, failed := r.issuer.Store.List(ctx)
	for _, err := range failed {
		note(s, issuance.RecordUnreadable{Err: err})
	}
	ours, others := issuance.SplitBySandbox(records, s.sandbox())
	defer r.mentionOthers(others)
	switch {
	case o.discard != "":
		return r.one(ours, o.discard, func(found issuance.Record) error { return r.giveUp(ctx, found) })
	case len(args) == 1:
		return r.one(ours, args[0], func(found issuance.Record) error { return r.replay(ctx, found) })
	case o.last:
		found, err := issuance.Last(ours)
		if err != nil {
			return cmp.Or(unreadable(failed), describe(s).Issuance(err))
		}
		return cmp.Or(r.replay(ctx, found), unreadable(failed))
	case o.all:
		return cmp.Or(r.all(ctx, ours, len(failed) > 0), unreadable(failed))
	}
	return cmp.Or(printRecords(s, ours, len(failed) > 0), unreadable(failed))
}

// check returns an error if the arguments and flags contradict each other.
func (o recoverOptions) check(s *invocation, args []string) error {
	ways := len(args)
	for _, way := range []bool{o.all, o.last, o.discard != ""} {
		if way {
			ways++
		}
	}
	if ways > 1 {
		return cmdline.Usage(s.op, "TOKEN, --all, --last and --discard TOKEN cannot be combined", "see:  ecs-activation recover --help")
	}
	if o.save != "" && (o.all || o.discard != "" || ways == 0) {
		return cmdline.Usage(s.op, "--save requires a single code", "give its TOKEN, or --last")
	}
	if s.printer.HoldsCode() && (o.all || o.discard != "" || ways == 0) {
		return cmdline.Wrong(s.op, activation.Textf("-o %s requires a single code", s.printer.Format)).Advise("give its TOKEN, or --last")
	}
	if err := o.checkForm(s, ways > 0); err != nil {
		return err
	}
	return mayPrintCode(s, o.save)
}

// checkForm returns an error if codes cannot be printed in the form that the flags describe. The results of
// --all are printed one by one, so that each code is delivered before the next create is sent, and an expression
// cannot have all of them.
func (o recoverOptions) checkForm(s *invocation, codes bool) error {
	switch {
	case o.all && s.printer.Select != nil && s.printer.Document():
		return cmdline.Wrong(s.op, &message.NeedsFormat{Flag: "--jq with --all", Formats: []string{ui.FormatJSONLines}}).Advise("add -o jsonl")
	case codes && s.printer.Format == view.FormatCSV:
		return cmdline.Wrong(s.op, &message.OnlyForRecords{Flag: "-o csv"})
	case codes && (s.cmd.Flags().Changed("columns") || s.cmd.Flags().Changed("no-headers")):
		return cmdline.Wrong(s.op, &message.OnlyForRecords{Flag: "--columns or --no-headers"})
	}
	return o.apply(s, view.RecordColumns())
}

// printRecords prints the records, or a message if there are none. unread reports that some could not be
// read.
func printRecords(s *invocation, records []issuance.Record, unread bool) error {
	if len(records) == 0 && !unread && !ui.ForPrograms(s.printer.Format) {
		s.notef("nothing to recover")
	}
	ofBatch := func(r issuance.Record) bool { return r.Batch != "" && r.Unfinished() }
	if slices.ContainsFunc(records, ofBatch) && !ui.ForPrograms(s.printer.Format) {
		s.notef("%s", message.BatchRecords(s.app.Language, s.line))
	}
	return view.PrintRecords(s.printer, records, s.Now())
}

// recovery is one run of recover.
type recovery struct {
	s       *invocation
	options recoverOptions
	machine bootstrap.Registration
	issuer  *issuance.Issuer
}

// one calls do with the record of a token.
func (r *recovery) one(records []issuance.Record, token string, do func(issuance.Record) error) error {
	found, err := issuance.FindByToken(records, token)
	if err != nil {
		return describe(r.s).Issuance(err)
	}
	return do(found)
}

// giveUp deletes a record.
func (r *recovery) giveUp(ctx context.Context, record issuance.Record) error {
	if err := r.issuer.Discard(ctx, record); err != nil {
		return describe(r.s).Issuance(err)
	}
	token := ui.Clean(record.Request.ClientToken)
	return r.s.printer.Line(r.s.app.Language.Text("discarded %s (if it created a code, that code can no longer be retrieved)", token))
}

// replay delivers the code of one record.
func (r *recovery) replay(ctx context.Context, record issuance.Record) error {
	options := issuance.Options{Save: r.options.save, SameAccount: r.options.sameAccount}
	if err := mayPrintCode(r.s, options.File(record)); err != nil {
		return err
	}
	issued, err := r.issuer.Replay(ctx, record, dial(r.s), options)
	if err != nil {
		c := describe(r.s)
		c.Replays = true
		return c.Issuance(err)
	}
	mentionClock(r.s, issued.Answer)
	explain(r.s, issued, r.machine)
	return nil
}

// all delivers every code that was not delivered. The output for programs is one sequence. Each code is
// written before the next create is sent.
func (r *recovery) all(ctx context.Context, records []issuance.Record, unread bool) error {
	var failed []error
	total := 0
	r.s.printer.Begin()
	for _, record := range records {
		if record.Unfinished() {
			total++
			if err := r.replay(ctx, record); err != nil {
				failed = append(failed, err)
			}
		}
	}
	if total == 0 && !unread {
		r.s.notef("nothing to recover")
	}
	ended := r.s.printer.End()
	return cmp.Or(message.Partial(r.s.op, failed, total, "creates", false), ended) // if a code could not be written, its error has the more useful hint
}

// mentionOthers prints a note about the records that recover ignores: those of the sandbox without
// --sandbox, and those of the real service with it.
func (r *recovery) mentionOthers(others []issuance.Record) {
	if n := issuance.CountUnfinished(others); n > 0 {
		r.s.note(describe(r.s).Others(n, !r.s.sandbox()))
	}
}
