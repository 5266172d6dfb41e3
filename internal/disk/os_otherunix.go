//go:build unix && !linux && !darwin

package disk

import "errors"

// renameNew returns errors.ErrUnsupported: these systems have no rename that never replaces a file.
func renameNew(string, string) error { return errors.ErrUnsupported }
