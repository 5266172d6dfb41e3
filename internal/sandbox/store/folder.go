package store

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// inFolder calls open, and creates the folder of path and calls it again if the folder does not exist.
func inFolder[T any](path string, open func() (T, error)) (T, error) {
	opened, err := open()
	if !errors.Is(err, fs.ErrNotExist) {
		return opened, err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return opened, err
	}
	return open()
}
