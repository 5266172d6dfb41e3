package disk

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNew renames a file and never replaces another one. Old kernels do not support the call (ENOSYS),
// and some file systems do not support its flag (EINVAL).
func renameNew(from, to string) error {
	err := unix.Renameat2(unix.AT_FDCWD, from, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}
