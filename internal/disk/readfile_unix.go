//go:build unix

package disk

import "syscall"

// doNotWait opens a named pipe without waiting for its writer.
const doNotWait = syscall.O_NONBLOCK
