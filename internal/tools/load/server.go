package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"

	"ecs-activation/internal/tools/served"
)

// server is a running "sandbox serve" with the variables that it printed.
type server struct {
	*served.Sandbox
	keyId, secret, domain string
}

// serve starts a server with the state in a folder and a quota that is large enough.
func serve(ctx context.Context, binary, folder string) (*server, error) {
	cmd := exec.CommandContext(ctx, binary, "sandbox", "serve", "--quota", "100000000")
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + folder, "XDG_STATE_HOME=" + folder}
	s, err := served.Start(cmd)
	if err != nil {
		return nil, err
	}
	return &server{
		Sandbox: s, keyId: s.Exports["ALIBABA_CLOUD_ACCESS_KEY_ID"], secret: s.Exports["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
		domain: strings.TrimPrefix(s.Exports["ECS_ACTIVATION_ENDPOINT"], "http://"),
	}, nil
}

// cpu returns the processor time of the server, or 0 on systems other than Linux.
func (s *server) cpu() time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.Cmd.Process.Pid))
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
