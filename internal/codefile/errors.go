package codefile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/disk"
)

// Exists is the error for a file that must not exist and does.
type Exists struct{ Path string }

func (e *Exists) Error() string { return e.Path + " already exists and is not overwritten" }

// NotWritable is the error for a file that cannot be created in its folder.
type NotWritable struct {
	Path     string
	NoFolder bool // its folder does not exist
	Err      error
}

// notWritable returns the error for a file that cannot be created. It checks whether the folder exists.
func notWritable(fsys disk.FS, path string, err error) *NotWritable {
	_, missing := fsys.Lstat(filepath.Dir(path))
	return &NotWritable{path, errors.Is(missing, fs.ErrNotExist), cause(err)}
}

func (e *NotWritable) Error() string {
	if e.NoFolder {
		return fmt.Sprintf("folder %s does not exist", filepath.Dir(e.Path))
	}
	return fmt.Sprintf("cannot create a file in the folder of %s: %v", e.Path, e.Err)
}

func (e *NotWritable) Unwrap() error { return e.Err }

// Unreadable is the error for a code that is not written because Read would return an error for it.
type Unreadable struct {
	Path string
	Err  error
}

func (e *Unreadable) Error() string {
	return fmt.Sprintf("%s was not written because its code cannot be used: %v", e.Path, e.Err)
}

func (e *Unreadable) Unwrap() error { return e.Err }

// notSaved returns the error for a file that could not be saved. Like all errors of this package, it
// names the file or its folder, but never the temporary file.
func notSaved(path string, err error) error {
	var known *NotWritable
	if err == nil || errors.As(err, &known) {
		return err
	}
	return activation.Textf("cannot save %s: %w", path, cause(err))
}

// cause returns the reason of an error, without the operation and the names of files.
func cause(err error) error {
	var known *NotWritable
	var pathError *fs.PathError
	var linkError *os.LinkError
	switch {
	case errors.As(err, &known):
		return known.Err
	case errors.As(err, &pathError):
		return pathError.Err
	case errors.As(err, &linkError):
		return linkError.Err
	}
	return err
}
