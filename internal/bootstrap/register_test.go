package bootstrap

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

// The shell script is run as it is, in every shell that is here, on a machine of which only
// the folders and the PATH are made up: what is not on that PATH is not there. The programs
// that would download, install and register are stand-ins that note how they were called.

// machine is where a script runs.
type machine struct {
	*testing.T
	folder string
	shell  []string
	env    []string
}

// onEveryShell runs a test in each of the shells that the script promises to work in.
func onEveryShell(t *testing.T, test func(*machine)) {
	if runtime.GOOS == "windows" {
		t.Skip("the script is for other systems")
	}
	ran := 0
	for _, shell := range [][]string{{"dash"}, {"bash"}, {"bash", "--posix"}, {"busybox", "sh"}} {
		path, err := exec.LookPath(shell[0])
		if err != nil {
			continue
		}
		ran++
		t.Run(strings.Join(shell, " "), func(t *testing.T) {
			t.Parallel()
			test(newMachine(t, append([]string{path}, shell[1:]...)))
		})
	}
	if ran == 0 {
		t.Skip("there is no shell here")
	}
}

// newMachine is an x86_64 machine with curl, without an agent, and without a package manager.
func newMachine(t *testing.T, shell []string) *machine {
	m := &machine{T: t, folder: t.TempDir(), shell: shell}
	for _, folder := range []string{"bin", "calls", "tmp"} {
		if err := os.Mkdir(m.in(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"sh", "cat", "cp", "env", "mkdir", "mktemp", "rm", "tail", "tr"} {
		real, err := exec.LookPath(name)
		if err != nil {
			t.Skip(err)
		}
		if err := os.Symlink(real, m.in("bin", name)); err != nil {
			t.Fatal(err)
		}
	}
	m.has("id", "echo 0")
	m.has("uname", "echo x86_64")
	m.has("sleep", "")
	m.has("curl", `while [ "$#" -gt 1 ]; do [ "$1" != -o ] || echo package >"$2"; shift; done`)
	return m
}

func (m *machine) in(names ...string) string {
	return filepath.Join(append([]string{m.folder}, names...)...)
}

// has puts a program on the machine. It notes its arguments and what it was told of a proxy.
func (m *machine) has(name, body string) {
	m.Helper()
	text := fmt.Sprintf("#!/bin/sh\nprintf '%%s\\0' \"$@\" >>'%s'\nprintf '\\n' >>'%s'\n%s\n", m.in("calls", name), m.in("calls", name), body)
	m.write(text, 0o700, "bin", name)
}

func (m *machine) write(text string, mode os.FileMode, names ...string) {
	m.Helper()
	file := m.in(names...)
	if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), mode)); err != nil {
		m.Fatal(err)
	}
}

// lacks takes a program away.
func (m *machine) lacks(name string) {
	m.Helper()
	if err := os.Remove(m.in("bin", name)); err != nil {
		m.Fatal(err)
	}
}

// agent puts the agent on the machine: one that registers, or what body says. Its id file is
// $ID, and what it was told of a proxy goes to calls/proxy.
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
		"/usr/local/share/aliyun-assist", m.in("assist"), "/etc/os-release", m.in("os-release"), ":/usr/local/sbin:/usr/sbin:/sbin", "",
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

// calls are the arguments of every call of a program.
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

var plain = Registration{RegionId: "cn-hangzhou", ActivationId: "4ECEEE12-56F1-4FBC-9AB1-890F12345678", ActivationCode: "a-hz0152v+/8Y="}

func TestAMachineIsRegisteredOnce(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.packageManager("dpkg")
		stdout, stderr, status := m.run(plain)
		if status != 0 || stderr != "" || !strings.HasSuffix(stdout, "register: this machine is registered as mi-hz0123456789abc\n") {
			m.Errorf("%d %q %q", status, stdout, stderr)
		}
		want := [][]string{{"--register", "--RegionId=cn-hangzhou", "--ActivationId=" + plain.ActivationId, "--ActivationCode=" + plain.ActivationCode}}
		if got := m.calls("aliyun-service"); !slices.EqualFunc(got, want, slices.Equal) {
			m.Errorf("the agent was called with %q", got)
		}

		stdout, stderr, status = m.run(plain)
		if status != 0 || stderr != "" || stdout != "register: this machine is registered already, as mi-hz0123456789abc\n" {
			m.Errorf("the second time: %d %q %q", status, stdout, stderr)
		}
		if len(m.calls("aliyun-service")) != 1 || len(m.calls("dpkg")) != 1 || len(m.calls("curl")) != 1 {
			m.Error("the second time did something")
		}
	})
}

func TestEveryOptionReachesTheAgentAsItIs(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(accepts)
		r := hangzhou
		r.ActivationCode = "-n 'x' \"$(touch broken)\" `touch broken` \\+/= 激活码\n\n"
		r.Tags = []activation.Tag{{TagKey: "it's", TagValue: "$HOME; touch broken"}, {TagKey: "two", TagValue: "lines\nof it"}}
		if _, _, status := m.run(r); status != 0 {
			m.Error(status)
		}
		call, err := os.ReadFile(m.in("calls", "aliyun-service"))
		want := "--register\x00--RegionId=cn-hangzhou\x00--ActivationId=" + r.ActivationId + "\x00--InstanceName=web-07\x00--NetworkMode=vpc" +
			"\x00--tag=it's=$HOME; touch broken\x00--tag=two=lines\nof it\x00--ActivationCode=" + r.ActivationCode + "\x00\n"
		if err != nil || string(call) != want {
			m.Errorf("the agent was called with\n%q, want\n%q", call, want)
		}
		if _, err := os.Stat(m.in("broken")); err == nil {
			m.Error("a value was run")
		}
	})
}

// Old agents exit with 0 when they are refused.
func TestARefusalIsAFailureWithItsReasonAndWithoutTheCode(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`echo "one"; echo "the code $4 is expired"; printf 'url-encoded a-hz0152v%%2B%%2F8Y%%3D\n'; printf 'reason:\033[31m \346\277\200 expired' >&2`)
		stdout, stderr, status := m.run(plain)
		want := "register: the agent said last (exit status 0):\n  one\n  (a line that holds the code)\n  (a line that holds the code)\n  reason:[31m 激 expired\n" +
			"register: error: this machine was not registered: is the code expired, disabled or used up, of another region, or not for this address?\n"
		if status != 1 || stdout != "" || stderr != want {
			m.Errorf("%d %q\n%q, want\n%q", status, stdout, stderr, want)
		}
		if waits := len(m.calls("sleep")); waits != 9 {
			m.Errorf("it waited %d times for the id", waits)
		}
	})
}

func TestAnAgentThatSucceedsWithoutAnIDHasFailed(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`mkdir -p "${ID%/*}"; : >"$ID"; echo "register ok"`)
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "  register ok\n") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestAnAgentThatFailsIsNotWaitedFor(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`echo "unknown flag"; exit 2`)
		_, stderr, status := m.run(plain)
		if status != 1 || !strings.Contains(stderr, "(exit status 2):\n  unknown flag\n") || len(m.calls("sleep")) > 0 {
			m.Errorf("%d %q %q", status, stderr, m.calls("sleep"))
		}
	})
}

func TestAnIDThatComesLateCounts(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent("echo begun")
		m.has("sleep", `mkdir -p "`+m.in("assist", "hybrid")+`"; [ "$(cat '`+m.in("calls", "sleep")+`' | tr -cd '\n' | tr '\n' x)" != xxx ] || echo mi-late >'`+m.in("assist", "hybrid", "instance-id")+"'")
		if stdout, _, status := m.run(plain); status != 0 || stdout != "register: this machine is registered as mi-late\n" {
			m.Errorf("%d %q", status, stdout)
		}
	})
}

func TestThePackageIsTheMachines(t *testing.T) {
	const suse, leap = "NAME=SLES\nID=\"sles\"\nVERSION_ID=\"16.0\"\n", "ID=opensuse-leap\nVERSION_ID=16.0\n"
	for name, test := range map[string]struct{ machine, tools, release, want string }{
		"Debian":             {"x86_64", "dpkg", "", "linux/aliyun_assist_latest.deb"},
		"Debian on arm":      {"aarch64", "dpkg", "", "arm/aliyun-assist_latest-1_arm64.deb"},
		"both tools":         {"x86_64", "dpkg rpm", "", "linux/aliyun_assist_latest.deb"},
		"CentOS":             {"x86_64", "rpm", "ID=centos\nVERSION_ID=7\n", "linux/aliyun_assist_latest.rpm"},
		"an old kernel name": {"i686", "rpm", "", "linux/aliyun_assist_latest.rpm"},
		"CentOS on arm":      {"arm64", "rpm", "", "arm/aliyun-assist-latest-1.aarch64.rpm"},
		"SLES 16":            {"x86_64", "rpm", suse, "linux/aliyun_assist_latest_x86_64.rpm"},
		"openSUSE 16":        {"x86_64", "rpm", leap, "linux/aliyun_assist_latest_x86_64.rpm"},
		"SLES 15":            {"x86_64", "rpm", strings.Replace(suse, "16.0", "15.6", 1), "linux/aliyun_assist_latest.rpm"},
		"SLES 16 on arm":     {"aarch64", "rpm", suse, "arm/aliyun-assist-latest-1.aarch64.rpm"},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryShell(t, func(m *machine) {
				m.has("uname", "echo "+test.machine)
				for tool := range strings.FieldsSeq(test.tools) {
					m.packageManager(tool)
				}
				if test.release != "" {
					m.write(test.release, 0o600, "os-release")
				}
				if _, _, status := m.run(plain); status != 0 {
					m.Error(status)
				}
				want := "https://aliyun-client-assist.oss-accelerate.aliyuncs.com/" + test.want
				if calls := m.calls("curl"); len(calls) != 1 || calls[0][len(calls[0])-1] != want {
					m.Errorf("%q is downloaded, want %s", calls, want)
				}
				used, _, _ := strings.Cut(test.tools, " ")
				calls := m.calls(used)
				if len(calls) != 1 || filepath.Base(calls[0][len(calls[0])-1]) != filepath.Base(test.want) {
					m.Errorf("%s is called with %q", used, calls)
				}
			})
		})
	}
}

func TestWithoutAPackageManagerTheArchiveIsUnpacked(t *testing.T) {
	for _, test := range []struct{ machine, want string }{
		{"x86_64", "linux/aliyun_assist_latest_update.zip"}, {"aarch64", "arm/aliyun_assist_latest_update_arm.zip"},
	} {
		onEveryShell(t, func(m *machine) {
			m.has("uname", "echo "+test.machine)
			m.has("bash", `. "$1"`)
			m.write(m.agentBody(accepts), 0o700, "service")
			m.has("unzip", fmt.Sprintf(`while [ "$1" != -d ]; do shift; done
				mkdir -p "$2/2.2.3.578" && cp '%s' "$2/2.2.3.578/aliyun-service" && echo 'echo updating' >"$2/2.2.3.578/update_install"`, m.in("service")))
			stdout, _, status := m.run(plain)
			if status != 0 || !strings.Contains(stdout, test.want) || !strings.Contains(stdout, "\nupdating\n") {
				m.Errorf("%d %q", status, stdout)
			}
			if calls := m.calls("bash"); len(calls) != 1 || calls[0][0] != m.in("assist", "2.2.3.578", "update_install") {
				m.Errorf("bash runs %q", calls)
			}
		})
	}
}

func TestTheProxyReachesTheDownloadAndTheAgent(t *testing.T) {
	given := plain
	given.Proxy = "http://given.example:3128"
	for name, test := range map[string]struct {
		registration Registration
		env          []string
		want         string
	}{
		"given":                           {given, []string{"https_proxy=http://other.example:1"}, "http://given.example:3128"},
		"the agent's from the machine":    {plain, []string{"ALIYUN_ASSIST_PROXY=http://assist.example:1", "https_proxy=http://other.example:1"}, "http://assist.example:1"},
		"everybody's from the machine":    {plain, []string{"https_proxy=http://machine.example:1"}, "http://machine.example:1"},
		"everybody's, spelled in capital": {plain, []string{"HTTPS_PROXY=http://machine.example:1"}, "http://machine.example:1"},
		"none":                            {plain, nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryShell(t, func(m *machine) {
				m.env = test.env
				m.packageManager("rpm")
				m.has("curl", fmt.Sprintf(`printf %%s "${https_proxy:-}" >'%s'`, m.in("calls", "download-proxy")))
				if _, _, status := m.run(test.registration); status != 0 {
					m.Error(status)
				}
				for _, who := range []string{"download-proxy", "proxy"} {
					if got, err := os.ReadFile(m.in("calls", who)); err != nil || string(got) != test.want {
						m.Errorf("%s is %q, %v, want %q", who, got, err, test.want)
					}
				}
			})
		})
	}
}

func TestADownloadIsTriedThreeTimes(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.packageManager("dpkg")
		m.has("curl", "echo 'curl: (6) no such host' >&2; exit 6")
		_, stderr, status := m.run(plain)
		if status != 1 || strings.Count(stderr, "no such host") != 3 || !strings.Contains(stderr, "register: error: the agent cannot be downloaded from https://") {
			m.Errorf("%d %q", status, stderr)
		}
		if len(m.calls("dpkg")) > 0 {
			m.Error("something was installed")
		}
	})
}

func TestWithoutCurlThereIsWget(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.lacks("curl")
		m.packageManager("dpkg")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "it needs curl or wget") {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("wget", "")
		if _, _, status := m.run(plain); status != 0 || len(m.calls("wget")) != 1 {
			m.Errorf("%d %q", status, m.calls("wget"))
		}
	})
}

// At a first boot another process often holds the lock of the packages.
func TestAnInstallThatFailsIsTriedAgainAndThenToldOf(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.has("dpkg", "echo 'dpkg: the frontend lock is held' >&2; exit 2")
		_, stderr, status := m.run(plain)
		if status != 1 || len(m.calls("dpkg")) != 6 || !strings.HasSuffix(stderr, "register: error: the agent cannot be installed with dpkg\n") {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("dpkg", "")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "there is no aliyun-service") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestAMachineThatCannotHaveTheAgentIsToldSo(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "it needs dpkg, rpm, or unzip with bash") {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("uname", "echo riscv64")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "no agent for this kind of machine: riscv64") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestWithoutRootItUsesSudoAndTellsItNoCode(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.has("id", "echo 1000")
		m.agent(accepts)
		if _, stderr, status := m.run(plain); status != 1 || stderr != "register: error: it needs root: run it as root, or install sudo\n" {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("sudo", "exit 1")
		if _, stderr, status := m.run(plain); status != 1 || stderr != "register: error: it needs root, and sudo refused\n" {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("sudo", `"$@"`)
		if _, _, status := m.run(plain); status != 0 || len(m.calls("aliyun-service")) != 1 {
			m.Errorf("%d %q", status, m.calls("aliyun-service"))
		}
		if log, err := os.ReadFile(m.in("calls", "sudo")); err != nil || strings.Contains(string(log), plain.ActivationCode) {
			m.Errorf("sudo writes to the system's log: %q, %v", log, err)
		}
	})
}

func TestAScriptThatWasCutShortDoesNothing(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(accepts)
		script := textOf(m, Shell, plain)
		for cut := 0; cut < len(script)-len("main --RegionId='cn-hangzhou' --ActivationId=''"); cut += 97 {
			cmd := exec.Command(m.shell[0], append(m.shell[1:], "-c", script[:cut])...)
			cmd.Env, cmd.Dir = []string{"PATH=" + m.in("bin")}, m.folder
			_ = cmd.Run() // a syntax error, or nothing
		}
		if len(m.calls("id")) > 0 || len(m.calls("aliyun-service")) > 0 {
			m.Error("it did something")
		}
	})
}

func TestShellcheckFindsNothing(t *testing.T) {
	shellcheck, err := exec.LookPath("shellcheck")
	if err != nil {
		t.Skip("there is no shellcheck here")
	}
	for _, r := range []Registration{plain, hangzhou} {
		cmd := exec.Command(shellcheck, "--shell=sh", "-")
		cmd.Stdin = strings.NewReader(textOf(t, Shell, r))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// The names are those of reference pages of 2026, observed with agent 2.2.3.578.
func TestTheScriptsNameNothingElseOnTheMachine(t *testing.T) {
	for text, count := range map[string]int{"/usr/local/share/aliyun-assist": 1, "hybrid/instance-id": 1, "/etc/os-release": 2} {
		if got := strings.Count(shellBody, text); got != count {
			t.Errorf("the shell script names %s %d times, want %d", text, got, count)
		}
	}
}
