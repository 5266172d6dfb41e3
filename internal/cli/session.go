package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/bootstrap"
	"ecs-activation/internal/config"
	"ecs-activation/internal/ecs"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
	"ecs-activation/internal/view"
)

// session is one run of one command: the outside world, the settings in force, and, once it
// is connected, the line to the service.
type session struct {
	*App
	cmd      *cobra.Command
	ctx      context.Context
	op       string // the verb in messages
	settings *config.Settings
	line     message.Line  // begins the command lines that are printed
	printer  *view.Printer // prints the result

	identity *identity.Identity
	service  activation.Service
	reader   *fleet.Reader
	left     time.Duration // of --timeout
	closers  []func() error

	onRetry func(ecs.Attempt)      // called before an attempt is repeated; nil: nothing is
	heard   func(string)           // called with what would be printed on standard error; nil: it is printed there
	machine bootstrap.Registration // what a machine registers with besides the code
}

// run gives a command its session, and makes whatever it returns an *activation.Error.
func (a *App) run(cmd *cobra.Command, f func(*session) error) error {
	op := verb(cmd)
	s, err := a.open(cmd, op)
	if err != nil {
		return &activation.Error{Kind: activation.KindUsage, Op: op, Err: err}
	}
	return asError(op, s.close(f(s)))
}

// close ends what the session started, and adds what went wrong with it to err.
func (s *session) close(err error) error {
	for _, closer := range slices.Backward(s.closers) {
		err = errors.Join(err, closer())
	}
	return err
}

// asError makes any error one of ours: what is not known better is KindOther.
func asError(op string, err error) error {
	var known *activation.Error
	switch {
	case err == nil, errors.As(err, &known), errors.As(err, new(*message.PartialError)):
		return err
	case errors.Is(err, context.Canceled):
		return &activation.Error{Kind: activation.KindInterrupted, Op: op, Err: err}
	case errors.Is(err, context.DeadlineExceeded):
		return &activation.Error{Kind: activation.KindUnavailable, Op: op, Err: err}
	}
	return &activation.Error{Kind: activation.KindOther, Op: op, Err: err}
}

// open reads the settings. It neither looks for an identity nor connects.
func (a *App) open(cmd *cobra.Command, op string) (*session, error) {
	settings, err := a.loadSettings(cmd, nil)
	if err != nil {
		return nil, err
	}
	s := &session{
		App: a, cmd: cmd, ctx: cmd.Context(), op: op, settings: settings, line: lineOf(cmd),
		left: settings.Duration("timeout"),
	}
	s.printer = s.newPrinter()
	a.settings = settings
	a.color(settings.Text("color"))
	return s, s.check()
}

// newPrinter returns what prints the result in the format of the settings. --output on the command
// line outweighs a quiet that is set elsewhere.
func (s *session) newPrinter() *view.Printer {
	given := func(name string) bool { return s.settings.Value(name).FromFlag() }
	p := &view.Printer{
		Out: s.IO.Out, Err: s.IO.Err, Format: s.settings.Text("output"),
		Quiet: s.settings.Bool("quiet") && (given("quiet") || !given("output")),
	}
	if isScript(p.Format) {
		p.Script = s.script
	}
	return p
}

// check refuses flags that contradict each other.
func (s *session) check() error {
	given := func(name string) bool { return s.settings.Value(name).FromFlag() }
	if given("quiet") && given("output") {
		return errors.New("--quiet and --output exclude each other: --quiet prints the bare result")
	}
	if timeout := s.settings.Value("timeout"); s.left <= 0 {
		return fmt.Errorf("%s: %q must be longer than 0", timeout.Source, timeout.Value)
	}
	if save := s.cmd.Flag("save"); save != nil && save.Value.String() == "-" {
		return errors.New("--save - names no file: without --save the code goes to standard output; a file of that name is ./-")
	}
	for _, name := range []string{"profile", "endpoint"} {
		if s.sandbox() && given(name) {
			return fmt.Errorf("--sandbox and --%s exclude each other: the sandbox has its own", name)
		}
	}
	return nil
}

// color decides about colour for both streams.
func (a *App) color(word string) {
	for _, stream := range []*ui.Stream{a.IO.Out, a.IO.Err} {
		stream.Color = ui.ColorFor(word, a.Env, stream.Terminal)
	}
}

// sandbox says whether the command is for the sandbox; the sandbox's own commands always are.
func (s *session) sandbox() bool {
	return s.settings.Bool("sandbox") || s.cmd.HasParent() && s.cmd.Parent().Name() == "sandbox"
}

// resolveRegion completes the region from the profile, or the sandbox's own.
func (s *session) resolveRegion() error {
	if s.sandbox() {
		s.settings.OfferRegion("the sandbox", "cn-hangzhou")
		return nil
	}
	if s.settings.Text("region") != "" && !s.settings.ProfileIsExplicit() {
		return nil
	}
	profile, err := s.search().Profile()
	if err != nil {
		return s.attempted(err)
	}
	if profile != nil {
		s.settings.OfferRegion("profile "+profile.Name, profile.RegionId)
	}
	return nil
}

// needRegion is resolveRegion for a command that cannot do without. Where nothing is set up
// at all, that is what to hear first.
func (s *session) needRegion() error {
	err := s.resolveRegion()
	dryRun := s.cmd.Flag("dry-run")
	if err == nil && s.settings.Text("region") == "" && (dryRun == nil || dryRun.Value.String() == "false") {
		_, err = s.findIdentity()
	}
	return err
}

// region returns the one region of a command that acts in one, "" when none is set.
func (s *session) region() (string, error) {
	if err := s.needRegion(); err != nil {
		return "", err
	}
	region := s.settings.Text("region")
	if strings.Contains(region, ",") {
		return "", usageError(s.op, fmt.Sprintf("it acts in one region, and %s names several: %s", s.settings.Value("region").Source, region), "name one region")
	}
	return region, nil
}

// search says where an identity is looked for.
func (s *session) search() identity.Search {
	search := identity.Search{
		Env:         s.Env,
		ProfileName: s.settings.Text("profile"),
		Explicit:    s.settings.ProfileIsExplicit(),
		Now:         s.Now,
		Proxy:       s.Proxy,
	}
	if home, err := s.home(); err == nil { // an account without a home, as in some containers, has no such files
		search.ProfilePath = filepath.Join(home, ".aliyun", "config.json")
		search.CredentialsPath = filepath.Join(home, ".alibabacloud", "credentials")
	}
	return search
}

// connect finds the identity and makes the line to the service, or to the sandbox.
func (s *session) connect() error {
	options := ecs.Options{UserAgent: program + "/" + s.Version, Proxy: s.Proxy, Now: s.Now, Trace: s.trace()}
	if err := s.reach(&options); err != nil {
		return err
	}
	s.identity = options.Identity
	client := ecs.New(options)
	s.service, s.reader = client, fleet.NewReader(client)
	s.closers = append(s.closers, func() error { client.Close(); return nil })
	return nil
}

// reach fills in whom to ask and who asks.
func (s *session) reach(options *ecs.Options) (err error) {
	if s.sandbox() {
		return s.startSandbox(options)
	}
	if options.Endpoint, err = ecs.ParseEndpoint(s.settings.Text("endpoint")); err != nil {
		value := s.settings.Value("endpoint")
		return usageError(s.op, fmt.Sprintf("%s: %q %s", value.Source, withoutUser(value.Value), err), "")
	}
	options.Identity, err = s.findIdentity()
	return err
}

// findIdentity finds who signs. An instance may have to be asked for its role.
func (s *session) findIdentity() (*identity.Identity, error) {
	ctx, stop := s.limited()
	defer stop()
	found, err := s.search().Find(ctx)
	return found, s.attempted(err)
}

// attempted says in an error what was attempted.
func (s *session) attempted(err error) error {
	var known *activation.Error
	if errors.As(err, &known) {
		known.Op = s.op
	}
	return err
}

// limited returns a context that ends when --timeout is used up, and a function that stops
// the clock: time spent asking the user does not count.
func (s *session) limited() (context.Context, func()) {
	begun := s.Now()
	ctx, cancel := context.WithTimeoutCause(s.ctx, s.left, timeUp{s.settings.Text("timeout")})
	return ctx, func() {
		cancel()
		s.left -= s.Now().Sub(begun)
	}
}

// timeUp is the cause of a context that --timeout ended.
type timeUp struct{ limit string }

func (t timeUp) Error() string {
	return fmt.Sprintf("the time is up (--timeout %s)", t.limit)
}
func (t timeUp) Is(target error) bool { return target == context.DeadlineExceeded }

// say tells the user something on standard error. A note that cannot be written changes
// nothing about the result, so its error is not the command's.
func (s *session) say(format string, args ...any) {
	if s.heard != nil {
		s.heard(fmt.Sprintf(format, args...))
		return
	}
	fmt.Fprintf(s.printer.Err, format+"\n", args...) //nolint:errcheck // see above
}

// trace reports attempts: all of them with --debug, repetitions on a terminal.
func (s *session) trace() func(ecs.Attempt) {
	debug := s.settings.Bool("debug")
	var told sync.Once
	return func(a ecs.Attempt) {
		slower := activation.Throttles(a.Code) && s.reader.Throttled(a.RegionId)
		if slower {
			told.Do(func() {
				s.say("note: %s is throttling requests (%s); reading more slowly", a.RegionId, ui.Clean(a.Code))
			})
		}
		if a.Wait > 0 && s.onRetry != nil {
			s.onRetry(a)
		}
		switch {
		case debug:
			s.say("debug: %s", attemptText(a))
		case a.Wait > 0 && s.printer.Err.Terminal && !slower:
			s.say("%s", s.printer.Err.Paint(ui.Faint, fmt.Sprintf("%s %s: %s; attempt %d in %s",
				a.Action, a.RegionId, ui.Clean(reason(a)), a.Number+1, a.Wait.Round(10*time.Millisecond))))
		}
	}
}

func attemptText(a ecs.Attempt) string {
	text := fmt.Sprintf("%s %s %s attempt %d: HTTP %d in %s", a.Action, a.RegionId, a.Host, a.Number, a.Status, a.Took.Round(time.Millisecond))
	if a.RequestID != "" {
		text += ", request " + ui.Clean(a.RequestID)
	}
	if a.Err != nil {
		text += ", " + ui.Clean(reason(a))
	}
	if a.Wait > 0 {
		text += ", next in " + a.Wait.Round(time.Millisecond).String()
	}
	return text
}

func reason(a ecs.Attempt) string {
	if a.Code != "" {
		return a.Code
	}
	return a.Err.Error()
}

// lineOf is the beginning of the command lines that are printed: with the flags that chose the
// account and the endpoint of this command.
func lineOf(cmd *cobra.Command) message.Line {
	given := func(name string) string {
		if flag := cmd.Flag(name); flag != nil && flag.Changed {
			return flag.Value.String()
		}
		return ""
	}
	return message.Line{
		Sandbox: given("sandbox") == "true" || cmd.HasParent() && cmd.Parent().Name() == "sandbox",
		Profile: given("profile"), Endpoint: given("endpoint"),
	}
}
