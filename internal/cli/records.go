package cli

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/pending"
	"ecs-activation/internal/ui"
)

// records is the folder of creates that have not been delivered.
func (a *App) records() (*pending.Store, error) {
	folder, err := a.folder("XDG_STATE_HOME", filepath.Join(".local", "state"))
	return pending.New(filepath.Join(folder, "pending"), a.Now), err
}

// begin gives the create its token and its record. Where no record can be written nothing is
// sent, unless the user has a token of their own to keep: then the entry is nil.
func (s *session) begin(ctx context.Context, r activation.CreateRequest, to pending.Target) (*attempt, error) {
	own := r.ClientToken != ""
	if !own {
		r.ClientToken = rand.Text()
	}
	what, err := s.describe(r, to)
	if err != nil {
		return nil, err
	}
	var entry *pending.Entry
	store, err := s.records()
	if err == nil {
		entry, err = store.Begin(ctx, what)
	}
	switch {
	case err == nil:
		s.onRetry = func(a ecs.Attempt) { s.noteRetry(entry, a) }
		s.leave(entry.Record, what.Save)
		return &attempt{Create: what, entry: entry, fresh: !own && !entry.Known}, nil
	case activation.KindOf(err) != activation.KindOther:
		return nil, err
	case ctx.Err() != nil:
		return nil, s.waiting(activation.Ref{RegionId: r.RegionId}, fmt.Errorf("another process is at work on this client token: %w", err))
	case !own:
		return nil, &activation.Error{
			Kind: activation.KindOther, Op: s.op, ID: activation.Ref{RegionId: r.RegionId},
			Err:  fmt.Errorf("no record of the request can be kept, so its code could be lost; nothing was sent: %w", err),
			Hint: "make the folder writable (XDG_STATE_HOME moves it), or give --client-token TOKEN and keep it yourself",
		}
	}
	s.say("note: no record can be kept (%s); your client token is the only way to get this code again", ui.Clean(err.Error()))
	return &attempt{Create: what}, nil
}

// describe is the create with all that is needed to ask again.
func (s *session) describe(r activation.CreateRequest, to pending.Target) (pending.Create, error) {
	c := pending.Create{
		Request:  r,
		Sandbox:  s.sandbox(),
		Endpoint: s.settings.Text("endpoint"),
		Identity: s.identity.Name(),
		Source:   s.identity.Source,
		Target:   to,
	}
	if s.settings.ProfileIsExplicit() {
		c.Profile = s.settings.Text("profile")
	}
	if c.Save == "" {
		return c, nil
	}
	var err error
	c.Save, err = filepath.Abs(c.Save)
	return c, err
}

// attempt is a create at work. Its entry is nil where no record could be kept.
type attempt struct {
	pending.Create
	entry *pending.Entry

	fresh  bool // its token was made for it: the service has never seen it
	replay bool // it is sent again by recover: repeating that is always safe

	elsewhere string // a file for its code, where it could not be saved as asked

	// ensured: its code goes to the file that ensure keeps, and nothing is printed. The next run
	// of the same command takes it up again, so repeating that is always safe as well.
	ensured bool
}

// creates is the operation that makes a code.
const creates = "CreateActivation"

// noteRetry keeps the record's last attempt true. It is what tells a lost code from a new one.
// What is looked up or retired around a create is repeated as well, and is no attempt at it.
func (s *session) noteRetry(entry *pending.Entry, a ecs.Attempt) {
	if a.Action != creates {
		return
	}
	if err := entry.Attempt(s.Now().Add(a.Wait)); err != nil {
		s.say("note: the record cannot be kept up: %s", ui.Clean(err.Error()))
	}
}

// obtain sends the create and hands its code over. inspect, where given, has a look at the
// answer before.
func (s *session) obtain(ctx context.Context, a *attempt, inspect func(*codefile.Code)) error {
	answer, err := s.service.Create(ctx, a.Request)
	if err != nil {
		return err
	}
	if a.entry != nil {
		if err := a.entry.Made(answer.ActivationId); err != nil {
			s.say("note: the record cannot be kept up: %s", ui.Clean(err.Error()))
		}
	}
	view := codefile.NewCode(a.Request, answer, a.fresh)
	if inspect != nil {
		inspect(&view)
	}
	if err := s.deliver(view, a); err != nil {
		return &activation.Error{
			Kind: activation.KindOther, Op: "deliver the code of", Err: err, Hint: s.wayTo("the code was made", a),
			ID: activation.Ref{RegionId: view.RegionId, ActivationId: ui.Clean(view.ActivationId)},
		}
	}
	s.mentionClock(answer.Answer)
	if !a.ensured {
		s.explain(view, a.Save)
	}
	return nil
}

// settle makes the record say what came of the create, gives it back, and completes the error
// with the way to the code.
func (s *session) settle(a *attempt, err error) error {
	var failed *activation.Error
	undone := errors.As(err, &failed) && failed.NothingDone
	switch {
	case a.entry == nil && (err == nil || undone):
		return err
	case a.entry == nil:
		return s.pointTo(err, a)
	case err == nil:
		if err := a.entry.Delivered(); err != nil {
			s.say("note: the code was delivered, and its record could not say so: %s", ui.Clean(err.Error()))
		}
	case undone && !a.entry.Known:
		err = errors.Join(err, a.entry.Remove())
	case !a.replay:
		err = s.pointTo(err, a)
	}
	return errors.Join(err, a.entry.Close())
}

// pointTo adds to an error the command that brings the code. A create whose outcome is not
// known is nothing to repeat blindly, so its error is no longer "worth retrying"; ensure's still is.
func (s *session) pointTo(err error, a *attempt) error {
	pointed := activation.Error{Kind: activation.KindOther, Op: s.op, Err: err}
	var failed *activation.Error
	if errors.As(err, &failed) {
		pointed = *failed
	}
	if pointed.Kind != activation.KindInterrupted && !a.ensured {
		pointed.Kind = activation.KindOther
	}
	if a.entry == nil || a.entry.State != pending.Undelivered {
		pointed.Hint = s.wayTo("the code may have been made", a)
	}
	return &pointed
}

// wayTo is the hint with the command that brings the code.
func (s *session) wayTo(what string, a *attempt) string {
	command := s.again()
	if a.entry != nil && !a.ensured {
		command = s.recoverLine(a.Request.ClientToken)
		if a.elsewhere != "" {
			command += " --save " + shellWord(ui.Clean(a.elsewhere))
		}
	}
	return what + "; this gets it, and makes no second one:  " + command
}

// recoverLine is the command that brings the code in the form that was asked for.
func (s *session) recoverLine(token string) string {
	line := s.commandLine("recover " + shellWord(token))
	for _, name := range []string{"output", "quiet"} {
		if v := s.settings.Value(name); v.FromFlag() {
			line += map[string]string{"output": " -o " + v.Value, "quiet": " -q"}[name]
		}
	}
	if slices.Contains(bootstrap.Runnable(), s.output) {
		line += machineFlags(s.cmd)
	}
	return line
}

// again is this command line once more.
func (s *session) again() string {
	line, proxy := program, s.cmd.Flag(machineProxy).Value.String()
	for _, arg := range s.Args {
		name, value, _ := strings.Cut(arg, "=")
		switch {
		case proxy != "" && arg == proxy:
			line += " " + wordFor(machineProxy, proxy)
		case proxy != "" && value == proxy && strings.HasPrefix(name, "--"):
			line += " " + name + " " + wordFor(machineProxy, proxy)
		default:
			line += " " + shellWord(arg)
		}
	}
	return line
}

// mentionRecords tells a person at a terminal of creates whose code was not handed over and
// can still be of use.
func (s *session) mentionRecords() {
	if !s.IO.Err.Terminal || s.quiet {
		return
	}
	store, err := s.records()
	if err != nil {
		return // there is no folder, so there are no records
	}
	records, _ := store.List() // recover reports the damaged ones
	n := 0
	for _, r := range records {
		if (r.State == pending.Uncertain || r.State == pending.Undelivered) && r.Alive(s.Now()) && r.Sandbox == s.sandbox() {
			n++
		}
	}
	if n > 0 {
		s.say("note: %s to recover; see:  %s", ui.Count(n, "code"), s.commandLine("recover"))
	}
}
