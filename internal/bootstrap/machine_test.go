package bootstrap

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// These tests run the unchanged shell script in every installed shell, on a fake machine that
// consists of folders and a PATH: programs that are not in that PATH do not exist. The programs
// that download, install and register are fakes that record their arguments.

// machine is a fake machine on which a script runs.
type machine struct {
	*testing.T
	folder string
	shell  []string
	env    []string
}

// onEveryShell runs a test in each of the shells that the script supports, and skips
// those that are not installed.
func onEveryShell(t *testing.T, test func(*machine)) {
	if runtime.GOOS == "windows" {
		t.Skip("the script is for other systems")
	}
	for _, shell := range [][]string{{"sh"}, {"dash"}, {"bash"}, {"bash", "--posix"}, {"busybox", "sh"}} {
		t.Run(strings.Join(shell, " "), func(t *testing.T) {
			path := needs(t, shell[0])
			t.Parallel()
			test(newMachine(t, append([]string{path}, shell[1:]...)))
		})
	}
}

// needs returns the path of a program that a test runs, and skips the test where the program is
// not installed.
func needs(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skip(program + " is not installed")
	}
	return path
}

// newMachine returns an x86_64 machine with Debian 12 and curl, without an agent, and without a package manager.
func newMachine(t *testing.T, shell []string) *machine {
	m := &machine{T: t, folder: t.TempDir(), shell: shell}
	for _, folder := range []string{"bin", "calls", "tmp"} {
		if err := os.Mkdir(m.in(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sh", "cat", "cp", "mkdir", "mktemp", "rm", "tail", "tr"} {
		if err := os.Symlink(needs(t, name), m.in("bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	m.has("id", "echo 0")
	m.platform("Linux", "x86_64")
	m.write("ID=debian\nVERSION_ID=\"12\"\n", 0o600, "os-release")
	m.has("sleep", "")
	m.has("curl", `while [ "$#" -gt 1 ]; do [ "$1" != -o ] || echo package >"$2"; shift; done`)
	return m
}

func (m *machine) in(names ...string) string {
	return filepath.Join(append([]string{m.folder}, names...)...)
}

// has installs a fake program on the machine. It records its arguments and its proxy variables.
func (m *machine) has(name, body string) {
	m.Helper()
	text := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\0' \"$@\" >>'%s'\nprintf '\\n' >>'%s'\n%s\n", m.in("calls", name), m.in("calls", name), body)
	m.write(text, 0o700, "bin", name)
}

// write writes a file. No other test may start a process meanwhile: that would inherit the open file, and a
// program that is open for writing cannot be run ("text file busy").
func (m *machine) write(text string, mode os.FileMode, names ...string) {
	m.Helper()
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	file := m.in(names...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), mode)); err != nil {
		m.Fatal(err)
	}
}

// platform sets the names of the system and of the architecture.
func (m *machine) platform(system, architecture string) {
	m.Helper()
	m.has("uname", "case $1 in -s) echo "+system+" ;; -m) echo "+architecture+" ;; esac")
}

// lacks removes a program.
func (m *machine) lacks(name string) {
	m.Helper()
	if err := os.Remove(m.in("bin", name)); err != nil {
		m.Fatal(err)
	}
}

// agent installs a fake agent that runs body, or registers if body is empty. Its id file is
// $ID, and its proxy variables are written to calls/proxy.
func (m *machine) agent(body string) {
	m.Helper()
	m.has("aliyun-service", m.agentBody(body))
}

func (m *machine) agentBody(body string) string {
	return fmt.Sprintf("ID='%s'\nprintf %%s \"${ALIYUN_ASSIST_PROXY:-}\" >'%s'\n%s", m.in("assist", "hybrid", "instance-id"), m.in("calls", "proxy"), body)
}

const accepts = `mkdir -p "${ID%/*}"; echo "register ok"; printf mi-hz0123456789abc >"$ID"`

// packageManager is a program that installs the agent.
func (m *machine) packageManager(name string) {
	m.Helper()
	m.write("#!/bin/sh\nprintf '%s\\0' \"$@\" >>'"+m.in("calls", "aliyun-service")+"'\nprintf '\\n' >>'"+m.in("calls", "aliyun-service")+"'\n"+m.agentBody(accepts)+"\n", 0o700, "package")
	m.has(name, fmt.Sprintf("cp '%s' '%s'", m.in("package"), m.in("bin", "aliyun-service")))
}

// run runs the script of a registration.
func (m *machine) run(r Registration) (stdout, stderr string, status int) {
	m.Helper()
	script := strings.NewReplacer(
		"/usr/local/share/aliyun-assist", m.in("assist"), "/etc/os-release", m.in("os-release"), "/etc/redhat-release", m.in("redhat-release"),
		"/etc/SuSE-release", m.in("SuSE-release"), ":/usr/local/sbin:/usr/sbin:/sbin", "",
	).Replace(textOf(m, Shell, r))
	file := m.in("register.sh")
	m.write(script, 0o700, "register.sh")
	cmd := exec.Command(m.shell[0], append(m.shell[1:], file)...)
	cmd.Env = append([]string{"PATH=" + m.in("bin"), "TMPDIR=" + m.in("tmp")}, m.env...)
	cmd.Dir = m.folder
	var out, errs bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errs
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		status = exit.ExitCode()
	} else if err != nil {
		m.Fatal(err)
	}
	m.Logf("exit status %d\n%s%s", status, &out, &errs)
	if left, err := os.ReadDir(m.in("tmp")); err != nil || len(left) > 0 {
		m.Errorf("it leaves %v, %v", left, err)
	}
	if strings.Contains(out.String()+errs.String(), r.ActivationCode) {
		m.Error("it shows the code")
	}
	return out.String(), errs.String(), status
}

// calls returns the arguments of every call of a program.
func (m *machine) calls(name string) [][]string {
	m.Helper()
	text, err := os.ReadFile(m.in("calls", name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		m.Fatal(err)
	}
	var calls [][]string
	for line := range strings.Lines(string(text)) {
		calls = append(calls, strings.Split(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\x00"), "\x00"))
	}
	return calls
}
