package ui

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// ReadInput gives read the content of a file that the user names, "-" for standard input. A named pipe
// is read as well, for --from <(command). Reading ends with ctx, because a pipe may never be written to: the error
// then has the cause of ctx.
func (o *IO) ReadInput(ctx context.Context, from string, read func(io.Reader) error) error {
	in := o.open(ctx, from)
	defer in.content.Close() //nolint:errcheck // a reader of io.Pipe closes without an error
	err := read(in)
	if in.err != nil && ctx.Err() != nil {
		return readError{InputName(from), context.Cause(ctx)}
	}
	return err
}

// readError is the error of a file that could not be read before the context ended.
type readError struct{ name, cause error }

func (r readError) Error() string { return fmt.Sprintf(reading, r.name, r.cause) }
func (r readError) Unwrap() error { return r.cause }

// Sentence returns the text for package message.
func (r readError) Sentence() (format string, args []any) { return reading, []any{r.name, r.cause} }

const reading = "reading %s: %s"

// InputName returns what messages call a file that the user names. It is an error, so that message
// translates it.
func InputName(from string) error {
	if from == "-" {
		return errors.New("standard input")
	}
	return errors.New(from)
}

// input is the content of a file, or of standard input. It keeps the error of a failed read.
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

// open opens a file, or standard input. Reading fails when ctx ends: neither opening nor reading a
// named pipe can be interrupted, so a goroutine does both.
func (o *IO) open(ctx context.Context, from string) *input {
	content, to := io.Pipe()
	context.AfterFunc(ctx, func() { _ = to.CloseWithError(context.Cause(ctx)) }) // it returns no error
	go func() { _ = to.CloseWithError(o.copy(to, from)) }()
	return &input{content: content}
}

func (o *IO) copy(to io.Writer, from string) error {
	if from == "-" {
		_, err := io.Copy(to, o.In)
		return err
	}
	file, err := os.Open(from)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, file)
	return errors.Join(err, file.Close())
}
