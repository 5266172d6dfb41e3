//go:build unix

package tools_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A tool that is interrupted, as by Ctrl-C, ends the programs that it has started and removes its temporary folders.
func TestAnInterruptLeavesNothingBehind(t *testing.T) {
	folder := t.TempDir()
	build := exec.Command("go", "build", "-o", folder, "../../cmd/ecs-activation", "./bench", "./load", "./mutate", "./soak")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for _, tool := range []string{"bench", "load", "mutate", "soak"} {
		t.Run(tool, func(t *testing.T) {
			t.Parallel()
			temporary := t.TempDir()
			cmd := exec.Command(filepath.Join(folder, tool))
			if tool == "load" || tool == "soak" {
				cmd.Args = append(cmd.Args, "-binary", filepath.Join(folder, "ecs-activation"))
			}
			cmd.Dir, cmd.Env = filepath.Join("..", ".."), append(os.Environ(), "TMPDIR="+temporary)
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
			var stderr bytes.Buffer
			cmd.Stderr = &stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			waitFor(t, "a temporary folder", func() bool { return !isEmpty(t, temporary) })
			if err := cmd.Process.Signal(os.Interrupt); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err == nil || !strings.Contains(stderr.String(), "interrupt") {
				t.Errorf("%v: %s", err, stderr.Bytes())
			}
			if !isEmpty(t, temporary) {
				t.Error("the temporary folder is not removed")
			}
			waitFor(t, "the end of all programs", func() bool { return syscall.Kill(-cmd.Process.Pid, 0) != nil })
		})
	}
}

func isEmpty(t *testing.T, folder string) bool {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	return len(entries) == 0
}

// waitFor waits at most ten seconds for a condition.
func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !condition(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("no ", what)
		}
	}
}
