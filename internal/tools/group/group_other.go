//go:build !unix

package group

import (
	"os/exec"
	"time"
)

// Kill only limits a wait here: this system cannot kill the processes that the program started.
func Kill(cmd *exec.Cmd) { cmd.WaitDelay = 5 * time.Second }
