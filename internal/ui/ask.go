package ui

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// CanAsk reports whether questions can be asked: standard input and standard error are terminals.
func (o *IO) CanAsk() bool { return o.InTerminal && o.Err.Terminal }

// EndLine ends the line of a terminal in which the user has pressed Ctrl-C, which the terminal shows as "^C", or
// Ctrl-D, which it does not show.
func (o *IO) EndLine() {
	if o.CanAsk() {
		fmt.Fprintln(o.Err) //nolint:errcheck // the error that follows is written to the same stream
	}
}

// Confirm asks a question on standard error and returns whether the answer is "y" or "yes", or "yes" in the language
// of the stream. The end of the input means no. If ctx ends first, it returns the cause.
func (o *IO) Confirm(ctx context.Context, question string) (bool, error) {
	if _, err := fmt.Fprintf(o.Err, "%s ", o.Err.Wrapped(question+" [y/N]")); err != nil {
		return false, err
	}
	type reply struct {
		line string
		err  error
	}
	replies := make(chan reply, 1)
	go func() {
		line, err := bufio.NewReader(o.In).ReadString('\n')
		replies <- reply{line, err}
	}()
	select {
	case <-ctx.Done():
		o.EndLine()
		return false, context.Cause(ctx)
	case r := <-replies:
		if r.err != nil {
			o.EndLine()
		}
		if r.err != nil && !errors.Is(r.err, io.EOF) {
			return false, r.err
		}
		answer := strings.ToLower(strings.TrimSpace(r.line))
		return answer == "y" || answer == "yes" || answer == o.Err.Language.Find("yes"), nil
	}
}
