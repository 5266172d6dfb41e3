package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// readInput gives read the content of a file that the user names, "-" for standard input. A named
// pipe is read as well, because the user means it: --from <(command). Nobody may ever write to it,
// so reading ends with Ctrl-C and with --timeout. The time in which a person types does not count.
func readInput(s *invocation, from string, read func(context.Context, io.Reader) error) error {
	ctx, stop := s.ctx, func() {}
	if from != "-" || !s.IO.InTerminal {
		ctx, stop = s.limited()
	}
	defer stop()
	in := openInput(s, ctx, from)
	defer in.content.Close() //nolint:errcheck // a reader of io.Pipe closes without an error
	err := read(ctx, in)
	if in.err != nil && ctx.Err() != nil {
		return asError(s.op, fmt.Errorf("reading %s: %w", inputName(from), context.Cause(ctx)))
	}
	return err
}

// input is the content of a file, or of standard input. It remembers why reading it failed.
type input struct {
	content *io.PipeReader
	err     error
}

// Read implements io.Reader.
func (i *input) Read(b []byte) (n int, err error) {
	n, err = i.content.Read(b)
	if !errors.Is(err, io.EOF) {
		i.err = err
	}
	return n, err
}

// openInput opens a file, or standard input. Reading fails when ctx ends: neither opening nor reading
// a named pipe can be interrupted, so a goroutine does both.
func openInput(s *invocation, ctx context.Context, from string) *input {
	content, to := io.Pipe()
	context.AfterFunc(ctx, func() { _ = to.CloseWithError(context.Cause(ctx)) }) // it returns no error
	go func() { _ = to.CloseWithError(copyInput(s, to, from)) }()
	return &input{content: content}
}

func copyInput(s *invocation, to io.Writer, from string) error {
	if from == "-" {
		_, err := io.Copy(to, s.IO.In)
		return err
	}
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, file)
	return errors.Join(err, file.Close())
}

// inputName is what messages call a file that the user names.
func inputName(from string) string {
	if from == "-" {
		return "standard input"
	}
	return from
}
