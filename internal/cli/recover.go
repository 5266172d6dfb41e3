package cli

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/disk"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// recover promises the very code that a create made and did not hand over: it sends the same
// request with the same token again, as the same identity, to the same place, and delivers as
// create would have. Nothing it meets removes a record but a delivery and --discard.

type recoverOptions struct {
	all, last     bool
	discard, save string
	sameAccount   bool
	machine       machineOptions
}

const recoverHelp = `Finish creates whose answer or output was lost. Without arguments it lists them.

A create that is sent again with its token brings the same code, so nothing is made twice.
It prints the code in the same formats.`

const recoverExample = `  ecs-activation recover
  ecs-activation recover MKWLRKT2BG7AVEV2ZJSL2YOZTC
  ecs-activation recover --last -q
  ecs-activation recover --last -o sh --machine-name web-07
  ecs-activation recover --discard MKWLRKT2BG7AVEV2ZJSL2YOZTC`

func newRecoverCmd(a *App) *cobra.Command {
	var o recoverOptions
	cmd := &cobra.Command{
		Use:     "recover [TOKEN] [flags]",
		Short:   "Finish creates whose answer or output was lost",
		Long:    recoverHelp,
		Example: recoverExample,
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.run(cmd, func(s *session) error { return runRecover(s, o, args) })
		},
		ValidArgsFunction: a.discover(tokens),
	}
	f := cmd.Flags()
	f.BoolVar(&o.all, "all", false, "finish every one that was not delivered")
	f.BoolVar(&o.last, "last", false, "deliver the latest one again, also if it was delivered")
	f.StringVar(&o.discard, "discard", "", "give up the create with this `token`: forget its record")
	f.StringVar(&o.save, "save", "", "write the code to this new `file` instead of the recorded one")
	f.BoolVar(&o.sameAccount, "same-account", false, "send it as today's identity, which you know to be of the same account")
	offerBy(cmd, "discard", a.discover(tokens))
	offerBy(cmd, "save", files)
	o.machine.addFlags(cmd)
	deliveryFormats(cmd)
	return cmd
}

func runRecover(s *session, o recoverOptions, args []string) error {
	s.KeepPipes()
	if err := o.check(s, args); err != nil {
		return err
	}
	machine, wrong := o.machine.read(true)
	if err := invalid(s.op, wrong); err != nil {
		return err
	}
	s.machine = machine
	store, err := s.records()
	if err != nil {
		return err
	}
	records, damaged := store.List()
	for _, err := range damaged {
		s.say("note: %s", ui.Clean(err.Error()))
	}
	switch {
	case o.discard != "":
		return s.discard(store, records, o.discard)
	case o.last:
		return s.recoverLast(store, records, o)
	case o.all:
		return s.recoverAll(store, records, o)
	case len(args) == 1:
		record, err := find(s.op, records, args[0])
		if err != nil {
			return err
		}
		return s.replay(store, record, o, nil)
	}
	return s.printRecords(records)
}

func (o recoverOptions) check(s *session, args []string) error {
	ways := len(args)
	for _, way := range []bool{o.all, o.last, o.discard != ""} {
		if way {
			ways++
		}
	}
	if ways > 1 {
		return usageError(s.op, "it takes one of TOKEN, --all, --last and --discard TOKEN", "see: ecs-activation recover --help")
	}
	if o.save != "" && (o.all || o.discard != "" || ways == 0) {
		return usageError(s.op, "--save is for one code", "name its TOKEN, or --last")
	}
	if holdsCode(s.output) && (o.all || o.discard != "" || ways == 0) {
		return usageError(s.op, "-o "+s.output+" is for one code", "name its TOKEN, or --last")
	}
	return s.mayPrintCode(o.save)
}

// find returns the record of a token, or of the only token that begins so.
func find(op string, records []pending.Record, token string) (pending.Record, error) {
	token = strings.TrimSuffix(token, "…") // as a narrow terminal shows it
	var matches []pending.Record
	for _, r := range records {
		if r.Request.ClientToken == token {
			return r, nil
		}
		if len(token) >= 4 && strings.HasPrefix(r.Request.ClientToken, token) {
			matches = append(matches, r)
		}
	}
	if len(matches) == 1 {
		return matches[0], nil
	}
	return pending.Record{}, &activation.Error{
		Kind: activation.KindNotFound, Op: op,
		Err: fmt.Errorf("there is no record of the token %q", token), Hint: "see the records with: ecs-activation recover",
	}
}

func (s *session) discard(store *pending.Store, records []pending.Record, token string) error {
	record, err := find(s.op, records, token)
	if err != nil {
		return err
	}
	entry, err := store.Take(record.Request.ClientToken)
	if err != nil {
		return s.notTaken(err)
	}
	if entry.Save != "" {
		err = codefile.RemoveTemporary(disk.OS{}, entry.Save, entry.Request.ClientToken)
	}
	if err == nil {
		err = entry.Remove()
	}
	if err := errors.Join(err, entry.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(s.IO.Out, "discarded %s (a code that it made can no longer be got)\n", record.Request.ClientToken)
	return err
}

func (s *session) recoverLast(store *pending.Store, records []pending.Record, o recoverOptions) error {
	for _, record := range slices.Backward(records) {
		if record.State != pending.Running {
			return s.replay(store, record, o, nil)
		}
	}
	return &activation.Error{Kind: activation.KindNotFound, Op: s.op, Err: errors.New("there are no records of creates"), Hint: "records go when their code has expired"}
}

// recoverAll finishes every create that was not delivered. What programs read is one sequence,
// written as it goes: each code is handed over before the next create is sent.
func (s *session) recoverAll(store *pending.Store, records []pending.Record, o recoverOptions) error {
	var failed []error
	total := 0
	sequence := ui.NewSequence(s.IO.Out, s.output)
	for _, record := range records {
		if record.State == pending.Uncertain || record.State == pending.Undelivered {
			total++
			if err := s.replay(store, record, o, sequence); err != nil {
				failed = append(failed, err)
			}
		}
	}
	if total == 0 {
		s.say("nothing to recover")
	}
	err := batch(s.op, failed, total, "creates", false)
	if s.forPrograms() {
		err = cmp.Or(err, sequence.End()) // a code that was not written has the better hint
	}
	return err
}

// replay sends a create once more as it was, in a session with the account and the endpoint of
// its record, and delivers its code: to the recorded file, or to another one.
func (s *session) replay(store *pending.Store, record pending.Record, o recoverOptions, sequence *ui.Sequence) (err error) {
	if record.Save != "" {
		release, err := s.hold(store, record.Save)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, release()) }()
	}
	entry, err := store.Take(record.Request.ClientToken)
	if err != nil {
		return s.notTaken(err)
	}
	own, err := s.as(entry.Record)
	if err != nil {
		return errors.Join(err, entry.Close())
	}
	own.sequence = sequence
	switch {
	case o.save != "":
		entry.Target = pending.Target{Save: o.save}
	case entry.State == pending.Delivered:
		entry.Target = pending.Target{} // it is in its file; this time the user wants to see it
	}
	if err := s.mayPrintCode(entry.Save); err != nil {
		return errors.Join(err, entry.Close())
	}
	s.leave(record, entry.Save)
	return own.close(own.send(replayed(entry), o.sameAccount))
}

// replayed is a create that is to be sent once more.
func replayed(entry *pending.Entry) *attempt {
	return &attempt{Create: entry.Create, entry: entry, replay: true}
}

func (s *session) notTaken(err error) error {
	switch {
	case errors.Is(err, pending.ErrRunning):
		return &activation.Error{Kind: activation.KindConflict, Op: s.op, Err: errors.New("the create is still at work in another process"), Hint: "wait until it ends"}
	case errors.Is(err, fs.ErrNotExist):
		return &activation.Error{Kind: activation.KindNotFound, Op: s.op, Err: errors.New("another process has finished it meanwhile")}
	}
	return err
}

// send finishes one create.
func (s *session) send(a *attempt, sameAccount bool) error {
	entry, before := a.entry, a.entry.Record
	if err := s.maySend(before, sameAccount); err != nil {
		return errors.Join(err, entry.Close())
	}
	if err := entry.Attempt(s.Now()); err != nil {
		return errors.Join(err, entry.Close())
	}
	s.onRetry = func(a ecs.Attempt) { s.noteRetry(entry, a) }
	ctx, stop := s.limited()
	defer stop()
	return s.settle(a, s.obtain(ctx, a, func(view *codefile.Code) { s.inspect(ctx, before, view) }))
}

// maySend refuses what could make a second code.
func (s *session) maySend(r pending.Record, sameAccount bool) error {
	if err := s.connect(); err != nil {
		return err
	}
	if name := s.identity.Name(); name != r.Identity && !sameAccount {
		return s.anotherIdentity(r, name)
	}
	if !r.Alive(s.Now()) {
		return s.tooLate(r)
	}
	return nil
}

// as returns a session with the account and the endpoint of a record in force.
func (s *session) as(r pending.Record) (*session, error) {
	given := map[string]string{"sandbox": strconv.FormatBool(r.Sandbox), "endpoint": r.Endpoint}
	if r.Profile != "" {
		given["profile"] = r.Profile
	}
	settings, err := s.loadSettings(s.cmd, given)
	if err != nil {
		return nil, err
	}
	own := *s
	own.settings, own.closers = settings, nil
	return &own, nil
}

// anotherIdentity refuses to make a second code in another account.
func (s *session) anotherIdentity(r pending.Record, today string) error {
	return &activation.Error{
		Kind: activation.KindIdentity, Op: s.op, ID: activation.Ref{RegionId: r.Request.RegionId},
		Err: fmt.Errorf("the create was sent as %s (%s), and today's identity is %s (%s): its code cannot be got, a second one could be made", r.Identity, r.Source, today, s.identity.Source),
		Hint: "choose the first identity again; if both are of one account (temporary keys change), this gets the code:  " +
			s.commandLine("recover --same-account "+shellWord(r.Request.ClientToken)),
	}
}

// tooLate tells that a code is dead, and what may be left of it.
func (s *session) tooLate(r pending.Record) error {
	ctx, stop := s.limited()
	defer stop()
	s.hunt(ctx, r, "")
	return &activation.Error{
		Kind: activation.KindOther, Op: s.op, ID: activation.Ref{RegionId: r.Request.RegionId},
		Err:  fmt.Errorf("a code of this create expired at %s, and sending it again would make a new one", r.Expires().Format(time.RFC3339)),
		Hint: "forget it with: ecs-activation recover --discard " + shellWord(r.Request.ClientToken),
	}
}
