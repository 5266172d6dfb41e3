// Package process is what a command gets from the operating system: arguments, standard streams,
// environment, clock, signals and folders. It is the only package that reads them; the other packages
// receive them.
package process

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/term"

	"ecs-activation/internal/ui"
)

// Process is what one command gets from the operating system.
type Process struct {
	Args  []string // without the program's name
	IO    *ui.IO
	Env   func(string) (string, bool)
	Names func() []string // the names of all variables in the environment
	Now   func() time.Time
	Proxy func(*http.Request) (*url.URL, error)

	// UserLanguage returns the language that the user has chosen in the operating system, such as zh-CN, or "". nil:
	// the system has only the environment.
	UserLanguage func() string

	// UntilSignal returns a context that ends with the first signal that asks the process to end, and a function that
	// ends it as well. It is called by commands that do more than print a text, because it makes a start slower. nil:
	// signals end the process.
	UntilSignal func(context.Context) (context.Context, func())

	// LimitMemory keeps the process small. It is called before requests are sent. nil: the process is not limited.
	LimitMemory func()

	// KeepPipes makes a write to a closed pipe an error instead of the end of the process.
	KeepPipes func()

	// SyncOut syncs standard output if it is a file, so that its content survives a power failure.
	SyncOut func() error

	// OutClosed reports whether the process was started with its standard output closed, or discarded by a program
	// such as Python or Node.js.
	OutClosed bool
}

// Current returns this process.
func Current() *Process {
	return &Process{
		Args: os.Args[1:],
		IO: &ui.IO{
			In: os.Stdin, InTerminal: term.IsTerminal(int(os.Stdin.Fd())),
			Out: stream(os.Stdout), Err: stream(os.Stderr),
		},
		Env:   os.LookupEnv,
		Names: names,
		Now:   time.Now,
		Proxy: http.ProxyFromEnvironment,

		UserLanguage: userLanguage,
		UntilSignal:  untilSignal,
		LimitMemory:  limitMemory,

		KeepPipes: func() { signal.Ignore(syscall.SIGPIPE) },
		SyncOut:   func() error { return syncFile(os.Stdout) },
		OutClosed: outClosed(),
	}
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

// sizeOf returns the size of a terminal in characters, or 80×24 if the terminal does not report it.
func sizeOf(f *os.File) (width, height int) {
	width, height, err := term.GetSize(int(f.Fd()))
	if err != nil || width < 1 || height < 1 {
		return 80, 24
	}
	return width, height
}

// syncFile syncs a regular file. It does nothing for pipes and terminals.
func syncFile(f *os.File) error {
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		return err
	}
	return f.Sync()
}

// names returns the names of all variables in the environment.
func names() []string {
	list := os.Environ()
	for i, variable := range list {
		list[i], _, _ = strings.Cut(variable, "=")
	}
	return list
}

// env returns the value of a variable, or "" if it is not set.
func (p *Process) env(name string) string {
	value, _ := p.Env(name)
	return value
}

// Home returns the home folder of the user. If HOME is not set, it is read from the account database.
func (p *Process) Home() (string, error) {
	name := "HOME"
	if runtime.GOOS == "windows" {
		name = "USERPROFILE"
	}
	if home := p.env(name); home != "" {
		info, err := os.Stat(home)
		if !filepath.IsAbs(home) || err == nil && !info.IsDir() || errors.Is(err, syscall.ENOTDIR) {
			return "", noHome{notFolder, name}
		}
		return home, nil
	}
	account, err := user.Current()
	if err != nil || account.HomeDir == "" {
		return "", noHome{withoutHome, name}
	}
	return account.HomeDir, nil
}

// noHome is the error of an account without a folder.
type noHome struct{ format, variable string }

func (n noHome) Error() string { return fmt.Sprintf(n.format, n.variable) }

// Sentence returns the text for package message.
func (n noHome) Sentence() (format string, args []any) { return n.format, []any{n.variable} }

const (
	withoutHome = "%s is not set, and the account has no home folder"
	notFolder   = "%s is not the absolute path of a folder"
)

// noFolder is the error of a folder of this program that would be in a home that does not exist.
type noFolder struct {
	err      error
	variable string // sets the folder
}

func (n noFolder) Error() string { return fmt.Sprintf(setInstead, n.err, n.variable) }
func (n noFolder) Unwrap() error { return n.err }

// Sentence returns the text for package message.
func (n noFolder) Sentence() (format string, args []any) { return setInstead, []any{n.err, n.variable} }

const setInstead = "%s: set %s to a folder"

// ConfigFile returns the path of our configuration file.
func (p *Process) ConfigFile() (string, error) {
	folder, err := p.folder("XDG_CONFIG_HOME", ".config")
	return filepath.Join(folder, "config.yaml"), err
}

// StateFolder returns the folder of the data that the program keeps between two runs.
func (p *Process) StateFolder() (string, error) {
	return p.folder("XDG_STATE_HOME", filepath.Join(".local", "state"))
}

// folder returns the folder of this program below the folder that an XDG variable names. If that is not
// set, it is below the folder that the operating system has for the purpose.
func (p *Process) folder(variable, fallback string) (string, error) {
	const name = "ecs-activation"
	if base := p.env(variable); filepath.IsAbs(base) {
		return filepath.Join(base, name), nil
	}
	if local := p.env("LOCALAPPDATA"); runtime.GOOS == "windows" && local != "" {
		return filepath.Join(local, name), nil
	}
	home, err := p.Home()
	if err != nil {
		return "", noFolder{err, variable}
	}
	return filepath.Join(home, fallback, name), nil
}
