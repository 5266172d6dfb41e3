//go:build !unix

package main

import (
	"os/exec"
	"time"
)

// together ends the program alone here; what it started ends by itself.
func together(cmd *exec.Cmd) { cmd.WaitDelay = 5 * time.Second }
