package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/process"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// invocation is one run of one command, before it is connected to anything.
type invocation struct {
	*process.Process
	app      *App
	cmd      *cobra.Command
	ctx      context.Context
	op       string // the verb in messages
	settings *config.Settings
	line     message.Line  // begins the command lines that are printed
	printer  *view.Printer // prints the result
	left     time.Duration // of --timeout
	closers  []func() error
	notes    func(string) // gets the notes instead of standard error; nil: they are printed
}

// run gives a command its invocation, and makes whatever it returns an *activation.Error.
func (a *App) run(cmd *cobra.Command, f func(*invocation) error) error {
	op := cmdline.Verb(cmd)
	s, err := a.open(cmd, op)
	if err != nil {
		return &activation.Error{Kind: activation.KindUsage, Op: op, Err: err}
	}
	return asError(op, s.close(f(s)))
}

// close ends what the invocation has started, and adds what went wrong with it to err.
func (s *invocation) close(err error) error {
	for _, closer := range slices.Backward(s.closers) {
		err = errors.Join(err, closer())
	}
	return err
}

// open reads the settings.
func (a *App) open(cmd *cobra.Command, op string) (*invocation, error) {
	settings, err := a.loadSettings(cmd, nil)
	if err != nil {
		return nil, err
	}
	s := &invocation{
		Process: a.Process, app: a, cmd: cmd, ctx: cmd.Context(), op: op, settings: settings, line: lineOf(cmd),
		left: settings.Duration("timeout"),
	}
	s.printer = newPrinter(s)
	a.settings = settings
	setColor(a.Process, settings.Text("color"))
	return s, checkGlobal(s)
}

// newPrinter returns what prints the result in the format of the settings. --output on the command
// line takes precedence over a quiet that is set elsewhere.
func newPrinter(s *invocation) *view.Printer {
	return &view.Printer{
		Out: s.IO.Out, Err: s.IO.Err, Format: s.settings.Text("output"),
		Quiet: s.settings.Bool("quiet") && (given(s, "quiet") || !given(s, "output")),
	}
}

// given reports whether a setting was given on the command line.
func given(s *invocation, name string) bool { return s.settings.Value(name).FromFlag() }

// checkGlobal refuses global flags that contradict each other.
func checkGlobal(s *invocation) error {
	if given(s, "quiet") && given(s, "output") {
		return errors.New("--quiet and --output exclude each other: --quiet prints the bare result")
	}
	if timeout := s.settings.Value("timeout"); s.left <= 0 {
		return fmt.Errorf("%s: %q must be longer than 0", timeout.Source, timeout.Value)
	}
	if save := s.cmd.Flag("save"); save != nil && save.Value.String() == "-" {
		return errors.New("--save - names no file: without --save the code goes to standard output; a file of that name is ./-")
	}
	for _, name := range []string{"profile", "endpoint"} {
		if s.sandbox() && given(s, name) {
			return fmt.Errorf("--sandbox and --%s exclude each other: the sandbox has its own", name)
		}
	}
	return nil
}

// sandbox reports whether the command is for the sandbox; the sandbox's own commands always are.
func (s *invocation) sandbox() bool {
	return s.settings.Bool("sandbox") || s.cmd.HasParent() && s.cmd.Parent().Name() == "sandbox"
}

// prints makes the printer print what a machine runs, in the formats for that.
func (s *invocation) prints(machine bootstrap.Registration) {
	if !isScript(s.printer.Format) {
		return
	}
	s.printer.Script = func(c codefile.Code) (string, error) {
		text, err := bootstrap.Text(s.printer.Format, machine.With(c.RegionId, c.ActivationId, c.ActivationCode))
		if err != nil {
			return "", fmt.Errorf("%w; -o json can", err)
		}
		return text, nil
	}
}

// limited returns a context that ends when --timeout is used up, and a function that stops the
// time: the time in which a user answers a question does not count.
func (s *invocation) limited() (context.Context, func()) {
	begun := s.Now()
	ctx, cancel := s.limit(s.ctx)
	return ctx, func() {
		cancel()
		s.left -= s.Now().Sub(begun)
	}
}

// limit returns a context that ends after what is left of --timeout.
func (s *invocation) limit(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, s.left, timeUp{s.settings.Text("timeout")})
}

// timeUp is the cause of a context that --timeout ended.
type timeUp struct{ limit string }

func (t timeUp) Error() string { return fmt.Sprintf("timed out after %s (--timeout)", t.limit) }

func (t timeUp) Is(target error) bool { return target == context.DeadlineExceeded }

// say prints a message on standard error. One that cannot be written changes nothing about the
// result, so its error is not the command's.
func (s *invocation) say(format string, args ...any) {
	if s.notes != nil {
		s.notes(fmt.Sprintf(format, args...))
		return
	}
	fmt.Fprintf(s.printer.Err, format+"\n", args...) //nolint:errcheck // see above
}

// now returns the service's time of an answer, or this machine's where the answer had none.
func (s *invocation) now(answer activation.Answer) time.Time {
	if answer.Date.IsZero() {
		return s.Now()
	}
	return answer.Date
}

// mentionClock prints a note when this machine's clock was more than a minute off as the answer came.
func mentionClock(s *invocation, answer activation.Answer) {
	off := answer.Heard.Sub(answer.Date)
	if answer.Date.IsZero() || off.Abs() <= time.Minute {
		return
	}
	word := "ahead of"
	if off < 0 {
		word = "behind"
	}
	s.say("note: this machine's clock is %s %s the service's; times are the service's", ui.Span(off), word)
}

// readInput gives read the content of a file, or of standard input for "-", until --timeout. The time in
// which a person types does not count.
func readInput(s *invocation, from string, read func(context.Context, io.Reader) error) error {
	ctx, stop := s.ctx, func() {}
	if from != "-" || !s.IO.InTerminal {
		ctx, stop = s.limited()
	}
	defer stop()
	err := s.IO.ReadInput(ctx, from, func(in io.Reader) error { return read(ctx, in) })
	if cause := context.Cause(ctx); cause != nil && errors.Is(err, cause) {
		return asError(s.op, err)
	}
	return err
}
