package bootstrap

import (
	"os"
	"strconv"
	"strings"
	"testing"
)

// Contents of /etc/os-release and of the files of older systems. A system is documented, or the script
// prints a warning with its name, and installs the agent nevertheless.
func TestASystemThatIsNotDocumentedIsReported(t *testing.T) {
	for name, test := range map[string]struct{ file, text, warns string }{
		"Debian 12":           {"os-release", "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nID=debian\nVERSION_ID=\"12\"\n", ""},
		"the first Debian":    {"os-release", "ID=debian\nVERSION_ID=\"8\"\n", ""},
		"an old Debian":       {"os-release", "PRETTY_NAME=\"Debian 7\"\nID=debian\nVERSION_ID=\"7\"\n", "Debian 7"},
		"an unstable Debian":  {"os-release", "PRETTY_NAME=\"Debian GNU/Linux trixie/sid\"\nID=debian\n", "Debian GNU/Linux trixie/sid"},
		"the first Ubuntu":    {"os-release", "ID=ubuntu\nVERSION_ID=\"12.04\"\n", ""},
		"a new Ubuntu":        {"os-release", "ID=ubuntu\nVERSION_ID=\"30.04\"\n", ""},
		"an old Ubuntu":       {"os-release", "PRETTY_NAME='Ubuntu 10.04'\nID=ubuntu\nVERSION_ID=\"10.04\"\n", "Ubuntu 10.04"},
		"Alibaba Cloud Linux": {"os-release", "ID=\"alinux\"\nVERSION_ID=\"2.1903\"\n", ""},
		"CentOS Stream":       {"os-release", "ID=\"centos\"\nVERSION_ID=\"9\"\n", ""},
		"Red Hat 9":           {"os-release", "ID=\"rhel\"\nVERSION_ID=\"9.4\"\n", ""},
		"SLES":                {"os-release", "ID=\"sles\"\nVERSION_ID=\"11.4\"\n", ""},
		"SLES for SAP":        {"os-release", "ID=\"sles_sap\"\nVERSION_ID=\"15.6\"\n", ""},
		"openSUSE Leap":       {"os-release", "ID=\"opensuse-leap\"\nVERSION_ID=\"15.6\"\n", ""},
		"Tumbleweed":          {"os-release", "ID=\"opensuse-tumbleweed\"\n", ""},
		"CoreOS":              {"os-release", "ID=coreos\nVERSION_ID=2512.3.0\n", ""},
		"Fedora":              {"os-release", "PRETTY_NAME=\"Fedora Linux 42\"\nID=fedora\nVERSION_ID=42\n", "Fedora Linux 42"},
		"Rocky Linux":         {"os-release", "PRETTY_NAME=\"Rocky Linux 9\"\nID=rocky\nID_LIKE=\"rhel centos fedora\"\nVERSION_ID=9\n", "Rocky Linux 9"},
		"part of an ID":       {"os-release", "PRETTY_NAME=X\nID=deb\nVERSION_ID=12\n", "X"},
		"without a name":      {"os-release", "ID=arch\n", "this Linux system"},
		"control characters":  {"os-release", "PRETTY_NAME=$(printf 'A\\033[31mB')\nID=arch\n", "A[31mB"},
		"a damaged file":      {"os-release", "ID=\"debian\nVERSION_ID=12\n", "this Linux system"},
		"variables of ours":   {"os-release", "ID=debian\nVERSION_ID=12\ncode=x\nproxy=http://x\npackage=x\n", ""},
		"CentOS 6":            {"redhat-release", "CentOS release 6.10 (Final)\n", ""},
		"CentOS 5":            {"redhat-release", "CentOS release 5.11 (Final)\n", "CentOS release 5.11 (Final)"},
		"Red Hat 5":           {"redhat-release", "Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n", ""},
		"Red Hat 4":           {"redhat-release", "Red Hat Enterprise Linux AS release 4 (Nahant)\n", "Red Hat Enterprise Linux AS release 4 (Nahant)"},
		"SLES 11":             {"SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\n", ""},
		"SLES 10":             {"SuSE-release", "SUSE Linux Enterprise Server 10 (x86_64)\n", "SUSE Linux Enterprise Server 10 (x86_64)"},
		"openSUSE 12":         {"SuSE-release", "openSUSE 12.1 (x86_64)\n", ""},
		"no file":             {"other", "", "this Linux system"},
	} {
		t.Run(name, func(t *testing.T) {
			onEveryShell(t, func(m *machine) {
				if err := os.Remove(m.in("os-release")); err != nil {
					m.Fatal(err)
				}
				m.write(test.text, 0o600, test.file)
				m.packageManager("dpkg")
				_, stderr, status := m.run(plain)
				if want := warning(test.warns); status != 0 || !strings.HasSuffix(stderr, want) || want == "" && stderr != "" {
					m.Errorf("%d %q, want %q", status, stderr, want)
				}
				if proxy, err := os.ReadFile(m.in("calls", "proxy")); err != nil || len(proxy) > 0 {
					m.Errorf("the proxy is %q, %v", proxy, err)
				}
			})
		})
	}
}

func TestAPlatformThatCannotRunTheAgentIsAnError(t *testing.T) {
	for _, test := range []struct{ system, architecture string }{
		{"Darwin", "arm64"}, {"FreeBSD", "amd64"}, {"SunOS", "i86pc"}, {"Linux", "i686"}, {"Linux", "i386"},
	} {
		onEveryShell(t, func(m *machine) {
			m.platform(test.system, test.architecture)
			m.packageManager("dpkg")
			platform := test.system + " " + test.architecture
			stdout, stderr, status := m.run(plain)
			want := "register: error: the agent cannot run on " + platform + "; nothing was changed. Documented systems: " +
				documented() + ". To try it nevertheless, set REGISTER_ANY_SYSTEM=1\n"
			if status != 1 || stdout != "" || stderr != want || len(m.calls("id")) > 0 || len(m.calls("curl")) > 0 {
				m.Errorf("%d %q %q", status, stdout, stderr)
			}
			m.env = []string{"REGISTER_ANY_SYSTEM=1"}
			_, stderr, status = m.run(plain)
			if runs := test.architecture != "i86pc"; (status == 0) != runs || !strings.HasPrefix(stderr, "register: warning: the agent cannot run on "+platform+"\n") {
				m.Errorf("with the variable: %d %q", status, stderr)
			}
		})
	}
}

// The list is about the installation, so it says nothing if there is an agent.
func TestAnInstalledAgentNeedsNoDocumentedSystem(t *testing.T) {
	onEveryShell(t, func(m *machine) {
		m.platform("Linux", "i686")
		m.write("ID=fedora\n", 0o600, "os-release")
		m.agent(accepts)
		if _, stderr, status := m.run(plain); status != 0 || stderr != "" {
			m.Errorf("%d %q", status, stderr)
		}
	})
}

func TestEverySystemIsConsistentAndInTheDocumentation(t *testing.T) {
	page, err := os.ReadFile("../../docs/machines.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range systems() {
		row := "| " + s.text + " | " + ids(s) + " |\n"
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/machines.md has no row %q", row)
		}
		version := strings.IndexAny(s.text, "0123456789")
		if s.since == 0 != (version < 0) || s.since > 0 && !strings.HasPrefix(s.text[version:], strconv.Itoa(s.since)+"/") {
			t.Errorf("%q begins with %d", s.text, s.since)
		}
	}
	if source := systemsPage + ", " + systemsDate; !strings.Contains(string(page), source) {
		t.Errorf("docs/machines.md does not name the source %q", source)
	}
}

// ids returns the IDs of a system as the documentation shows them.
func ids(s system) string {
	if s.ids == "" {
		return "Windows"
	}
	return "`" + strings.Join(strings.Fields(s.ids), "`, `") + "`"
}

// warning returns the warning about a system with a name, or "" if there is none.
func warning(name string) string {
	if name == "" {
		return ""
	}
	return "register: warning: " + name + " is not a documented system for the agent. Documented systems: " + documented() + "\n"
}
