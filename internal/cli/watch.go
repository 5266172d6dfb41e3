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

// This file has list --watch, which keeps printing the current state of the codes.

// watch shows the codes until a signal comes, or until --timeout if it was given. If no region can be read
// at the start, it returns an error.
func (l lister) watch() error {
	s := l.s
	ctx, stop := s.ctx, func() {}
	if !s.settings.Value("timeout").IsDefault() {
		ctx, stop = s.withTimeout()
	}
	defer stop()
	begun := s.Now()
	see, seen := readProgress(s, l.query)
	w := &fleet.Watch{
		Reader: l.conn.reader, Query: l.query, Order: l.selection.Order,
		Interval: intervalOf(s, 5*time.Second, time.Minute), Limit: s.limit, Now: s.Now, See: see,
	}
	first, watching := w.First(ctx)
	seen()
	if first.None() {
		return message.Partial(s.op, first.Failed(), len(l.query.Regions), "regions", false)
	}
	mentionClock(s, first.Answer)
	mentionIgnored(s, first.Ignored)
	mentionRecords(s)
	display := l.display()
	if err := watching.Follow(ctx, display.Show); err != nil {
		return err
	}
	s.notes = nil
	return errors.Join(display.End(), l.watchEnded(ctx, watching.Failed(), s.Now().Sub(begun)))
}

// display returns the display of the watch: lines or a screen. With --debug on a terminal it prints lines,
// because debug messages would damage the screen.
func (l lister) display() view.Display {
	s, selection := l.s, l.selection
	selection.Order = nil // the watch has sorted them
	w := view.Watch{Printer: s.printer, Selection: selection, Regions: l.query.Regions, Sandbox: s.sandbox(), Sentence: s.app.describe(s.cmd).Sentence}
	debug := s.settings.Bool("debug") && s.printer.Err.Terminal
	if !s.printer.Out.Terminal || s.printer.ForPrograms() || s.printer.Out.NoEscapes || debug {
		return w.Lines(s.notef)
	}
	frames := w.Frames(s.IO.Screen())
	s.notes = frames.Note
	return frames
}

// watchEnded returns the error of a watch that has ended. After --timeout it is nil, unless the last read
// failed. After a signal it gives the exit code of the signal.
func (l lister) watchEnded(ctx context.Context, failed []error, lasted time.Duration) error {
	cause := context.Cause(ctx)
	if errors.As(cause, new(timeUp)) {
		return message.Partial(l.s.op, failed, len(l.query.Regions), "regions", false)
	}
	if !l.s.printer.ForPrograms() {
		l.s.notef("watched for %s", ui.Span(lasted))
	}
	return stopped{Err: &activation.Error{Kind: activation.KindInterrupted, Op: l.s.op, Err: cause}}
}

// intervalOf returns the time between two reads of the service. It is five times shorter for the sandbox.
func intervalOf(s *invocation, least, most time.Duration) fleet.Interval {
	if s.sandbox() {
		least, most = least/5, most/5
	}
	return fleet.Interval{Least: least, Most: most}
}
