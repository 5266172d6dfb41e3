package pending

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Save writes a code to a new file that only its owner can read (0600). At every instant the
// file is whole or absent: a synced temporary file is linked into place, which never replaces
// another file.
func Save(file string, content []byte) error { return put(file, content, os.Link) }

// Replace does the same for a file that may be there: at every instant it holds the old code
// or the new one, whole.
func Replace(file string, content []byte) error { return put(file, content, os.Rename) }

// put writes a temporary file beside the file and gives it the file's name.
func put(file string, content []byte, name func(temporary, file string) error) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".ecs-activation-*") // 0600
	if err != nil {
		return err
	}
	defer func() {
		if left := os.Remove(temporary.Name()); !errors.Is(left, fs.ErrNotExist) {
			err = errors.Join(err, left)
		}
	}()
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := name(temporary.Name(), file); err != nil {
		return fmt.Errorf("%s cannot be put in place: %w", file, err)
	}
	return syncFolder(filepath.Dir(file))
}
