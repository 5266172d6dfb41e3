package codefile

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"path/filepath"

	"ecs-activation/internal/disk"
)

// Writable checks, before a code is made, that Save can write a new file: that there is none
// (*Exists), and by doing what Save will do that the folder takes one (*NotWritable).
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

// Replaceable checks the same for a file that may exist, and whose code is then replaced.
func Replaceable(fsys disk.FS, path string) error {
	var exists *Exists
	err := Writable(fsys, path)
	if errors.As(err, &exists) {
		return probe(fsys, path, fsys.Rename)
	}
	return err
}

// probe writes a file beside another one in the way in which that will be written, and removes it.
func probe(fsys disk.FS, path string, rename func(from, to string) error) error {
	temporary := filepath.Join(filepath.Dir(path), prefix+"probe-"+rand.Text())
	placed := temporary + "-placed"
	err := put(fsys, temporary, placed, make([]byte, 4096), rename)
	if left := fsys.Remove(placed); !errors.Is(left, fs.ErrNotExist) {
		err = errors.Join(err, left)
	}
	if err == nil {
		err = fsys.SyncFolder(filepath.Dir(path))
	}
	if err != nil {
		return notWritable(fsys, path, err)
	}
	return nil
}
