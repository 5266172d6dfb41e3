//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// together lets what a program starts, such as a served sandbox, end with it when its time is
// over.
func together(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}
