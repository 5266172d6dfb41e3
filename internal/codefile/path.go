package codefile

import (
	"errors"
	"io/fs"
	"path/filepath"

	"ecs-activation/internal/disk"
)

// RealPath returns the absolute path of a file without symbolic links. The folder of the file must
// exist; the file need not. The error is *NotWritable if the folder cannot be found.
func RealPath(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", notWritable(disk.OS{}, path, err)
	}
	return filepath.Join(folder, filepath.Base(path)), nil
}

// RealFolder returns the absolute path of a folder without symbolic links. The folder need not exist.
func RealFolder(folder string) (string, error) {
	path, err := filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	found, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) && filepath.Dir(path) != path {
		parent, err := RealFolder(filepath.Dir(path))
		return filepath.Join(parent, filepath.Base(path)), err
	}
	return found, err
}

// MakePrivate removes the permissions of other users on a file with a code. The file may have such
// permissions if it was copied or was written by redirecting the output of a command.
func MakePrivate(fsys disk.FS, path string) error {
	info, err := fsys.Lstat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fsys.Chmod(path, 0o600)
	}
	return err
}
