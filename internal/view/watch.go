package view

import (
	"cmp"
	"strings"
	"sync"
	"time"

	"ecs-activation/internal/fleet"
	"ecs-activation/internal/ui"
)

// A watch is shown in one of two ways: on a terminal as a screen that is redrawn in place, otherwise as
// lines that say what has changed.

// Watch is what is watched.
type Watch struct {
	Printer   *Printer
	Selection fleet.Selection // without an order: the watch has sorted the codes
	Regions   []string
	Sandbox   bool
	Sentence  func(error) string // returns the sentence of an error
}

// Display shows a watch.
type Display interface {
	// Show shows the current state.
	Show(fleet.Snapshot) error
	// Note shows a message between two readings.
	Note(text string)
	// End ends the display, so that other programs can use the terminal.
	End() error
}

// several reports whether there is more than one region.
func (w Watch) several() bool { return len(w.Regions) > 1 }

// codes returns the codes to show.
func (w Watch) codes(s fleet.Snapshot) []Listed {
	return NewListedAll(w.Selection.Apply(s.Codes, s.Now), s.Now)
}

// problem returns in one line the errors of the last reading, or "" if there were none.
func (w Watch) problem(s fleet.Snapshot) string {
	if len(s.Failed) == 0 {
		return ""
	}
	text := ui.Clean(w.Sentence(s.Failed[0]))
	if more := len(s.Failed) - 1; more > 0 {
		text = w.Printer.Err.Language.Count(more, "%[2]s, and %[1]s more region", "%[2]s, and %[1]s more regions", text)
	}
	return text
}

// PlaceOf returns a text for the regions that were read.
func PlaceOf(l ui.Language, regions []string) string {
	if len(regions) > 1 {
		return l.Text("these regions")
	}
	return regions[0]
}

// clockText returns a time of day for people.
func clockText(t time.Time) string { return t.UTC().Format("15:04:05 UTC") }

// Frames returns a display on a screen.
func (w Watch) Frames(screen *ui.Screen) Display { return &frames{watch: w, screen: screen} }

// frames draws a watch on a screen.
type frames struct {
	watch   Watch
	screen  *ui.Screen
	reading int // of the last snapshot

	mu            sync.Mutex
	last, running string // the note of the last reading and of the one that is running
}

func (f *frames) Show(s fleet.Snapshot) error {
	if s.Reading != f.reading {
		f.reading = s.Reading
		f.turn()
	}
	lines, err := f.frame(s, f.screen.Measure())
	if err != nil {
		return err
	}
	return f.screen.Draw(lines)
}

func (f *frames) Note(text string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running = text
}

func (f *frames) End() error { return f.screen.End() }

// turn keeps the note of the reading that has ended until the next reading ends.
func (f *frames) turn() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.last, f.running = f.running, ""
}

// note returns the newest note.
func (f *frames) note() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return cmp.Or(f.running, f.last)
}

// frame returns the lines of a screen of that height: what is watched, what is wrong, and as many
// codes as fit.
func (f *frames) frame(s fleet.Snapshot, height int) ([]string, error) {
	codes, out := f.watch.codes(s), f.watch.Printer.Out
	l := out.Language
	lines := append([]string{f.header(s, len(codes))}, f.messages(s)...)
	if len(codes) == 0 {
		return append(lines, l.Text("no activation codes found in %s", PlaceOf(l, f.watch.Regions))), nil
	}
	free := height - len(lines) - 1 // the titles
	shown := codes
	if len(codes) > free {
		shown = codes[:max(0, free-1)]
	}
	table, err := LiveTable(f.watch.Printer, shown, s.Now, f.watch.several())
	lines = append(lines, table...)
	if more := len(codes) - len(shown); more > 0 {
		lines = append(lines, out.Paint(ui.Faint, l.Text("… and %s more; a taller terminal shows them", ui.Number(more))))
	}
	return lines, err
}

// header returns the first line: what is watched, when it was read, and how to end the watch.
func (f *frames) header(s fleet.Snapshot, codes int) string {
	l := f.watch.Printer.Out.Language
	every := l.Text("every %s", ui.Span(s.Interval.Now()))
	if s.Slow() {
		every = l.Text("every %s, throttled", ui.Span(s.Interval.Now()))
	}
	parts := []string{l.Count(codes, "%s code at %s", "%s codes at %s", clockText(s.ReadAt)), every, l.Text("Ctrl-C ends")}
	if f.watch.Sandbox {
		parts = append(parts, l.Text("sandbox"))
	}
	where := strings.Join(f.watch.Regions, l.Find(", "))
	if len(f.watch.Regions) > 3 {
		where = l.Text("%s regions", ui.Number(len(f.watch.Regions)))
	}
	return f.watch.Printer.Out.Paint(ui.Faint, strings.Join(append(parts, where), " · "))
}

// messages returns the error of the last reading and the newest note, one line each.
func (f *frames) messages(s fleet.Snapshot) (lines []string) {
	out := f.watch.Printer.Out
	if text := f.watch.problem(s); text != "" {
		lines = append(lines, out.Language.Text("%s next try at %s: %s", out.Paint(ui.Red, out.Language.Text("error:")), clockText(s.Next), text))
	}
	if text := f.note(); text != "" {
		lines = append(lines, out.Paint(ui.Faint, text))
	}
	return lines
}

// Lines returns a display that prints the codes as they are at first, and then a line for each change.
// say prints a message on standard error.
func (w Watch) Lines(say func(format string, args ...any)) Display {
	return &changeLines{watch: w, say: say, begun: map[string]bool{}}
}

type changeLines struct {
	watch   Watch
	say     func(format string, args ...any)
	reading int             // of the last snapshot that was compared
	next    time.Time       // before this time no status changes without a new reading
	shown   []fleet.Stated  // what has been printed
	begun   map[string]bool // regions that were read
	titled  bool            // the titles have been printed
	problem string          // that has been printed
}

func (c *changeLines) Show(s fleet.Snapshot) error {
	if c.reading == s.Reading && s.Now.Before(c.next) && len(c.watch.Selection.Where) == 0 {
		return nil
	}
	c.showProblem(s)
	selected := fleet.State(c.watch.Selection.Apply(s.Codes, s.Now), s.Now)
	changes := fleet.Compare(c.shown, selected, fleet.State(s.Codes, s.Now))
	c.begin(s, changes)
	c.reading, c.next, c.shown = s.Reading, fleet.NextExpiry(s.Codes, s.Now), selected
	if len(changes) == 0 {
		return nil
	}
	printed := make([]CodeChange, len(changes))
	for i, change := range changes {
		printed[i] = CodeChange{Change: string(change.Difference), Listed: NewListed(change.Activation, s.Now)}
	}
	goesOn := c.titled
	c.titled = true
	return PrintChanges(c.watch.Printer, printed, s.Now, c.watch.several(), goesOn)
}

// begin changes the first codes of a region from New to Present, because no earlier reading has read the
// region.
func (c *changeLines) begin(s fleet.Snapshot, changes []fleet.Compared) {
	for i, change := range changes {
		if !c.begun[change.RegionId] {
			changes[i].Difference = fleet.Present
		}
	}
	failed := fleet.FailedRegions(c.watch.Regions, s.Failed)
	for _, region := range c.watch.Regions {
		c.begun[region] = c.begun[region] || !failed[region]
	}
	if c.reading == 0 && len(changes) == 0 && !c.watch.Printer.ForPrograms() {
		c.say("no activation codes in %s yet; waiting for changes", PlaceOf(c.watch.Printer.Err.Language, c.watch.Regions))
	}
}

// showProblem prints an error when regions cannot be read, and a note when all can be read again, each once.
func (c *changeLines) showProblem(s fleet.Snapshot) {
	text := c.watch.problem(s)
	switch text {
	case c.problem:
	case "":
		c.say("note: all regions are readable again")
	default:
		c.say("%s: %s %s; trying again", program, c.watch.Printer.Err.Paint(ui.Red, c.watch.Printer.Err.Language.Text("error:")), text)
	}
	c.problem = text
}

func (c *changeLines) Note(text string) { c.say("%s", text) }

func (c *changeLines) End() error { return nil }

// program is the name of the program in messages.
const program = "ecs-activation"
