package disk

import (
	"errors"

	"golang.org/x/sys/unix"
)

// renameNew renames a file and never replaces one. Some file systems cannot do that.
func renameNew(from, to string) error {
	err := unix.RenamexNp(from, to, unix.RENAME_EXCL)
	if errors.Is(err, unix.EINVAL) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOSYS) {
		return errors.ErrUnsupported
	}
	return err
}
