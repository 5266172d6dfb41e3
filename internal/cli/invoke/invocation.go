package invoke

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// Invocation is one run of a command. It is not connected to the service yet.
type Invocation struct {
	*process.Process
	Program   *Program
	Cmd       *cobra.Command
	Context   context.Context // ends when a signal comes
	Op        string          // the verb in messages
	Settings  *config.Settings
	Line      message.Line  // the beginning of the command lines that are printed
	Printer   *view.Printer // prints the result
	remaining time.Duration // the rest of --timeout
	begun     time.Time     // since when the rest passes; zero: it does not
	closers   []func() error
	Notes     func(string) // receives the notes; nil: they are printed on standard error
}

// Run calls f with a new invocation, and returns its error as an *activation.Error.
func (p *Program) Run(cmd *cobra.Command, f func(*Invocation) error) error {
	op := cmdline.Verb(cmd)
	if p.UntilSignal != nil {
		ctx, stop := p.UntilSignal(cmd.Context())
		defer stop()
		cmd.SetContext(ctx)
	}
	s, err := p.open(cmd, op)
	if err != nil {
		return &activation.Error{Kind: activation.KindUsage, Op: op, Err: err}
	}
	s.mentionSkippedChecks()
	return asError(op, s.Close(f(s)))
}

// mentionSkippedChecks prints a note for each flag that skips a check or cannot be undone, if the environment or the
// configuration file sets it: the user does not see it on the command line.
func (s *Invocation) mentionSkippedChecks() {
	for _, name := range []string{"yes", "skip-validation", "same-account", "discard"} {
		flag := s.Cmd.Flag(name)
		if flag == nil || flag.Changed || flag.Value.String() == flag.DefValue {
			continue
		}
		setting := s.Settings.Value(cmdline.Owner(s.Cmd) + "-" + name)
		s.Notef("note: --%s is set by %s", name, s.Program.Language.Source(string(setting.Source)))
	}
}

// Close stops everything that the invocation has started, and returns err joined with the errors of that.
func (s *Invocation) Close(err error) error {
	for _, closer := range slices.Backward(s.closers) {
		err = errors.Join(err, closer())
	}
	return err
}

// open returns an invocation of a command with its settings.
func (p *Program) open(cmd *cobra.Command, op string) (*Invocation, error) {
	if err := config.CheckVariables(p.Names(), p.Env, config.Global(), p.allSettings); err != nil {
		return nil, err
	}
	settings, err := p.loadSettings(cmd, nil)
	if err != nil {
		return nil, err
	}
	s := &Invocation{
		Process: p.Process, Program: p, Cmd: cmd, Context: cmd.Context(), Op: op, Settings: settings, Line: lineOf(cmd),
		remaining: settings.Duration("timeout"),
	}
	s.Printer = newPrinter(s)
	p.settings = settings
	p.IO.SetColor(p.Env, settings.Text("color"))
	return s, checkGlobal(s)
}

// With returns an invocation of the same command with other settings. It must be closed as well.
func (s *Invocation) With(ctx context.Context, instead map[string]string) (*Invocation, error) {
	settings, err := s.Program.loadSettings(s.Cmd, instead)
	if err != nil {
		return nil, err
	}
	other := *s
	other.Settings, other.closers, other.Context = settings, nil, ctx
	return &other, nil
}

// newPrinter returns a printer for the format of the settings. --output and --jq on the command line take
// precedence over quiet in the environment or in the file.
func newPrinter(s *Invocation) *view.Printer {
	p := &view.Printer{
		Out: s.IO.Out, Err: s.IO.Err, Format: s.Settings.Text("output"),
		Quiet: s.Settings.Bool("quiet") && (Given(s, "quiet") || !Given(s, "output")), Dropped: dropped(s),
	}
	if s.Program.jq != nil {
		selects(s.Program.jq, p, s.Cmd, s.Limit)
	}
	return p
}

// dropped returns a function that prints a note about columns that the terminal is too narrow for, once if
// several tables have the same columns.
func dropped(s *Invocation) func(titles []string) {
	last := ""
	return func(titles []string) {
		text := message.Dropped(s.Program.Language, titles, s.Cmd.Flag("columns") != nil)
		if s.IO.Err.Terminal && text != last {
			s.Notef("%s", text)
			last = text
		}
	}
}

// Given reports whether a setting was given on the command line.
func Given(s *Invocation, name string) bool { return s.Settings.Value(name).FromFlag() }

// checkGlobal returns an error if the global flags contradict each other.
func checkGlobal(s *Invocation) error {
	if timeout := s.Settings.Value("timeout"); s.remaining <= 0 {
		return activation.Textf("%s: %q %w", timeout.Source, timeout.Value, duration.Positive)
	}
	if save := s.Cmd.Flag("save"); save != nil && save.Value.String() == "-" {
		return errors.New("--save requires the name of a file, not -: without --save the code is written to standard output; a file named - is ./-")
	}
	for _, name := range []string{"profile", "endpoint"} {
		if s.Sandbox() && Given(s, name) {
			return activation.Textf("--sandbox and --%s cannot be combined", name)
		}
	}
	return nil
}

// Sandbox reports whether the command uses the sandbox.
func (s *Invocation) Sandbox() bool { return s.Settings.Bool("sandbox") || ofSandbox(s.Cmd) }

// DefaultTimeout replaces the default of --timeout, if the default is used.
func (s *Invocation) DefaultTimeout(timeout string) {
	s.Settings.SetDefault("timeout", timeout)
	s.remaining = s.Settings.Duration("timeout")
}

// WithTimeout returns a context that ends when the rest of --timeout has passed, and a function that stops
// the clock. The time in which a user answers a question does not count.
func (s *Invocation) WithTimeout() (context.Context, func()) {
	ctx, cancel := s.Limit(s.Context)
	if !s.begun.IsZero() {
		return ctx, cancel // the clock runs already
	}
	s.begun = s.Now()
	return ctx, sync.OnceFunc(func() {
		cancel()
		s.remaining -= s.Now().Sub(s.begun)
		s.begun = time.Time{}
	})
}

// Limit returns a context that ends when the rest of --timeout has passed.
func (s *Invocation) Limit(ctx context.Context) (context.Context, context.CancelFunc) {
	left := s.remaining
	if !s.begun.IsZero() {
		left -= s.Now().Sub(s.begun)
	}
	return context.WithTimeoutCause(ctx, left, TimeUp{s.Settings.Text("timeout")})
}

// TimeUp is the cause of a context that --timeout ended.
type TimeUp struct{ limit string }

func (t TimeUp) Error() string { return fmt.Sprintf(timedOut, t.limit) }

// Sentence returns the text for package message.
func (t TimeUp) Sentence() (format string, args []any) { return timedOut, []any{t.limit} }

const timedOut = "timed out after %s (--timeout)"

// Is reports whether target is context.DeadlineExceeded.
func (t TimeUp) Is(target error) bool { return target == context.DeadlineExceeded }

// Notef prints a sentence on standard error in the language of the user.
func (s *Invocation) Notef(format string, args ...any) {
	s.Note(s.Program.Language.Text(format, args...))
}

// NoteCount is Notef for a sentence with a number, which has one form for 1 and one for other numbers.
func (s *Invocation) NoteCount(n int, one, many string, args ...any) {
	s.Note(s.Program.Language.Count(n, one, many, args...))
}

// Note prints a text on standard error. It ignores the error of a failed write, which does not change the
// result of the command.
func (s *Invocation) Note(text string) {
	if s.Notes != nil {
		s.Notes(text)
		return
	}
	fmt.Fprintln(s.Printer.Err, s.Printer.Err.Wrapped(text)) //nolint:errcheck // see above
}

// PrintSteps prints lines for a user. An indented line is a command, which is never broken.
func (s *Invocation) PrintSteps(lines []string) {
	for i, line := range lines {
		if !strings.HasPrefix(line, " ") {
			lines[i] = s.Printer.Err.Wrapped(line)
		}
	}
	fmt.Fprintln(s.Printer.Err, "\n"+strings.Join(lines, "\n")) //nolint:errcheck // as in note
}

// TimeOf returns the time of the service in an answer, or the time of this machine if the answer has none.
func (s *Invocation) TimeOf(answer activation.Answer) time.Time {
	if answer.Date.IsZero() {
		return s.Now()
	}
	return answer.Date
}

// ReadInput calls read with the content of a file, or of standard input for "-". It returns an error if
// --timeout passes. The time in which a user types does not count.
func ReadInput(s *Invocation, from string, read func(context.Context, io.Reader) error) error {
	ctx, stop := s.Context, func() {}
	if from != "-" || !s.IO.InTerminal {
		ctx, stop = s.WithTimeout()
	}
	defer stop()
	err := s.IO.ReadInput(ctx, from, func(in io.Reader) error { return read(ctx, in) })
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, cause) {
		return asError(s.Op, err)
	}
	return err
}

// MentionClock prints a note when this machine's clock was wrong as the answer came.
func MentionClock(s *Invocation, answer activation.Answer) {
	if text := s.Program.Describe(s.Cmd).Clock(answer); text != "" {
		s.Note(text)
	}
}

// MentionUntried prints how many codes were not tried because of a signal, instead of one error for each.
func MentionUntried(s *Invocation, left, of int) {
	if left > 0 {
		s.NoteCount(of, "interrupted: %[2]s of %[1]s code not tried", "interrupted: %[2]s of %[1]s codes not tried", ui.Number(left))
	}
}

// MentionTags prints a note about a --tag that looks like several.
func MentionTags(s *Invocation, tags []string) {
	for _, tag := range tags {
		key, value, _ := strings.Cut(tag, "=")
		if _, after, several := strings.Cut(value, ","); several && strings.Contains(after, "=") {
			s.Notef("note: this is one tag, %s, with the value %s; for two tags give --tag twice", ui.Clean(key), ui.Clean(value))
		}
	}
}
