package bootstrap

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/activation"
)

var plain = Registration{RegionId: "cn-hangzhou", ActivationId: "4ECEEE12-56F1-4FBC-9AB1-890F12345678", ActivationCode: "a-hz0152v+/8Y="}

func TestAMachineIsRegisteredOnlyOnce(t *testing.T) {
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
		if status != 0 || stderr != "" || stdout != "register: this machine is already registered as mi-hz0123456789abc\n" {
			m.Errorf("the second time: %d %q %q", status, stdout, stderr)
		}
		if len(m.calls("aliyun-service")) != 1 || len(m.calls("dpkg")) != 1 || len(m.calls("curl")) != 1 {
			m.Error("the second time did something")
		}
	})
}

func TestTheAgentReceivesEveryOptionUnchanged(t *testing.T) {
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

// Old agents exit with 0 if the registration is refused.
func TestARefusedRegistrationFailsAndDoesNotShowTheCode(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`echo "one"; echo "the code $4 is expired"; printf 'url-encoded a-hz0152v%%2B%%2F8Y%%3D\n'; printf 'reason:\033[31m \346\277\200 expired' >&2`)
		stdout, stderr, status := m.run(plain)
		want := "register: last output of the agent (exit status 0):\n  one\n  (a line that contains the code)\n  (a line that contains the code)\n  reason:[31m 激 expired\n" +
			"register: error: this machine was not registered: the code may be expired, disabled, used up, for another region, or not allowed for this IP address\n"
		if status != 1 || stdout != "" || stderr != want {
			m.Errorf("%d %q\n%q, want\n%q", status, stdout, stderr, want)
		}
		if waits := len(m.calls("sleep")); waits != 9 {
			m.Errorf("it waited %d times for the id", waits)
		}
	})
}

// A code of the sandbox is refused before anything is installed, unless the agent is directed to the sandbox.
func TestACodeOfTheSandboxIsRefusedOnARealMachine(t *testing.T) {
	fromSandbox := plain
	fromSandbox.ActivationCode = "a-sandbox0152v+/8YabcdefghijkL0"
	onEveryShell(t, func(m *machine) {
		m.packageManager("dpkg")
		stdout, stderr, status := m.run(fromSandbox)
		if status != 1 || stdout != "" || !strings.HasPrefix(stderr, "register: error: this code is from the sandbox of ecs-activation and works only there") {
			m.Errorf("%d %q %q", status, stdout, stderr)
		}
		for _, program := range []string{"id", "curl", "dpkg", "aliyun-service"} {
			if calls := m.calls(program); len(calls) > 0 {
				m.Errorf("it ran %s %q", program, calls)
			}
		}
		m.env = []string{"ALIYUN_ASSIST_SERVER_HOST=127.0.0.1:8443"}
		if stdout, _, status := m.run(fromSandbox); status != 0 || !strings.HasSuffix(stdout, "this machine is registered as mi-hz0123456789abc\n") {
			m.Errorf("directed to the sandbox: %d %q", status, stdout)
		}
	})
}

func TestASuccessfulAgentWithoutAnIDIsAFailure(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`mkdir -p "${ID%/*}"; : >"$ID"; echo "register ok"`)
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "  register ok\n") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestTheScriptDoesNotWaitAfterTheAgentFailed(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent(`echo "unknown flag"; exit 2`)
		_, stderr, status := m.run(plain)
		if status != 1 || !strings.Contains(stderr, "(exit status 2):\n  unknown flag\n") || len(m.calls("sleep")) > 0 {
			m.Errorf("%d %q %q", status, stderr, m.calls("sleep"))
		}
	})
}

func TestTheScriptWaitsForTheID(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.agent("echo begun")
		m.has("sleep", `mkdir -p "`+m.in("assist", "hybrid")+`"; [ "$(cat '`+m.in("calls", "sleep")+`' | tr -cd '\n' | tr '\n' x)" != xxx ] || echo mi-late >'`+m.in("assist", "hybrid", "instance-id")+"'")
		if stdout, _, status := m.run(plain); status != 0 || stdout != "register: this machine is registered as mi-late\n" {
			m.Errorf("%d %q", status, stdout)
		}
	})
}

func TestWithoutRootTheScriptUsesSudoWithoutSecretArguments(t *testing.T) {
	behind := plain
	behind.Proxy = "http://machine:hunter2@proxy.example:3128"
	onEveryShell(t, func(m *machine) {
		m.has("id", "echo 1000")
		m.agent(accepts)
		if _, stderr, status := m.run(plain); status != 1 || stderr != "register: error: root is required: run this script as root, or install sudo\n" {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("sudo", "exit 1")
		if _, stderr, status := m.run(plain); status != 1 || stderr != "register: error: root is required, and sudo failed\n" {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("sudo", `"$@"`)
		if _, _, status := m.run(behind); status != 0 || len(m.calls("aliyun-service")) != 1 {
			m.Errorf("%d %q", status, m.calls("aliyun-service"))
		}
		if proxy, err := os.ReadFile(m.in("calls", "proxy")); err != nil || string(proxy) != behind.Proxy {
			m.Errorf("the agent gets %q, %v", proxy, err)
		}
		if log, err := os.ReadFile(m.in("calls", "sudo")); err != nil || strings.Contains(string(log), plain.ActivationCode) || strings.Contains(string(log), "hunter2") {
			m.Errorf("sudo writes to the system's log: %q, %v", log, err)
		}
	})
}

func TestAnIncompleteScriptDoesNothing(t *testing.T) {
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

func TestShellcheckReportsNothing(t *testing.T) {
	shellcheck := needs(t, "shellcheck")
	for _, r := range []Registration{plain, hangzhou} {
		cmd := exec.Command(shellcheck, "--shell=sh", "-")
		cmd.Stdin = strings.NewReader(textOf(t, Shell, r))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v\n%s", err, out)
		}
	}
}

// The names are those of reference pages of 2026, observed with agent 2.2.3.578.
func TestTheScriptsContainOnlyKnownNames(t *testing.T) {
	for text, count := range map[string]int{"/usr/local/share/aliyun-assist": 1, "hybrid/instance-id": 1, ". /etc/os-release\n": 1, "-r /etc/os-release ]": 1, "a-sandbox": 1} {
		if got := strings.Count(shellBody, text); got != count {
			t.Errorf("the shell script names %s %d times, want %d", text, got, count)
		}
	}
}
