package disk

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNew renames a file and never replaces another one. Some file systems do not support that.
func renameNew(from, to string) error {
	err := unix.RenamexNp(from, to, unix.RENAME_EXCL)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}
