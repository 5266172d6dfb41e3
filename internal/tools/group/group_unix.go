//go:build unix

package group

import (
	"os/exec"
	"syscall"
	"time"
)

// Kill makes the end of the context of a command kill the program and all processes that it started.
func Kill(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}
