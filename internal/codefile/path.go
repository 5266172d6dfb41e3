package codefile

import (
	"path/filepath"

	"ecs-activation/internal/disk"
)

// RealPath returns the one name of a file: absolute, without symbolic links. The file need not
// exist; its folder must.
func RealPath(file string) (string, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return "", err
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real, nil
	}
	folder, err := filepath.EvalSymlinks(filepath.Dir(path))
	return filepath.Join(folder, filepath.Base(path)), err
}

// MakePrivate takes from others what they may do with a file that holds a code. Printed into a file,
// or copied there, it may have come with more.
func MakePrivate(fsys disk.FS, path string) error {
	info, err := fsys.Lstat(path)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		err = fsys.Chmod(path, 0o600)
	}
	return err
}
