package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"

	"ecs-activation/internal/tools/pty"
)

const columns = 80

// home is the home folder in the picture.
const home = "/home/ops"

// step is a part of the story. Only a step that is shown is in the picture, with its output; only it may fail.
type step struct {
	shown   bool
	command string
}

// story prepares codes in all states, and shows a create, a list and an error. The time left in the list is half a
// minute from the next minute, so that it is the same at each run.
var story = []step{
	{false, `eval "$(ecs-activation create -o env --instance-name lab --instance-count 10)"
		for n in 1 2 3 4 5 6 7 8 9 10; do ecs-activation sandbox register "$ACTIVATION_ID" "$ACTIVATION_CODE"; done
		ecs-activation sandbox advance 20m
		eval "$(ecs-activation create -o env --instance-name old)"
		ecs-activation disable --yes "$ACTIVATION_ID"
		ecs-activation create -q --instance-name ci --ttl 1h
		ecs-activation sandbox advance 2h15m`},
	{true, `ecs-activation create --instance-name web --save web.json`},
	{false, `eval "$(ecs-activation ensure --save web.json --instance-name web -o env)"
		for n in 1 2 3 4; do ecs-activation sandbox register "$ACTIVATION_ID" "$ACTIVATION_CODE"; done
		ecs-activation sandbox advance 10m30s`},
	{true, `ecs-activation list`},
	{true, `ecs-activation create --instance-name 9web --ttl 99`},
}

// play runs the story in a new home folder and returns the text of the terminal.
func play(ctx context.Context, binary, language string) (text string, err error) {
	folder, err := os.MkdirTemp("", "picture")
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	if binary, err = filepath.Abs(binary); err == nil {
		err = os.Symlink(binary, filepath.Join(folder, "ecs-activation"))
	}
	if err != nil {
		return "", err
	}
	var shown []string
	for _, step := range story {
		out, failed, err := run(ctx, folder, language, step.command)
		switch {
		case err != nil:
			return "", err
		case step.shown:
			shown = append(shown, fmt.Sprintf("\x1b[2m$\x1b[0m %s\n%s", step.command, out))
		case failed:
			return "", fmt.Errorf("%s: %s", step.command, out)
		}
	}
	return strings.ReplaceAll(strings.Join(shown, "\n"), folder, home), nil
}

// run runs commands with a shell on a new terminal, until one fails, and returns what they printed, with plain line
// ends.
func run(ctx context.Context, folder, language, commands string) (out []byte, failed bool, err error) {
	control, device, err := pty.Open(columns)
	if err != nil {
		return nil, false, err
	}
	defer func() { err = errors.Join(err, control.Close()) }()
	cmd := exec.CommandContext(ctx, "sh", "-ec", commands)
	cmd.Dir = folder
	cmd.Env = []string{
		"HOME=" + folder, "PATH=" + folder + ":" + os.Getenv("PATH"), "TERM=xterm-256color", "LANG=C.UTF-8",
		"ECS_ACTIVATION_SANDBOX=1", "ECS_ACTIVATION_LANG=" + language,
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = device, device, device
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := errors.Join(cmd.Start(), device.Close()); err != nil {
		return nil, false, err
	}
	out, err = io.ReadAll(control)
	if err != nil && !errors.Is(err, syscall.EIO) { // Linux returns it at the end
		return nil, false, err
	}
	err = cmd.Wait()
	var exit *exec.ExitError
	if failed = errors.As(err, &exit); failed {
		err = nil
	}
	return bytes.ReplaceAll(out, []byte("\r\n"), []byte("\n")), failed, err
}

var (
	ids   = regexp.MustCompile(`[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}`)
	times = regexp.MustCompile(`20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ`)
)

// sample replaces what differs between two runs, IDs and times, with fixed values of the same length. The same ID
// gets the same value.
func sample(text string) string {
	samples := map[string]string{}
	text = ids.ReplaceAllStringFunc(text, func(id string) string {
		if samples[id] == "" {
			sum := sha256.Sum256([]byte{byte(len(samples))})
			samples[id] = fmt.Sprintf("%X-%X-%X-%X-%X", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
		}
		return samples[id]
	})
	return times.ReplaceAllString(text, "2026-11-22T22:10:40Z")
}
