package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"ecs-activation/internal/activation"
)

// readInput gives read the content of a file that the user names, "-" for standard input. A named
// pipe is read as well, because the user means it: --from <(command). Nobody may ever write to it,
// so reading ends with Ctrl-C and with --timeout. The time in which a person types does not count.
func (s *session) readInput(from string, read func(io.Reader) error) error {
	ctx, stop := s.ctx, func() {}
	if from != "-" || !s.IO.InTerminal {
		ctx, stop = s.limited()
	}
	defer stop()
	in := s.openInput(ctx, from)
	err := errors.Join(read(in), in.Close())
	if err != nil && ctx.Err() != nil {
		return s.waiting(activation.Ref{}, fmt.Errorf("reading %s: %w", inputName(from), context.Cause(ctx)))
	}
	return err
}

// openInput returns the content of a file, or of standard input. Reading from it fails when ctx
// ends: neither opening nor reading a named pipe can be interrupted, so a goroutine does both.
func (s *session) openInput(ctx context.Context, from string) io.ReadCloser {
	content, to := io.Pipe()
	context.AfterFunc(ctx, func() { _ = to.CloseWithError(context.Cause(ctx)) }) // it returns no error
	go func() { _ = to.CloseWithError(s.copyInput(to, from)) }()
	return content
}

func (s *session) copyInput(to io.Writer, from string) error {
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
