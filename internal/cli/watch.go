package cli

import (
	"context"
	"errors"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cli/invoke"
	"ecs-activation/internal/cli/issue"
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
	ctx, stop := s.Context, func() {}
	if !s.Settings.Value("timeout").IsDefault() {
		ctx, stop = s.WithTimeout()
	}
	defer stop()
	begun := s.Now()
	see, seen := readProgress(s, l.query)
	w := &fleet.Watch{
		Reader: l.conn.Reader, Query: l.query, Order: l.selection.Order,
		Interval: intervalOf(s, 5*time.Second, time.Minute), Limit: s.Limit, Now: s.Now, See: see,
	}
	first, watching := w.First(ctx)
	seen()
	if first.None() {
		return message.Partial(s.Op, first.Failed(), len(l.query.Regions), "regions", false)
	}
	invoke.MentionClock(s, first.Answer)
	mentionIgnored(s, first.Ignored)
	issue.MentionRecords(s)
	display := l.display()
	if err := watching.Follow(ctx, display.Show); err != nil {
		return err
	}
	s.Notes = nil
	return errors.Join(display.End(), l.watchEnded(ctx, watching.Failed(), s.Now().Sub(begun)))
}

// display returns the display of the watch: lines or a screen. With --debug on a terminal it prints lines,
// because debug messages would damage the screen.
func (l lister) display() view.Display {
	s, selection := l.s, l.selection
	selection.Order = nil // the watch has sorted them
	w := view.Watch{Printer: s.Printer, Selection: selection, Regions: l.query.Regions, Sandbox: s.Sandbox(), Sentence: s.Program.Describe(s.Cmd).Sentence}
	debug := s.Settings.Bool("debug") && s.Printer.Err.Terminal
	if !s.Printer.Out.Terminal || s.Printer.ForPrograms() || s.Printer.Out.NoEscapes || debug {
		return w.Lines(s.Notef)
	}
	frames := w.Frames(s.IO.Screen())
	s.Notes = frames.Note
	return frames
}

// watchEnded returns the error of a watch that has ended. After --timeout it is nil, unless the last read
// failed. After a signal it gives the exit code of the signal.
func (l lister) watchEnded(ctx context.Context, failed []error, lasted time.Duration) error {
	cause := context.Cause(ctx)
	if errors.As(cause, new(invoke.TimeUp)) {
		return message.Partial(l.s.Op, failed, len(l.query.Regions), "regions", false)
	}
	if !l.s.Printer.ForPrograms() {
		l.s.Notef("watched for %s", ui.Span(lasted))
	}
	return invoke.Stopped{Err: &activation.Error{Kind: activation.KindInterrupted, Op: l.s.Op, Err: cause}}
}

// intervalOf returns the time between two reads of the service. It is five times shorter for the sandbox.
func intervalOf(s *invoke.Invocation, least, most time.Duration) fleet.Interval {
	if s.Sandbox() {
		least, most = least/5, most/5
	}
	return fleet.Interval{Least: least, Most: most}
}
