//go:build unix && !linux && !darwin

package disk

import "errors"

// renameNew is not supported: no other system has a rename that never replaces a file.
func renameNew(string, string) error { return errors.ErrUnsupported }
