package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ecs-activation/internal/ui"
)

// saveable refuses, before a code is made, a file that could not take it.
func saveable(file string) error {
	if file == "" {
		return nil
	}
	if _, err := os.Lstat(file); err == nil {
		return usageError("create", file+" exists, and a saved code is never replaced", "name a new file, or move that one away")
	} else if !errors.Is(err, fs.ErrNotExist) {
		return usageError("create", err.Error(), "name a file in a folder that you can write to")
	}
	probe, err := os.CreateTemp(filepath.Dir(file), ".ecs-activation-*")
	if err != nil {
		return usageError("create", "no file can be made beside "+file+": "+err.Error(), "name a file in a folder that you can write to")
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}

// saveCode writes a code to a new file that only its owner can read. At every instant the
// file is whole or absent: a synced temporary file is linked into place, which never replaces
// another one.
func saveCode(file string, view created) (err error) {
	temporary, err := os.CreateTemp(filepath.Dir(file), ".ecs-activation-*") // 0600
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(temporary.Name())) }()
	err = errors.Join(ui.JSON(temporary, view), temporary.Sync(), temporary.Close())
	if err != nil {
		return err
	}
	if err := os.Link(temporary.Name(), file); err != nil {
		return fmt.Errorf("%s cannot be put in place: %w", file, err)
	}
	return syncFolder(filepath.Dir(file))
}
