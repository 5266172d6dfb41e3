package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// ensure promises a file with a code that machines can register with: the one that is there as
// long as it will do, otherwise a new one, made as create makes it. The file is replaced whole,
// by one run at a time, and what an earlier run was killed over is finished first. The old code
// is left to expire, because machines may be booting with it.

type ensureOptions struct {
	requestOptions
	save              string
	minUses, minLeft  string
	machine           machineOptions
	retireOld, dryRun bool
}

const ensureHelp = `Keep a usable code in a file: the code that is there is used again as long as it is Active, has
--min-uses and --min-left, and was made with the same flags. Otherwise a new one is made.

Run it as often as you like, and side by side. The code is printed only with -q, and with the -o
of create that print it: command, sh, powershell, cloud-init, env and code.

The old code is left to expire. Once it is dead and was never used, a later run deletes it.`

const ensureExample = `  ecs-activation ensure --save code.json --instance-name web
  ecs-activation ensure --save code.json --min-uses 5 --min-left 1h --retire-old
  code=$(ecs-activation ensure --save code.json -q) || exit`

// defaultMinLeft is time enough for a machine to boot, install the agent and register, and half
// of the shortest lifetime a code can have: no code is too old as soon as it is made.
const defaultMinLeft = 30 * time.Minute

func newEnsureCmd(a *App) *cobra.Command {
	var o ensureOptions
	cmd := &cobra.Command{
		Use:         "ensure --save FILE [flags]",
		Short:       "Keep a usable code in a file",
		Long:        ensureHelp,
		Example:     ensureExample,
		Args:        exactly(0, "flags only"),
		Annotations: does("ensure a code"),
		RunE: func(cmd *cobra.Command, _ []string) error {
			return a.run(cmd, func(s *session) error { return runEnsure(s, o) })
		},
	}
	f := cmd.Flags()
	o.addRequest(f)
	f.StringVar(&o.save, "save", "", "the `file` that holds the code; only you can read it")
	f.StringVar(&o.minUses, "min-uses", "", "use the code again while this `number` of machines can register (default 1)")
	f.StringVar(&o.minLeft, "min-left", "", "use the code again while it lives for this `time`, such as 45m or 2h (default 30m)")
	f.BoolVar(&o.retireOld, "retire-old", false, "delete the old code if it was never used, otherwise disable it")
	f.BoolVar(&o.dryRun, "dry-run", false, "look the code up, tell what would happen, change nothing")
	o.machine.addFlags(cmd)
	deliveryFormats(cmd)
	a.offerRequest(cmd)
	offerBy(cmd, "save", files)
	offer(cmd, "min-left", "30m", "1h", "2h")
	return cmd
}

func runEnsure(s *session, o ensureOptions) error {
	s.KeepPipes()
	w, err := o.wanted(s)
	if err != nil {
		return err
	}
	store, err := s.records()
	if err != nil {
		return err
	}
	if err := s.connect(); err != nil {
		return err
	}
	release, err := s.hold(store, w.file)
	if err != nil {
		return err
	}
	done, err := s.ensure(store, w)
	if err := errors.Join(err, release()); err != nil {
		return err
	}
	if w.dryRun {
		s.say("dry run: the service was asked what the code is, and not to change anything")
	}
	if err := s.printEnsured(done); err != nil {
		return err
	}
	if done.State == stateCreated && !w.dryRun {
		s.explain(done.Code, w.file)
	}
	s.mentionRecords()
	return nil
}

// wanted is what a run is to bring about.
type wanted struct {
	request           activation.CreateRequest
	need              activation.Need
	file              string
	retireOld, dryRun bool
}

// wanted turns the flags into what is wanted, and tells every problem at once.
func (o ensureOptions) wanted(s *session) (w wanted, err error) {
	if o.save == "" {
		return w, usageError(s.op, "the file that holds the code is not named", "give --save FILE")
	}
	if err := s.mayPrintCode(""); err != nil { // it may well print a saved one
		return w, err
	}
	request, problems, err := o.request(s)
	if err != nil {
		return w, err
	}
	need, unread := o.need()
	machine, wrong := o.machine.read(o.skipValidation)
	s.machine = machine
	problems = slices.Concat(problems, unread, request.Validate(o.skipValidation), need.Validate(request), wrong)
	if err := invalid(s.op, problems); err != nil {
		return w, err
	}
	file, err := codefile.RealPath(o.save)
	if err != nil {
		return w, usageError(s.op, err.Error(), otherFile)
	}
	_, err = s.savedIn(file)
	return wanted{request, need, file, o.retireOld, o.dryRun}, err
}

// need is what the code must still be good for.
func (o ensureOptions) need() (need activation.Need, problems activation.Problems) {
	need = activation.Need{Uses: 1, Left: defaultMinLeft}
	var err error
	if o.minUses != "" {
		if need.Uses, err = activation.ParseCount(o.minUses); err != nil {
			problems.Add("MinUses", o.minUses, err.Error(), "")
		}
	}
	if o.minLeft != "" {
		if need.Left, err = activation.ParseAge(o.minLeft); err != nil {
			problems.Add("MinLeft", o.minLeft, err.Error(), "")
		}
	}
	return need, problems
}

// ensure brings the file into its state. The view that it returns holds the code.
func (s *session) ensure(store *pending.Store, w wanted) (ensured, error) {
	ctx, stop := s.limited()
	defer stop()
	done := ensured{State: stateReused, Save: w.file, Retired: []changed{}}
	finished, err := s.finish(ctx, store, w)
	if err != nil {
		return done, err
	}
	saved, err := s.savedIn(w.file)
	if err != nil {
		return done, err
	}
	if saved.ActivationId != "" && !w.dryRun {
		s.closeToOthers(w.file)
	}
	why, err := s.unfit(ctx, &saved, w)
	switch {
	case err != nil:
		return done, err
	case why != "" && saved.ActivationId != "":
		s.say("note: %s is not used again: %s", saved.Ref(), why)
	}
	if finished || why != "" {
		done.State = stateCreated
	}
	done.Code = saved.Code
	switch {
	case why != "":
		err = s.renew(ctx, w, saved, &done)
	case w.retireOld && !w.dryRun: // an earlier run may not have come to it
		s.retire(ctx, s.tidy(ctx, saved.Earlier, &done), &done)
	}
	done.DryRun = w.dryRun
	return done, cmp.Or(err, context.Cause(s.ctx))
}

// finish delivers to the file what earlier runs were killed over, and says whether there was
// anything.
func (s *session) finish(ctx context.Context, store *pending.Store, w wanted) (finished bool, err error) {
	records, _ := store.List() // recover reports the damaged ones
	for _, r := range records {
		saved, err := s.savedIn(w.file)
		if err != nil {
			return finished, err
		}
		switch {
		case !s.due(r, w.file, saved):
		case w.dryRun:
			s.say("note: an earlier run did not come to its end; its code would be brought first")
		default:
			one, err := s.finishOne(ctx, store, r)
			if err != nil {
				return finished, err
			}
			finished = finished || one
		}
	}
	return finished, nil
}

// due says whether the code of a record is still to come into a file that holds another one.
func (s *session) due(r pending.Record, file string, holds codefile.File) bool {
	here := r.Save == file && r.Sandbox == s.sandbox() && r.Endpoint == s.settings.Text("endpoint")
	open := holds.ActivationId == "" || holds.ActivationId == r.Replaces || holds.ActivationId == r.ActivationId
	return here && open && r.State != pending.Delivered && r.Alive(s.Now())
}

// finishOne sends a create of an earlier run once more. If it is refused now, as one with a
// mistake in it would be, it made nothing that can still be got, and does not stand in the way.
func (s *session) finishOne(ctx context.Context, store *pending.Store, r pending.Record) (finished bool, err error) {
	entry, err := store.Take(r.Request.ClientToken)
	if err != nil {
		return false, s.notTaken(err)
	}
	own, err := s.as(entry.Record)
	if err != nil {
		return false, errors.Join(err, entry.Close())
	}
	own.ctx = ctx
	a := replayed(entry)
	a.ensured = true
	err = own.close(own.send(a, false))
	var refused *activation.Error
	if errors.As(err, &refused) && refused.NothingDone && refused.Code != "" {
		s.say("note: the code of an earlier run cannot be brought: %s; see:  %s", ui.Clean(refused.Cause()), s.commandLine("recover"))
		return false, nil
	}
	return err == nil, err
}
