package identity_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"ecs-activation/internal/sandbox"
)

// These tests run the real program. The SDK connects to sts.aliyuncs.com, so the
// fake STS is reached through HTTPS_PROXY, and trusted through SSL_CERT_FILE.

const programRole = "acs:ram::123456789012:role/ops"

// cloud is a fake Alibaba Cloud: STS behind a proxy, and a sandbox.
type cloud struct {
	program, home, proxy, authority, endpoint string
	keys                                      temporaryKeys // those that STS gives out

	mu       sync.Mutex
	connects []string // what the proxy was asked to connect to
	actions  []string // what STS was asked
	refuse   string   // the code of STS's answer; empty: it gives the role
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	c := &cloud{home: t.TempDir()}
	box, err := sandbox.New(sandbox.Options{Path: filepath.Join(t.TempDir(), "sandbox.db"), Log: t.Logf})
	if err != nil {
		t.Fatal(err)
	}
	service := httptest.NewServer(box)
	t.Cleanup(service.Close)
	c.endpoint = service.URL
	c.keys = assume(t, box, service.Listener.Addr().String())
	proxy := httptest.NewServer(c.connecting(t, certificate(t, c)))
	t.Cleanup(proxy.Close)
	c.proxy = proxy.URL
	return c
}

type temporaryKeys struct{ AccessKeyId, AccessKeySecret, SecurityToken string }

// assume gets the keys of a role from a sandbox.
func assume(t *testing.T, box *sandbox.Sandbox, address string) temporaryKeys {
	t.Helper()
	keys, err := box.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client, err := sdk.NewClientWithOptions("cn-beijing", sdk.NewConfig(), credentials.NewAccessKeyCredential(keys.AccessKeyId, keys.AccessKeySecret))
	if err != nil {
		t.Fatal(err)
	}
	request := requests.NewCommonRequest()
	request.Scheme, request.Domain, request.Version, request.ApiName = "http", address, "2015-04-01", "AssumeRole"
	request.QueryParams["RoleArn"], request.QueryParams["RoleSessionName"] = programRole, "test"
	response, err := client.ProcessCommonRequest(request)
	if err != nil {
		t.Fatal(err)
	}
	var answer struct{ Credentials temporaryKeys }
	if err := json.Unmarshal(response.GetHttpContentBytes(), &answer); err != nil {
		t.Fatal(err)
	}
	return answer.Credentials
}

// certificate creates a certificate for STS, and writes it to the file of SSL_CERT_FILE.
func certificate(t *testing.T, c *cloud) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), DNSNames: []string{"sts.aliyuncs.com", "sts.cn-beijing.aliyuncs.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	c.authority = filepath.Join(t.TempDir(), "authority.pem")
	if err := os.WriteFile(c.authority, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}

// connecting returns a proxy that connects every request to STS.
func (c *cloud) connecting(t *testing.T, own tls.Certificate) http.Handler {
	inner := &oneByOne{connections: make(chan net.Conn), closed: make(chan struct{})}
	server := &http.Server{Handler: http.HandlerFunc(c.sts), ReadHeaderTimeout: 10 * time.Second}
	go server.Serve(tls.NewListener(inner, &tls.Config{Certificates: []tls.Certificate{own}})) //nolint:errcheck // it ends with the test
	t.Cleanup(func() { server.Close() })                                                       //nolint:errcheck // the same
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		c.connects = append(c.connects, r.Method+" "+r.Host)
		c.mu.Unlock()
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		io.WriteString(connection, "HTTP/1.1 200 OK\r\n\r\n") //nolint:errcheck // the program reports it
		inner.connections <- connection
	})
}

// oneByOne is a listener that receives its connections from a channel.
type oneByOne struct {
	connections chan net.Conn
	closed      chan struct{}
	close       sync.Once
}

func (o *oneByOne) Accept() (net.Conn, error) {
	select {
	case connection := <-o.connections:
		return connection, nil
	case <-o.closed:
		return nil, net.ErrClosed
	}
}

func (o *oneByOne) Close() error {
	o.close.Do(func() { close(o.closed) })
	return nil
}

func (o *oneByOne) Addr() net.Addr { return &net.TCPAddr{} }

// sts returns the keys of the sandbox.
func (c *cloud) sts(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.actions = append(c.actions, r.FormValue("Action")+" "+r.FormValue("RoleArn"))
	if c.refuse != "" {
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprintf(w, `{"RequestId":"R-STS","Code":%q,"Message":"TOP-SECRET-ANSWER"}`, c.refuse) //nolint:errcheck // the program reports it
		return
	}
	fmt.Fprintf(w, `{"RequestId":"R-STS","Credentials":{"AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2099-01-01T00:00:00Z"}}`, c.keys.AccessKeyId, c.keys.AccessKeySecret, c.keys.SecurityToken) //nolint:errcheck // the program reports it
}

// TestTheProgram runs the real program, built once.
func TestTheProgram(t *testing.T) {
	if runtime.GOOS == "windows" || runtime.GOOS == "darwin" {
		t.Skip("Go reads SSL_CERT_FILE on other systems only")
	}
	path := filepath.Join(t.TempDir(), "ecs-activation")
	if out, err := exec.Command("go", "build", "-o", path, "ecs-activation/cmd/ecs-activation").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for name, test := range map[string]func(*testing.T, *cloud){
		"acts as the role of its profile":                              actsAsProfile,
		"acts as the role of its pod":                                  actsAsPod,
		"reports a refusal of STS and exits with 4":                    reportsRefusal,
		"takes credentials of a URI beside it and not through a proxy": takesFromURI,
	} {
		t.Run(name, func(t *testing.T) {
			c := newCloud(t)
			c.program = path
			test(t, c)
		})
	}
}

// run runs the program with the cloud, without other settings of this machine.
func (c *cloud) run(t *testing.T, env []string, args ...string) (stdout, stderr string, code int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, c.program, append(args, "--endpoint", c.endpoint)...)
	command.Env = append([]string{
		"HOME=" + c.home, "XDG_CONFIG_HOME=" + c.home, "XDG_STATE_HOME=" + c.home, "HTTPS_PROXY=" + c.proxy, "HTTP_PROXY=http://127.0.0.1:1", "SSL_CERT_FILE=" + c.authority,
		"ALIBABA_CLOUD_ECS_METADATA_DISABLED=true",
	}, env...)
	var out, messages bytes.Buffer
	command.Stdout, command.Stderr = &out, &messages
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"TOP-SECRET", c.keys.AccessKeySecret, c.keys.SecurityToken, "Signature="} {
		if strings.Contains(out.String()+messages.String(), secret) {
			t.Errorf("%s is shown:\n%s%s", secret, &out, &messages)
		}
	}
	return out.String(), messages.String(), command.ProcessState.ExitCode()
}

// seen returns the hosts that the proxy connected to, and the actions that STS received.
func (c *cloud) seen() (connects, actions string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.connects, ", "), strings.Join(c.actions, ", ")
}

// refusing makes STS refuse requests.
func (c *cloud) refusing(code string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refuse = code
}

// profile writes the aliyun CLI's file.
func (c *cloud) profile(t *testing.T, profiles string) {
	t.Helper()
	folder := filepath.Join(c.home, ".aliyun")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "config.json"), []byte(`{"current":"prod","profiles":[`+profiles+`]}`), 0o600); err != nil {
		t.Fatal(err)
	}
}

const opsProfile = `{"name":"prod","mode":"RamRoleArn","access_key_id":"LTAIbase","access_key_secret":"TOP-SECRET-KEY","ram_role_arn":"` + programRole + `","region_id":"cn-beijing"}`

func actsAsProfile(t *testing.T, c *cloud) {
	c.profile(t, opsProfile)
	stdout, stderr, code := c.run(t, nil, "list", "-o", "json")
	if code != 0 || strings.TrimSpace(stdout) != "[]" {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	if connects, actions := c.seen(); connects != "CONNECT sts.aliyuncs.com:443" || actions != "AssumeRole "+programRole {
		t.Errorf("connected to %s, asked %s", connects, actions)
	}
	stdout, stderr, code = c.run(t, nil, "config", "-o", "json")
	if _, actions := c.seen(); code != 0 || !strings.Contains(stdout, "profile prod (role "+programRole+")") || actions != "AssumeRole "+programRole {
		t.Errorf("exit %d: %s%s asked %s", code, stdout, stderr, actions)
	}
}

func actsAsPod(t *testing.T, c *cloud) {
	token := filepath.Join(c.home, "token")
	if err := os.WriteFile(token, []byte("TOP-SECRET-OIDC"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := []string{
		"ALIBABA_CLOUD_OIDC_TOKEN_FILE=" + token, "ALIBABA_CLOUD_OIDC_PROVIDER_ARN=acs:ram::1:oidc-provider/ack", "ALIBABA_CLOUD_ROLE_ARN=" + programRole,
		"ALIBABA_CLOUD_STS_REGION=cn-beijing", "ALIBABA_CLOUD_REGION_ID=cn-beijing",
	}
	if stdout, stderr, code := c.run(t, env, "list", "-o", "json"); code != 0 || strings.TrimSpace(stdout) != "[]" {
		t.Fatalf("exit %d: %s%s", code, stdout, stderr)
	}
	if connects, actions := c.seen(); connects != "CONNECT sts.cn-beijing.aliyuncs.com:443" || actions != "AssumeRoleWithOIDC "+programRole {
		t.Errorf("connected to %s, asked %s", connects, actions)
	}
}

func reportsRefusal(t *testing.T, c *cloud) {
	c.profile(t, opsProfile)
	c.refusing("EntityNotExist.Role")
	stdout, stderr, code := c.run(t, nil, "list")
	if code != 4 || stdout != "" || !strings.Contains(stderr, "cannot list: profile prod: role "+programRole+" does not exist") || !strings.Contains(stderr, "EntityNotExist.Role, request R-STS") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}

func takesFromURI(t *testing.T, c *cloud) {
	beside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"Code":"Success","AccessKeyId":%q,"AccessKeySecret":%q,"SecurityToken":%q,"Expiration":"2099-01-01T00:00:00Z"}`, c.keys.AccessKeyId, c.keys.AccessKeySecret, c.keys.SecurityToken) //nolint:errcheck // the program reports it
	}))
	defer beside.Close()
	env := []string{"ALIBABA_CLOUD_CREDENTIALS_URI=" + beside.URL + "/TOP-SECRET", "ALIBABA_CLOUD_REGION_ID=cn-beijing"}
	if stdout, stderr, code := c.run(t, env, "list", "-o", "json"); code != 0 || strings.TrimSpace(stdout) != "[]" {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
	if connects, _ := c.seen(); connects != "" {
		t.Errorf("connected to %s", connects)
	}
	beside.Close()
	if stdout, stderr, code := c.run(t, env, "list", "--timeout", "3s"); code != 7 || stdout != "" || !strings.Contains(stderr, "the credentials URI on 127.0.0.1:") {
		t.Errorf("exit %d: %s%s", code, stdout, stderr)
	}
}
