//go:build !unix

package cli

import "os"

// outClosed says whether the process was started without a standard output.
func outClosed() bool {
	_, err := os.Stdout.Stat()
	return err != nil
}
