package codefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"

	"ecs-activation/internal/disk"
)

// Writable checks whether Save can write a new file. It is called before a code is created. The error
// is *Exists if the file exists, and *NotWritable if a test file cannot be written in the same way.
func Writable(fsys disk.FS, path string) error {
	_, err := fsys.Lstat(path)
	switch {
	case err == nil:
		return &Exists{path}
	case !errors.Is(err, fs.ErrNotExist):
		return notWritable(fsys, path, err)
	}
	return probe(fsys, path, renameNew(fsys))
}

// Replaceable checks the same for a file that may exist and is then replaced.
func Replaceable(fsys disk.FS, path string) error {
	var exists *Exists
	err := Writable(fsys, path)
	if errors.As(err, &exists) {
		return probe(fsys, path, fsys.Rename)
	}
	return err
}

// probe writes a test file in the folder of a file in the same way as Save, and removes it.
func probe(fsys disk.FS, path string, rename func(from, to string) error) error {
	temporary := filepath.Join(filepath.Dir(path), prefix+"probe-"+rand.Text())
	renamed := temporary + "-placed"
	err := writeFile(fsys, temporary, renamed, make([]byte, 4096), rename)
	if failed := fsys.Remove(renamed); !errors.Is(failed, fs.ErrNotExist) {
		err = errors.Join(err, failed)
	}
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	if err != nil {
		return notWritable(fsys, path, err)
	}
	return nil
}
