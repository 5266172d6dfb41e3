package sandbox

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// agentVariable names the program of an installed official agent, such as
// /usr/local/share/aliyun-assist/2.2.3.578/aliyun-service. It is copied and run in a folder of the test's
// own, beside which it keeps what it registers; its PATH is empty, so that it restarts no service of this
// machine.
const agentVariable = "ALIYUN_ASSIST_AGENT"

// officialAgent is a copy of the official agent that is sent to a sandbox.
type officialAgent struct {
	t       *testing.T
	program string
	env     []string
}

func newOfficialAgent(t *testing.T, s *Sandbox) *officialAgent {
	installed := os.Getenv(agentVariable)
	if installed == "" {
		t.Skip(agentVariable + " names no official agent")
	}
	if runtime.GOOS != "linux" {
		t.Skip("written for the agent's Linux version")
	}
	folder := t.TempDir()
	a := &officialAgent{t: t, program: filepath.Join(folder, "version", "aliyun-service")}
	noError(t, os.Mkdir(filepath.Dir(a.program), 0o700))
	copyProgram(t, installed, a.program)
	certificate, err := s.Authority(t.Context())
	noError(t, err)
	host := strings.TrimPrefix(startTLS(t, s).url, "https://")
	a.env = []string{"ALIYUN_ASSIST_SERVER_HOST=" + host, "ALIYUN_ASSIST_CERT_PATH=" + certificate, "HOME=" + folder, "PATH="}
	return a
}

func copyProgram(t *testing.T, from, to string) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o700)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(out, in)
	noError(t, errors.Join(err, in.Close(), out.Close()))
}

// run runs the agent and returns what it prints. Its exit status proves nothing.
func (a *officialAgent) run(arguments ...string) string {
	a.t.Helper()
	command := exec.CommandContext(a.t.Context(), a.program, arguments...)
	command.Env, command.Dir = a.env, filepath.Dir(a.program)
	out, err := command.CombinedOutput()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		a.t.Fatal(err)
	}
	a.t.Logf("aliyun-service %s\n%s", arguments[0], out)
	return string(out)
}

// instance is the id with which it is registered, "" when it is not: the one proof there is.
func (a *officialAgent) instance() string {
	a.t.Helper()
	id, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(a.program)), "hybrid", "instance-id"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		a.t.Fatal(err)
	}
	return string(id)
}

func TestTheOfficialAgentRegistersAndDeregisters(t *testing.T) {
	s, c := start(t, Options{})
	a := newOfficialAgent(t, s)
	id, code := c.create("InstanceName", "web")
	disabled, disabledCode := c.create()
	c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", disabled)

	out := a.run("--register", "--RegionId", "cn-hangzhou", "--ActivationCode", disabledCode, "--ActivationId", disabled)
	if a.instance() != "" || !strings.Contains(out, "ActivationCode.Disabled") {
		t.Errorf("registered as %q with a disabled code", a.instance())
	}
	a.run("--register", "--RegionId", "cn-hangzhou", "--ActivationCode", code, "--ActivationId", id, "--InstanceName", "box", "--tag", "env=prod")
	machines := c.machines("Tag.1.Key", "env")
	if len(machines) != 1 || a.instance() != machines[0]["InstanceId"] || machines[0]["InstanceName"] != "box" || machines[0]["OsType"] != "linux" {
		t.Fatalf("%q, %v", a.instance(), machines)
	}
	a.run("--deregister")
	if a.instance() != "" || len(c.machines()) != 0 {
		t.Errorf("still registered: %q, %v", a.instance(), c.machines())
	}
}
