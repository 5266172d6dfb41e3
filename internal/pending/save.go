package pending

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Save writes a code to a new file that only its owner can read (0600). At every instant the
// file is whole or absent: a synced temporary file is linked into place, which never replaces
// another file.
func Save(file string, content []byte) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".ecs-activation-*") // 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(temporary.Name())) }()
	_, err = temporary.Write(content)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if err := os.Link(temporary.Name(), file); err != nil {
		return fmt.Errorf("%s cannot be put in place: %w", file, err)
	}
	return syncFolder(filepath.Dir(file))
}
