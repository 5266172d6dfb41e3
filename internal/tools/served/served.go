// Package served starts "ecs-activation sandbox serve" for the tools that test and measure the program.
package served

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// Sandbox is a running "sandbox serve".
type Sandbox struct {
	Cmd     *exec.Cmd
	Exports map[string]string // the environment variables that it prints
}

// Start runs a command that serves the sandbox, and returns when the sandbox is ready. An error has what the command
// printed to standard error.
func Start(cmd *exec.Cmd) (*Sandbox, error) {
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	s := &Sandbox{cmd, map[string]string{}}
	for lines := bufio.NewScanner(out); s.Exports["ECS_ACTIVATION_ENDPOINT"] == ""; { // the last variable
		if !lines.Scan() {
			return nil, errors.Join(s.Kill(), fmt.Errorf("the sandbox did not start: %s", stderr.Bytes()))
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		s.Exports[name] = strings.Trim(value, "'")
	}
	return s, nil
}

// Kill kills the process with SIGKILL.
func (s *Sandbox) Kill() error {
	if err := s.Cmd.Process.Kill(); err != nil {
		return err
	}
	var exit *exec.ExitError
	if err := s.Cmd.Wait(); err != nil && !errors.As(err, &exit) && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}
