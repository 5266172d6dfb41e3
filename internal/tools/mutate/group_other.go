//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// killGroup only sets a timeout here: this system cannot kill the processes that the program started.
func killGroup(cmd *exec.Cmd) { cmd.WaitDelay = 5 * time.Second }
