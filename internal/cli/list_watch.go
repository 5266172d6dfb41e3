package cli

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/ui"
)

// list --watch promises what is true of the codes at every second: it reads them again and
// again, and between two reads it follows the service's clock. A region that cannot be read
// keeps what was known of it. Throttling makes the reads rarer.

// watch is a list under watch.
type watch struct {
	*session
	regions []string
	request activation.ListRequest
	all     bool      // the user named no region
	enough  int       // codes of a region; 0: all
	chosen  selection // without its order: codes are kept in it
	order   func(a, b activation.Activation) int

	codes     []activation.Activation
	read      time.Time // when they were read, by the service's clock
	failed    []error   // of the last look
	looked    time.Time // when that was, by this machine's clock
	next      time.Time // when the next one is
	clock     clock
	pace      pace
	throttled atomic.Bool // since the last look

	mu           sync.Mutex
	said, saying string // by the last look and by the one under way, for a screen
}

// display shows the state of a watch, each time that it may have changed.
type display interface {
	show(now time.Time) error
	end() error
}

// mayWatch refuses to watch what has no form that can go on.
func (s *session) mayWatch(o listOptions) error {
	refuse := func(text, hint string) error { return usageError(s.op, text, hint) }
	switch {
	case !o.watch:
		return nil
	case o.onePage():
		return refuse("--watch reads every page, again and again", "leave the paging flags or --watch out")
	case s.printer.Quiet:
		return refuse("--watch tells what changes, and --quiet prints bare IDs", "use --watch -o jsonl, or leave --watch out")
	case s.printer.Document():
		return refuse("--watch has no end, so "+s.printer.Format+" would never be whole", "use --watch -o jsonl: one change a line")
	}
	return nil
}

// watchList shows the codes until a signal comes, or until --timeout if it was given.
func (s *session) watchList(regions []string, r activation.ListRequest, chosen selection, all bool) error {
	w := &watch{session: s, regions: regions, request: r, all: all, enough: chosen.enough(), order: chosen.order, chosen: chosen}
	w.chosen.order = nil
	w.pace = s.pace(5*time.Second, time.Minute)
	s.onRetry = func(a ecs.Attempt) {
		if throttled(a) {
			w.throttled.Store(true)
		}
	}
	ctx, stop := s.ctx, func() {}
	if !s.settings.Value("timeout").IsDefault() {
		ctx, stop = s.limited()
	}
	defer stop()
	return w.run(ctx)
}

// run takes the first look as list does: where no region can be read, there is nothing to watch.
func (w *watch) run(ctx context.Context) error {
	begun := w.Now()
	first := w.look(ctx)
	if len(first.failed) == len(w.regions) {
		return batch(w.op, first.failed, len(w.regions), "regions", false)
	}
	w.mentionClock(first.answer)
	w.mentionRecords()
	w.take(first)
	w.repeats = true
	shown := w.display()
	if err := w.follow(ctx, shown); err != nil {
		return err
	}
	return errors.Join(shown.end(), w.ended(ctx, w.Now().Sub(begun)))
}

// follow shows the codes every second, and looks at them in between, until ctx ends.
func (w *watch) follow(ctx context.Context, shown display) error {
	ctx, cancel := context.WithCancel(ctx)
	var looking sync.WaitGroup
	defer looking.Wait()
	defer cancel()
	looks, due := make(chan look, 1), time.After(w.next.Sub(w.Now()))
	for {
		if err := shown.show(w.clock.at(w.Now())); err != nil || ctx.Err() != nil {
			return err
		}
		select {
		case <-due:
			looking.Go(func() { looks <- w.look(ctx) })
		case seen := <-looks:
			if ctx.Err() != nil && len(seen.failed) > 0 {
				break // it was cut short
			}
			w.take(seen)
			due = time.After(w.next.Sub(w.Now()))
		case <-time.After(w.clock.untilNext(w.Now())):
		case <-ctx.Done():
		}
	}
}

// look is what one reading of the regions has brought.
type look struct {
	found
	failed []error
	at     time.Time // by this machine's clock
}

// look reads the regions, each time with as much time as a list has.
func (w *watch) look(ctx context.Context) look {
	ctx, cancel := context.WithTimeoutCause(ctx, w.left, timeUp{w.settings.Text("timeout")})
	defer cancel()
	list, failed := w.readRegions(ctx, w.regions, w.request, w.enough, w.all)
	return look{list, failed, w.Now()}
}

// take makes what was seen what is known, and decides when to look again.
func (w *watch) take(seen look) {
	failed := failedOf(w.regions, seen.failed)
	w.looked, w.failed, w.codes = seen.at, seen.failed, merged(w.regions, w.codes, seen.codes, failed)
	if w.order != nil {
		slices.SortStableFunc(w.codes, w.order)
	}
	if len(failed) < len(w.regions) {
		w.hear(seen)
		w.read = w.clock.at(seen.at)
	}
	if w.throttled.Swap(false) {
		w.pace.stretch(2, 1)
	} else {
		w.pace.stretch(3, 4)
	}
	w.next = w.Now().Add(w.pace.next())
	w.turn()
}

// hear sets the clock by the first answer of a look, or by this machine's where there was none: a
// look can take long, and its answer is as old then.
func (w *watch) hear(seen look) {
	if seen.answer.Date.IsZero() {
		w.clock.hear(seen.at, seen.at)
		return
	}
	w.clock.hear(seen.answer.Date, seen.answer.Heard)
}

// clockText words a moment of the service's clock for a person who watches.
func clockText(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

// note keeps what would be said on standard error, for a screen.
func (w *watch) note(text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.saying = text
}

// noted is what was said last, for as long as a look is new.
func (w *watch) noted() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return cmp.Or(w.saying, w.said)
}

// turn ends what the last look has said.
func (w *watch) turn() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said, w.saying = w.saying, ""
}

// trouble says what the last look could not read, in one line; "" when it could read everything.
func (w *watch) trouble() string {
	if len(w.failed) == 0 {
		return ""
	}
	text := ui.Clean(w.failed[0].Error())
	if more := len(w.failed) - 1; more > 0 {
		text += ", and " + ui.Count(more, "more region")
	}
	return text
}

// ended is how a watch ends. One that lasted as long as it was to has done what it should,
// unless it could not read to the last.
func (w *watch) ended(ctx context.Context, lasted time.Duration) error {
	cause := context.Cause(ctx)
	if errors.As(cause, new(timeUp)) {
		return batch(w.op, w.failed, len(w.regions), "regions", false)
	}
	if !w.printer.ForPrograms() {
		w.say("watched for %s", ui.Span(lasted))
	}
	return stopped{&activation.Error{Kind: activation.KindInterrupted, Op: w.op, Err: cause}}
}
