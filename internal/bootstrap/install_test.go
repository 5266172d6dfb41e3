package bootstrap

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestThePackageFitsTheMachine(t *testing.T) {
	const suse, leap = "NAME=SLES\nID=\"sles\"\nVERSION_ID=\"16.0\"\n", "ID=opensuse-leap\nVERSION_ID=16.0\n"
	for name, test := range map[string]struct{ machine, tools, release, want string }{
		"Debian":         {"x86_64", "dpkg", "", "linux/aliyun_assist_latest.deb"},
		"Debian on arm":  {"aarch64", "dpkg", "", "arm/aliyun-assist_latest-1_arm64.deb"},
		"both tools":     {"x86_64", "dpkg rpm", "", "linux/aliyun_assist_latest.deb"},
		"CentOS":         {"x86_64", "rpm", "ID=centos\nVERSION_ID=7\n", "linux/aliyun_assist_latest.rpm"},
		"CentOS on arm":  {"arm64", "rpm", "", "arm/aliyun-assist-latest-1.aarch64.rpm"},
		"SLES 16":        {"x86_64", "rpm", suse, "linux/aliyun_assist_latest_x86_64.rpm"},
		"openSUSE 16":    {"x86_64", "rpm", leap, "linux/aliyun_assist_latest_x86_64.rpm"},
		"SLES 15":        {"x86_64", "rpm", strings.Replace(suse, "16.0", "15.6", 1), "linux/aliyun_assist_latest.rpm"},
		"SLES 16 on arm": {"aarch64", "rpm", suse, "arm/aliyun-assist-latest-1.aarch64.rpm"},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryShell(t, func(m *machine) {
				m.platform("Linux", test.machine)
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
			m.platform("Linux", test.machine)
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

func TestTheProxyIsUsedByTheDownloadAndTheAgent(t *testing.T) {
	given := plain
	given.Proxy = "http://given.example:3128"
	for name, test := range map[string]struct {
		registration Registration
		env          []string
		want         string
	}{
		"given":                        {given, []string{"https_proxy=http://other.example:1"}, "http://given.example:3128"},
		"the agent's from the machine": {plain, []string{"ALIYUN_ASSIST_PROXY=http://assist.example:1", "https_proxy=http://other.example:1"}, "http://assist.example:1"},
		"https_proxy of the machine":   {plain, []string{"https_proxy=http://machine.example:1"}, "http://machine.example:1"},
		"HTTPS_PROXY of the machine":   {plain, []string{"HTTPS_PROXY=http://machine.example:1"}, "http://machine.example:1"},
		"none":                         {plain, nil, ""},
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
		if status != 1 || strings.Count(stderr, "no such host") != 3 || !strings.Contains(stderr, "register: error: cannot download the agent from https://") {
			m.Errorf("%d %q", status, stderr)
		}
		if len(m.calls("dpkg")) > 0 {
			m.Error("something was installed")
		}
	})
}

func TestWgetIsUsedWithoutCurl(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.lacks("curl")
		m.packageManager("dpkg")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "curl or wget is required") {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("wget", "")
		if _, _, status := m.run(plain); status != 0 || len(m.calls("wget")) != 1 {
			m.Errorf("%d %q", status, m.calls("wget"))
		}
	})
}

// At the first boot another process often holds the lock of the package manager.
func TestAFailedInstallationIsRetriedAndReported(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.has("dpkg", "echo 'dpkg: the frontend lock is held' >&2; exit 2")
		_, stderr, status := m.run(plain)
		if status != 1 || len(m.calls("dpkg")) != 6 || !strings.HasSuffix(stderr, "register: error: cannot install the agent with dpkg\n") {
			m.Errorf("%d %q", status, stderr)
		}
		m.has("dpkg", "")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "aliyun-service was not found") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestAMachineThatCannotInstallTheAgentIsReported(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "dpkg, rpm, or unzip with bash is required") {
			m.Errorf("%d %q", status, stderr)
		}
		m.platform("Linux", "riscv64")
		if _, stderr, status := m.run(plain); status != 1 || !strings.Contains(stderr, "no agent is available for this architecture: riscv64") {
			m.Errorf("%d %q", status, stderr)
		}
	})
}
