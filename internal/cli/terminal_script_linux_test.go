package cli_test

import (
	"ecs-activation/internal/tools/pty"
	"errors"
	"io"
	"os"
	"os/exec"
	"syscall"
)

// runOnTerminal runs a command with a controlling terminal and returns its exit status. It types the content of
// the file input and the end of the input, reads until no process has the terminal open any more, and writes
// what was read to the file shown.
func runOnTerminal(input, shown string, stdin bool, args []string) (status int, err error) {
	typed, err := os.ReadFile(input)
	if err != nil {
		return 0, err
	}
	control, device, err := pty.Open(0)
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if stdin {
		cmd.Stdin = device
	}
	const first = 3 // the descriptor of the first of ExtraFiles
	cmd.ExtraFiles = []*os.File{device}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: first}
	if err := errors.Join(cmd.Start(), device.Close()); err != nil {
		return 0, err
	}
	const endOfInput = 4
	if _, err := control.Write(append(typed, endOfInput)); err != nil {
		return 0, err
	}
	text, err := io.ReadAll(control)
	if !errors.Is(err, syscall.EIO) { // Linux returns it at the end
		return 0, err
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = nil
	}
	return cmd.ProcessState.ExitCode(), errors.Join(err, os.WriteFile(shown, text, 0o600))
}
