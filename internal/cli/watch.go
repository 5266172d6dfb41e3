package cli

import (
	"context"
	"errors"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// list --watch prints what is true of the codes at every second.

// checkWatch refuses to watch what has no form that can go on.
func (o listOptions) checkWatch(s *session) error {
	switch {
	case o.onePage():
		return usageError(s.op, "--watch cannot be combined with paging flags", "leave the paging flags or --watch out")
	case s.printer.Quiet:
		return usageError(s.op, "--watch prints changes, and --quiet prints bare IDs", "use --watch -o jsonl, or leave --watch out")
	case s.printer.Document():
		return usageError(s.op, "--watch does not support -o "+s.printer.Format, "use --watch -o jsonl: one change a line")
	}
	return nil
}

// watchList shows the codes until a signal comes, or until --timeout if it was given. Where no region
// can be read at first, there is nothing to watch.
func (s *session) watchList(q fleet.Query, selection fleet.Selection) error {
	ctx, stop := s.ctx, func() {}
	if !s.settings.Value("timeout").IsDefault() {
		ctx, stop = s.limited()
	}
	defer stop()
	begun := s.Now()
	see, seen := s.reads(q)
	w := &fleet.Watch{Reader: s.reader, Query: q, Order: selection.Order, Interval: s.interval(5*time.Second, time.Minute), Limit: s.limitOf, Now: s.Now, See: see}
	selection.Order = nil
	first, watching := w.First(ctx)
	seen()
	if first.None() {
		return message.Partial(s.op, first.Failed(), len(q.Regions), "regions", false)
	}
	s.mentionClock(first.Answer)
	s.mentionIgnored(first.Ignored)
	s.mentionRecords()
	display := s.display(view.Watch{Printer: s.printer, Selection: selection, Regions: q.Regions, Sandbox: s.sandbox(), Sentence: s.App.invocation(s.cmd).Sentence})
	if err := watching.Follow(ctx, display.Show); err != nil {
		return err
	}
	s.heard = nil
	return errors.Join(display.End(), s.watchEnded(ctx, watching.Failed(), len(q.Regions), s.Now().Sub(begun)))
}

// display chooses how the watch is shown. The output of --debug would damage a screen.
func (s *session) display(w view.Watch) view.Display {
	debug := s.settings.Bool("debug") && s.printer.Err.Terminal
	if !s.printer.Out.Terminal || s.printer.ForPrograms() || s.printer.Out.NoEscapes || debug {
		return w.Lines(s.say)
	}
	frames := w.Frames(s.IO.Screen())
	s.heard = frames.Note
	return frames
}

// interval returns the time between two readings of the service: five times shorter for the sandbox.
func (s *session) interval(least, most time.Duration) fleet.Interval {
	if s.sandbox() {
		least, most = least/5, most/5
	}
	return fleet.Interval{Least: least, Most: most}
}

// limitOf returns a context for one reading, which may take as long as a list.
func (s *session) limitOf(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.left, timeUp{s.settings.Text("timeout")})
}

// watchEnded returns how a watch ends: after --timeout without an error, unless the last reading
// failed; after a signal with its exit code.
func (s *session) watchEnded(ctx context.Context, failed []error, regions int, lasted time.Duration) error {
	cause := context.Cause(ctx)
	if errors.As(cause, new(timeUp)) {
		return message.Partial(s.op, failed, regions, "regions", false)
	}
	if !s.printer.ForPrograms() {
		s.say("watched for %s", ui.Span(lasted))
	}
	return stopped{&activation.Error{Kind: activation.KindInterrupted, Op: s.op, Err: cause}}
}
