package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/config"
	"ecs-activation/internal/duration"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
	"ecs-activation/internal/view"
)

// invocation is one run of a command. It is not connected to the service yet.
type invocation struct {
	*process.Process
	app       *App
	cmd       *cobra.Command
	ctx       context.Context
	op        string // the verb in messages
	settings  *config.Settings
	line      message.Line  // the beginning of the command lines that are printed
	printer   *view.Printer // prints the result
	remaining time.Duration // the rest of --timeout
	closers   []func() error
	notes     func(string) // receives the notes; nil: they are printed on standard error
}

// run calls f with a new invocation, and returns its error as an *activation.Error.
func (a *App) run(cmd *cobra.Command, f func(*invocation) error) error {
	op := cmdline.Verb(cmd)
	s, err := a.open(cmd, op)
	if err != nil {
		return &activation.Error{Kind: activation.KindUsage, Op: op, Err: err}
	}
	return asError(op, s.close(f(s)))
}

// close stops everything that the invocation has started, and returns err joined with the errors of that.
func (s *invocation) close(err error) error {
	for _, closer := range slices.Backward(s.closers) {
		err = errors.Join(err, closer())
	}
	return err
}

// open returns an invocation of a command with its settings.
func (a *App) open(cmd *cobra.Command, op string) (*invocation, error) {
	settings, err := a.loadSettings(cmd, nil)
	if err != nil {
		return nil, err
	}
	s := &invocation{
		Process: a.Process, app: a, cmd: cmd, ctx: cmd.Context(), op: op, settings: settings, line: lineOf(cmd),
		remaining: settings.Duration("timeout"),
	}
	s.printer = newPrinter(s)
	a.settings = settings
	a.IO.SetColor(a.Env, settings.Text("color"))
	return s, checkGlobal(s)
}

// newPrinter returns a printer for the format of the settings. --output and --jq on the command line take
// precedence over quiet in the environment or in the file.
func newPrinter(s *invocation) *view.Printer {
	p := &view.Printer{
		Out: s.IO.Out, Err: s.IO.Err, Format: s.settings.Text("output"),
		Quiet: s.settings.Bool("quiet") && (given(s, "quiet") || !given(s, "output")), Dropped: dropped(s),
	}
	if s.app.jq != nil {
		selects(s.app, p, s.cmd, s.limit)
	}
	return p
}

// dropped returns a function that prints a note about columns that the terminal is too narrow for, once if
// several tables have the same columns.
func dropped(s *invocation) func(titles []string) {
	last := ""
	return func(titles []string) {
		text := message.Dropped(s.app.Language, titles, s.cmd.Flag("columns") != nil)
		if s.IO.Err.Terminal && text != last {
			s.notef("%s", text)
			last = text
		}
	}
}

// given reports whether a setting was given on the command line.
func given(s *invocation, name string) bool { return s.settings.Value(name).FromFlag() }

// checkGlobal returns an error if the global flags contradict each other.
func checkGlobal(s *invocation) error {
	if timeout := s.settings.Value("timeout"); s.remaining <= 0 {
		return activation.Textf("%s: %q %w", timeout.Source, timeout.Value, duration.Positive)
	}
	if save := s.cmd.Flag("save"); save != nil && save.Value.String() == "-" {
		return errors.New("--save requires the name of a file, not -: without --save the code is written to standard output; a file named - is ./-")
	}
	for _, name := range []string{"profile", "endpoint"} {
		if s.sandbox() && given(s, name) {
			return activation.Textf("--sandbox and --%s cannot be combined", name)
		}
	}
	return nil
}

// sandbox reports whether the command uses the sandbox. The subcommands of sandbox always do.
func (s *invocation) sandbox() bool {
	return s.settings.Bool("sandbox") || s.cmd.HasParent() && s.cmd.Parent().Name() == "sandbox"
}

// prints sets the function with which the printer writes a script for a machine, if the format is one.
func (s *invocation) prints(machine bootstrap.Registration) {
	if !isScript(s.printer.Format) {
		return
	}
	s.printer.Script = func(c codefile.Code) (string, error) {
		text, err := bootstrap.Text(s.printer.Format, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err != nil {
			return "", &message.NotInScript{Err: err}
		}
		return text, nil
	}
}

// withTimeout returns a context that ends when the rest of --timeout has passed, and a function that stops
// the clock. The time in which a user answers a question does not count.
func (s *invocation) withTimeout() (context.Context, func()) {
	begun := s.Now()
	ctx, cancel := s.limit(s.ctx)
	return ctx, func() {
		cancel()
		s.remaining -= s.Now().Sub(begun)
	}
}

// limit returns a context that ends when the rest of --timeout has passed.
func (s *invocation) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.remaining, timeUp{s.settings.Text("timeout")})
}

// timeUp is the cause of a context that --timeout ended.
type timeUp struct{ limit string }

func (t timeUp) Error() string { return fmt.Sprintf(timedOut, t.limit) }

// Sentence returns the text for package message.
func (t timeUp) Sentence() (format string, args []any) { return timedOut, []any{t.limit} }

const timedOut = "timed out after %s (--timeout)"

func (t timeUp) Is(target error) bool { return target == context.DeadlineExceeded }

// notef prints a sentence on standard error in the language of the user.
func (s *invocation) notef(format string, args ...any) { s.note(s.app.Language.Text(format, args...)) }

// noteCount is notef for a sentence with a number, which has one form for 1 and one for other numbers.
func (s *invocation) noteCount(n int, one, many string, args ...any) {
	s.note(s.app.Language.Count(n, one, many, args...))
}

// note prints a text on standard error. It ignores the error of a failed write, which does not change the
// result of the command.
func (s *invocation) note(text string) {
	if s.notes != nil {
		s.notes(text)
		return
	}
	fmt.Fprintln(s.printer.Err, s.printer.Err.Wrapped(text)) //nolint:errcheck // see above
}

// printSteps prints lines for a user. An indented line is a command, which is never broken.
func (s *invocation) printSteps(lines []string) {
	for i, line := range lines {
		if !strings.HasPrefix(line, " ") {
			lines[i] = s.printer.Err.Wrapped(line)
		}
	}
	fmt.Fprintln(s.printer.Err, "\n"+strings.Join(lines, "\n")) //nolint:errcheck // as in note
}

// now returns the time of the service in an answer, or the time of this machine if the answer has none.
func (s *invocation) now(answer activation.Answer) time.Time {
	if answer.Date.IsZero() {
		return s.Now()
	}
	return answer.Date
}

// readInput calls read with the content of a file, or of standard input for "-". It returns an error if
// --timeout passes. The time in which a user types does not count.
func readInput(s *invocation, from string, read func(context.Context, io.Reader) error) error {
	ctx, stop := s.ctx, func() {}
	if from != "-" || !s.IO.InTerminal {
		ctx, stop = s.withTimeout()
	}
	defer stop()
	err := s.IO.ReadInput(ctx, from, func(in io.Reader) error { return read(ctx, in) })
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, cause) {
		return asError(s.op, err)
	}
	return err
}

// mentionClock prints a note when this machine's clock was wrong as the answer came.
func mentionClock(s *invocation, answer activation.Answer) {
	if text := s.app.describe(s.cmd).Clock(answer); text != "" {
		s.note(text)
	}
}
