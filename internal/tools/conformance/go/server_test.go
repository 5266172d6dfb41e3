package conformance

import (
	"bufio"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// server is a running "sandbox serve" with a new state.
type server struct {
	folder       string // its HOME
	keys         keys
	url          *url.URL
	certificates string // of its certificate authority, as PEM; empty without --tls
}

type keys struct{ id, secret string }

// serve starts a server, which accepts requests when serve returns.
func serve(t *testing.T, flags []string) *server {
	t.Helper()
	s := &server{folder: t.TempDir()}
	process := s.sandbox(t, append([]string{"serve"}, flags...)...)
	output, err := process.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	s.read(t, bufio.NewScanner(output))
	return s
}

// sandbox returns a command of this sandbox.
func (s *server) sandbox(t *testing.T, args ...string) *exec.Cmd {
	command := exec.Command(*program, append([]string{"sandbox"}, args...)...)
	command.Env = append(os.Environ(), "HOME="+s.folder, "XDG_STATE_HOME="+s.folder)
	command.Stderr = t.Output()
	return command
}

// read reads the variables that a server prints. The last one is its address.
func (s *server) read(t *testing.T, lines *bufio.Scanner) {
	t.Helper()
	for s.url == nil && lines.Scan() {
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export "), "=")
		value = strings.Trim(value, "'")
		var err error
		switch name {
		case "ALIBABA_CLOUD_ACCESS_KEY_ID":
			s.keys.id = value
		case "ALIBABA_CLOUD_ACCESS_KEY_SECRET":
			s.keys.secret = value
		case "SSL_CERT_FILE":
			var pem []byte
			pem, err = os.ReadFile(value)
			s.certificates = string(pem)
		case "ECS_ACTIVATION_ENDPOINT":
			s.url, err = url.Parse(value)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if s.url == nil {
		t.Fatal("the server prints no address")
	}
}
