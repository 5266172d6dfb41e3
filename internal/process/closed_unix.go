//go:build unix

package process

import (
	"os"

	"golang.org/x/sys/unix"
)

// outClosed reports whether standard output was closed when the process started. A write does
// not show it: the Go runtime opens closed descriptors on /dev/null, for reading and writing. So do Python
// (subprocess.DEVNULL) and Node.js (stdio "ignore") for their child processes. A shell's ">/dev/null" is open for
// writing only.
func outClosed() bool {
	flags, err := unix.FcntlInt(os.Stdout.Fd(), unix.F_GETFL, 0)
	if err != nil {
		return true
	}
	out, err := os.Stdout.Stat()
	null, nullErr := os.Stat(os.DevNull)
	return err == nil && nullErr == nil && os.SameFile(out, null) && flags&unix.O_ACCMODE == unix.O_RDWR
}
