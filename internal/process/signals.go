package process

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// Interrupted is the cause of a context that a signal ended.
type Interrupted struct{ signal syscall.Signal }

// Is makes an Interrupted a context.Canceled.
func (i Interrupted) Is(target error) bool { return target == context.Canceled }

// Error names the signal.
func (i Interrupted) Error() string {
	format, args := i.Sentence()
	return fmt.Sprintf(format, args...)
}

// Sentence returns the text for package message.
func (i Interrupted) Sentence() (format string, args []any) {
	names := map[syscall.Signal]string{syscall.SIGINT: "SIGINT (Ctrl-C)", syscall.SIGTERM: "SIGTERM", syscall.SIGHUP: "SIGHUP"}
	return "interrupted by %s", []any{names[i.signal]}
}

// ExitCode returns what a shell reports for a process that this signal ended.
func (i Interrupted) ExitCode() int { return 128 + int(i.signal) }

// untilSignal returns a context that ends with the first signal that asks the process to end, and a
// function that ends it as well. A second signal ends the process. A signal that was ignored at the
// start stays ignored: nohup ignores SIGHUP, and a shell ignores SIGINT for a job in the background. Go
// does not report this for SIGTERM.
func untilSignal(parent context.Context) (context.Context, func()) {
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
				os.Exit(Interrupted{s}.ExitCode())
			}
			cancel(Interrupted{s})
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}
