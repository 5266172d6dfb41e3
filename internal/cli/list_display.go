package cli

import (
	"strings"
	"time"

	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// A watch is shown in one of two ways: to a person on a screen that is redrawn in place, to
// everybody else in lines that tell what changes.

// display chooses the way. What --debug tells would run through a screen.
func (w *watch) display() display {
	debug := w.settings.Bool("debug") && w.printer.Err.Terminal
	if !w.printer.Out.Terminal || w.printer.ForPrograms() || w.printer.Out.NoEscapes || debug {
		return &changeLines{watch: w, begun: map[string]bool{}}
	}
	w.heard = w.note
	return &frames{watch: w, screen: w.IO.Screen()}
}

// frames shows a watch on a screen.
type frames struct {
	*watch
	screen *ui.Screen
}

func (f *frames) show(now time.Time) error {
	lines, err := f.frame(now, f.screen.Measure())
	if err != nil {
		return err
	}
	return f.screen.Draw(lines)
}

func (f *frames) end() error {
	f.heard = nil
	return f.screen.End()
}

// frame is what a screen with room for so many lines shows: what is watched, what is wrong, and
// as many codes as there is room for.
func (f *frames) frame(now time.Time, height int) ([]string, error) {
	views := f.chosen.of(f.codes, now)
	lines := append([]string{f.header(len(views))}, f.notes()...)
	if len(views) == 0 {
		return append(lines, "no activation codes found in "+placeOf(f.regions)), nil
	}
	room := height - len(lines) - 1 // the titles
	shown := views
	if len(views) > room {
		shown = views[:max(0, room-1)]
	}
	table, err := f.printer.LiveTable(shown, now, len(f.regions) > 1)
	lines = append(lines, table...)
	if more := len(views) - len(shown); more > 0 {
		lines = append(lines, f.printer.Out.Paint(ui.Faint, "… and "+ui.Number(more)+" more; a taller terminal shows them"))
	}
	return lines, err
}

// header says what is watched, how new it is, and how to end.
func (f *frames) header(codes int) string {
	every := "every " + ui.Span(f.pace.pause)
	if f.pace.pause > f.pace.least {
		every += ", throttled"
	}
	parts := []string{ui.Count(codes, "code") + " at " + clockText(f.read), every, "Ctrl-C ends"}
	if f.sandbox() {
		parts = append(parts, "sandbox")
	}
	where := strings.Join(f.regions, ", ")
	if len(f.regions) > 3 {
		where = ui.Count(len(f.regions), "region")
	}
	return f.printer.Out.Paint(ui.Faint, strings.Join(append(parts, where), " · "))
}

// notes are what has to be told, one line each.
func (f *frames) notes() (lines []string) {
	if text := f.trouble(); text != "" {
		lines = append(lines, f.printer.Out.Paint(ui.Red, "error:")+" next try at "+clockText(f.clock.at(f.next))+": "+text)
	}
	if text := f.noted(); text != "" {
		lines = append(lines, f.printer.Out.Paint(ui.Faint, text))
	}
	return lines
}

// changeLines tells a watch in lines: the codes as they are at first, then what changes.
type changeLines struct {
	*watch
	looked time.Time // what was read then has been told
	next   time.Time // nothing changes before, unless it is read
	shown  []view.Listed
	begun  map[string]bool // regions that were read
	titled bool
	told   string // the trouble
}

func (c *changeLines) show(now time.Time) error {
	if c.looked.Equal(c.watch.looked) && now.Before(c.next) {
		return nil
	}
	c.tellTrouble()
	views := c.chosen.of(c.codes, now)
	changes := changesOf(c.shown, views, selection{}.of(c.codes, now))
	c.begin(changes)
	c.looked, c.next, c.shown = c.watch.looked, nextExpiry(c.codes, now), views
	if len(changes) == 0 {
		return nil
	}
	goesOn := c.titled
	c.titled = true
	return c.printer.Changes(changes, now, len(c.regions) > 1, goesOn)
}

// begin makes of the first changes of a region what there is: nothing in it is new that a look
// before could not read.
func (c *changeLines) begin(changes []view.CodeChange) {
	for i, change := range changes {
		if !c.begun[change.RegionId] {
			changes[i].Change = view.ChangeIs
		}
	}
	failed := failedOf(c.regions, c.failed)
	for _, region := range c.regions {
		c.begun[region] = c.begun[region] || !failed[region]
	}
	if c.looked.IsZero() && len(changes) == 0 && !c.printer.ForPrograms() {
		c.say("no activation codes found in %s; what comes is told", placeOf(c.regions))
	}
}

// tellTrouble tells on standard error what cannot be read, once, and that it can be again.
func (c *changeLines) tellTrouble() {
	text := c.trouble()
	switch text {
	case c.told:
	case "":
		c.say("note: everything can be read again")
	default:
		c.say("%s: %s %s; trying again", program, c.printer.Err.Paint(ui.Red, "error:"), text)
	}
	c.told = text
}

func (c *changeLines) end() error { return nil }
