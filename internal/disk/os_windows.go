package disk

import "golang.org/x/sys/windows"

// Windows has no such flags, and its named pipes are not in folders.
const (
	noFollow = 0
	nonBlock = 0
)

// renameNew renames a file and never replaces another one.
func renameNew(from, to string) error {
	source, err := windows.UTF16PtrFromString(from)
	if err != nil {
		return err
	}
	target, err := windows.UTF16PtrFromString(to)
	if err != nil {
		return err
	}
	return windows.MoveFileEx(source, target, windows.MOVEFILE_WRITE_THROUGH)
}

// syncFolder does nothing, because Windows cannot sync a folder.
func syncFolder(string) error { return nil }
