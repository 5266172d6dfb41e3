package store

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"syscall"

	bolterrors "go.etcd.io/bbolt/errors"
)

var (
	// ErrDamaged marks content that no version of the sandbox wrote.
	ErrDamaged = errors.New("damaged")
	// errOld marks a file of an older version, which lacks the index of machines.
	errOld = errors.New("of an older version")
)

// Error says that the file is damaged or cannot be used, and what to do about it.
type Error struct {
	Path   string
	Remedy error
	Err    error
}

// Error returns the path, the reason and the remedy.
func (e *Error) Error() string { return e.text().Error() }

// Sentence returns the format with its arguments.
func (e *Error) Sentence() (format string, args []any) { return e.text().Sentence() }

func (e *Error) text() *Text { return Textf("sandbox state %s: %v: %v", e.Path, e.Err, e.Remedy) }

// Unwrap returns the reason.
func (e *Error) Unwrap() error { return e.Err }

// Decode reads JSON that the sandbox itself has written. Anything else is damage.
func Decode(row []byte, into any) error {
	if err := json.Unmarshal(row, into); err != nil {
		return Textf("%w: %w", ErrDamaged, err)
	}
	return nil
}

func damaged(path string, err error) error {
	return &Error{Path: path, Err: err, Remedy: errors.New(`empty it with "ecs-activation sandbox reset", or delete the file`)}
}

func unusable(path string, err error) error {
	return &Error{
		Path: path, Err: Textf("it cannot be used: %w", err),
		Remedy: errors.New("make the folder and its files writable for you and leave room on the disk, delete the file, or set XDG_STATE_HOME to another folder"),
	}
}

// busy says that the file was in use until the context ended.
func busy(path string, cause error) error {
	return Textf("sandbox state %s: another process uses it: %w", path, cause)
}

// cannotOpen explains why bbolt did not open the file.
func cannotOpen(ctx context.Context, path string, err error) error {
	var pathError *fs.PathError
	var number syscall.Errno
	switch {
	case errors.Is(err, bolterrors.ErrTimeout) && ctx.Err() != nil:
		return busy(path, context.Cause(ctx))
	case errors.Is(err, bolterrors.ErrTimeout):
		return unusable(path, errors.New("another program holds the file"))
	case errors.As(err, &pathError) || errors.As(err, &number):
		return unusable(path, err)
	}
	if !errors.Is(err, ErrDamaged) {
		err = Textf("%w: %w", ErrDamaged, err)
	}
	return damaged(path, err)
}
