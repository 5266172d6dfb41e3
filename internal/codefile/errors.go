package codefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ecs-activation/internal/disk"
)

// Exists is the error for a file that must be new and is there.
type Exists struct{ Path string }

func (e *Exists) Error() string { return e.Path + " exists, and a saved code is never replaced" }

// NotWritable is the error for a file that cannot be written in its folder.
type NotWritable struct {
	Path     string
	NoFolder bool // its folder does not exist
	Err      error
}

func notWritable(fsys disk.FS, path string, err error) *NotWritable {
	_, unseen := fsys.Lstat(filepath.Dir(path))
	return &NotWritable{path, errors.Is(unseen, fs.ErrNotExist), cause(err)}
}

func (e *NotWritable) Error() string {
	if e.NoFolder {
		return fmt.Sprintf("the folder %s does not exist", filepath.Dir(e.Path))
	}
	return fmt.Sprintf("no file can be made beside %s: %v", e.Path, e.Err)
}

func (e *NotWritable) Unwrap() error { return e.Err }

// Unreadable is the error for a code that Read would refuse, so that it is not written.
type Unreadable struct {
	Path string
	Err  error
}

func (e *Unreadable) Error() string {
	return fmt.Sprintf("%s is not written, because it could not be used: %v", e.Path, e.Err)
}

func (e *Unreadable) Unwrap() error { return e.Err }

// notPlaced is the error for a file that could not be saved. Like all errors here it names the file
// or its folder, and not the temporary one.
func notPlaced(path string, err error) error {
	var refused *NotWritable
	if err == nil || errors.As(err, &refused) {
		return err
	}
	return fmt.Errorf("%s cannot be put in place: %w", path, cause(err))
}

// cause returns an error without the operation and the names of files.
func cause(err error) error {
	var refused *NotWritable
	var one *fs.PathError
	var two *os.LinkError
	switch {
	case errors.As(err, &refused):
		return refused.Err
	case errors.As(err, &one):
		return one.Err
	case errors.As(err, &two):
		return two.Err
	}
	return err
}
