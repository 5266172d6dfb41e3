//go:build unix

package main

import (
	"os/exec"
	"syscall"
	"time"
)

// killGroup makes a timeout kill the program and all processes that it started, such as a served
// sandbox.
func killGroup(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
}
