// Package cli is the counter: flags become a request, a result becomes words. One file per
// verb, each with its options, its words and flags, and its run function.
//
// It is the only room that knows cobra, and this file is the only place that touches the
// arguments, the standard streams, the environment, the clock and the signals of the process.
// It refuses to know how a request travels.
//
// Where to look: root.go knows the commands; session.go is one run of one, with its settings
// (settings.go), its line to the service and what it says; errors.go and exit.go turn what went
// wrong into words and codes. create, ensure and recover share issuing.go (the way to
// package issuance) and delivery.go (how a code reaches its reader); disable, delete and
// prune share change.go; list*.go are one command. What a result looks like, as JSON and as text, is
// in package view.
package cli

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/term"

	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/ui"
)

// App is the outside world of a command.
type App struct {
	Args    []string
	IO      *ui.IO
	Env     func(string) (string, bool)
	Now     func() time.Time
	Proxy   func(*http.Request) (*url.URL, error)
	Version string

	Language message.Language // of the messages; nil: English

	// KeepPipes makes a write to a closed pipe an error instead of the end of the process.
	KeepPipes func()

	// SyncOut makes sure that what was printed to a file survives a power cut.
	SyncOut func() error

	// OutClosed says whether the process was started with its standard output closed.
	OutClosed bool

	helpError error
	hinted    string           // the hint that was told last
	settings  *config.Settings // in force, once they are read
}

// Main runs the program and returns its exit code.
func Main(version string) int {
	app := &App{
		Args: os.Args[1:],
		IO: &ui.IO{
			In: os.Stdin, InTerminal: term.IsTerminal(int(os.Stdin.Fd())),
			Out: stream(os.Stdout), Err: stream(os.Stderr),
		},
		Env:       os.LookupEnv,
		Now:       time.Now,
		Proxy:     http.ProxyFromEnvironment,
		Version:   version,
		KeepPipes: func() { signal.Ignore(syscall.SIGPIPE) },
		SyncOut:   func() error { return syncFile(os.Stdout) },
		OutClosed: outClosed(),
	}
	ctx, stop := onSignals(context.Background())
	defer stop()
	return app.Run(ctx)
}

func stream(f *os.File) *ui.Stream {
	s := &ui.Stream{Writer: f, Terminal: term.IsTerminal(int(f.Fd()))}
	if s.Terminal {
		s.Size = func() (width, height int) { return sizeOf(f) }
		s.Measure()
		s.NoEscapes = os.Getenv("TERM") == "dumb"
	}
	return s
}

// sizeOf asks a terminal for its size; one that does not know is as they were at first.
func sizeOf(f *os.File) (width, height int) {
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 || height < 1 {
		return 80, 24
	}
	return width, height
}

// syncFile syncs a regular file; pipes and terminals have nothing to sync.
func syncFile(f *os.File) error {
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Sync()
}

// interrupted is the cause of a context that a signal ended.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Is(target error) bool { return target == context.Canceled }

func (i interrupted) Error() string {
	names := map[syscall.Signal]string{syscall.SIGINT: "SIGINT (Ctrl-C)", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}
	return "interrupted by " + names[i.signal]
}

// ExitCode is what a shell reports for a process that this signal ended.
func (i interrupted) ExitCode() int { return 128 + int(i.signal) }

// onSignals returns a context that ends with the first signal asking for the end. A second
// one ends the process. A signal that was ignored at the start stays ignored: nohup ignores SIGHUP,
// and a shell ignores SIGINT for a job in the background. Go does not tell this of SIGTERM.
func onSignals(parent context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(parent)
	signals := make(chan os.Signal, 2)
	for _, s := range []os.Signal{syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP} {
		if !signal.Ignored(s) {
			signal.Notify(signals, s)
		}
	}
	go func() {
		for first := true; ; first = false {
			s, ok := (<-signals).(syscall.Signal)
			if !ok {
				return
			}
			if !first {
				os.Exit(interrupted{s}.ExitCode())
			}
			cancel(interrupted{s})
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}

// env returns a variable's value, "" when it is not set.
func (a *App) env(name string) string {
	value, _ := a.Env(name)
	return value
}

// home is the user's folder, from the account database where HOME is not set.
func (a *App) home() (string, error) {
	name := "HOME"
	if runtime.GOOS == "windows" {
		name = "USERPROFILE"
	}
	if home := a.env(name); home != "" {
		return home, nil
	}
	account, err := user.Current()
	if err != nil || account.HomeDir == "" {
		return "", fmt.Errorf("%s is not set, and the account has no home folder", name)
	}
	return account.HomeDir, nil
}

// folder returns our own folder of a kind: the XDG variable if it is set, otherwise the
// platform's place below the home folder.
func (a *App) folder(variable, fallback string) (string, error) {
	if base := a.env(variable); filepath.IsAbs(base) {
		return filepath.Join(base, "ecs-activation"), nil
	}
	if local := a.env("LOCALAPPDATA"); runtime.GOOS == "windows" && local != "" {
		return filepath.Join(local, "ecs-activation"), nil
	}
	home, err := a.home()
	if err != nil {
		return "", err
	}
	return filepath.Join(home, fallback, "ecs-activation"), nil
}
