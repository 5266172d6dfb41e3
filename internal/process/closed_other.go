//go:build !unix

package process

import "os"

// outClosed reports whether the process was started without a standard output.
func outClosed() bool {
	_, err := os.Stdout.Stat()
	return err != nil
}
