package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// server is a running "sandbox serve", and what it has exported.
type server struct {
	cmd                   *exec.Cmd
	keyId, secret, domain string
}

// serve starts a server on the state in a folder, with room for all that will be made.
func serve(binary, folder string) (*server, error) {
	cmd := exec.Command(binary, "sandbox", "serve", "--quota", "100000000")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "XDG_STATE_HOME=" + folder}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	exports := map[string]string{}
	for lines := bufio.NewScanner(out); exports["ECS_ACTIVATION_ENDPOINT"] == ""; {
		if !lines.Scan() {
			return nil, errors.Join(errors.New("the sandbox did not start"), cmd.Process.Kill(), cmd.Wait())
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		exports[name] = strings.Trim(value, "'")
	}
	return &server{
		cmd: cmd, keyId: exports["ALIBABA_CLOUD_ACCESS_KEY_ID"], secret: exports["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
		domain: strings.TrimPrefix(exports["ECS_ACTIVATION_ENDPOINT"], "http://"),
	}, nil
}

// kill ends the server as kill -9 does.
func (s *server) kill() error {
	if err := s.cmd.Process.Kill(); err != nil {
		return err
	}
	var exit *exec.ExitError
	if err := s.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// cpu is the processor time the server has used, 0 where the system does not tell it in
// Linux's way.
func (s *server) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(stat), ") ")
	var user, system int64
	fields := strings.Fields(after)
	if len(fields) < 13 {
		return 0
	}
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
