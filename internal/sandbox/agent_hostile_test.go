package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"
)

func pemOf(kind string, der []byte) string {
	return base64.StdEncoding.EncodeToString(pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}))
}

func pkixOf(t testing.TB, key any) string {
	t.Helper()
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pemOf("PUBLIC KEY", der)
}

// modulus is a public key of so many bits. Its private key does not exist.
func modulus(bits uint) *rsa.PublicKey {
	n := new(big.Int).Lsh(big.NewInt(1), bits-1)
	return &rsa.PublicKey{N: n.Add(n, big.NewInt(1)), E: 65537}
}

func TestAHostileRegistrationIsRefusedAndChangesNothing(t *testing.T) {
	t.Parallel() // it waits most of the time
	s, c := start(t, Options{})
	id, code := c.create()
	a := newAgent(t, s, true)
	elliptic256, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	noError(t, err)
	for name, edits := range map[string][]any{
		"a number for a code":       {"activationCode", 5},
		"an object for a region":    {"regionId", map[string]int{}},
		"text for a boolean":        {"forceReuse", "true"},
		"text for tags":             {"tag", "a=b"},
		"a tag that is text":        {"tag", []string{"a=b"}},
		"NUL in the host name":      {"hostname", "a\x00b"},
		"NUL in the system":         {"osVersion", "a\x00b"},
		"a long host name":          {"hostname", strings.Repeat("h", 1025)},
		"a long machine id":         {"machineId", strings.Repeat("m", 1025)},
		"a long fingerprint":        {"fingerprint", strings.Repeat("f", 1025)},
		"a long address":            {"intranetIp", "fe80::1%" + strings.Repeat("z", 1024)},
		"a name with an escape":     {"instanceName", "web\x1b[31m"},
		"a long body":               {"osVersion", strings.Repeat("v", 1<<20)},
		"a key that is no base64":   {"publicKey", "%%%"},
		"a key that is no PEM":      {"publicKey", "AAAA"},
		"a key that is no key":      {"publicKey", pemOf("PUBLIC KEY", []byte("x"))},
		"a key of another kind":     {"publicKey", pkixOf(t, &elliptic256.PublicKey)},
		"a private key":             {"publicKey", pemOf("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(a.key))},
		"a short key":               {"publicKey", pkixOf(t, modulus(1024))},
		"a key that takes too long": {"publicKey", pkixOf(t, modulus(16384))},
	} {
		t.Run(name, func(t *testing.T) {
			if reply := a.register(id, code, edits...); reply.status != 400 || reply.fields["code"] != 400.0 || reply.fields["errCode"] == nil {
				t.Errorf("%d %s", reply.status, reply.body)
			}
		})
	}
	for name, body := range map[string]string{
		"nothing": "", "no JSON": "<xml/>", "an array": "[]", "text": `"x"`, "null": "null", "half": `{"activationId":"` + id,
		"two objects": "{}{}", "deep": strings.Repeat("[", 60000), "not UTF-8": "{\"hostname\":\"\xff\"}",
	} {
		t.Run(name, func(t *testing.T) {
			if reply := a.send("POST", "/luban/api/instance/register", []byte(body), nil); reply.status != 400 || reply.fields["code"] != 400.0 {
				t.Errorf("%d %s", reply.status, reply.body)
			}
		})
	}
	if status, err := s.Status(t.Context()); err != nil || status.Machines != 0 {
		t.Errorf("%+v, %v", status, err)
	}
	if got := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]["RegisteredCount"]; got != 0.0 {
		t.Errorf("a refusal cost a use: %v", got)
	}
}

func TestWhatAnAgentSendsOddlyIsTakenAsFarAsItGoes(t *testing.T) {
	s, c := start(t, Options{})
	id, code := c.create()
	a := newAgent(t, s, false)
	a.register(id, code, "intranetIp", "<nil>", "hostname", "机器 \u202e7", "tag", []any{}, "unknown", map[string]any{"x": 1}).accepted(t)
	m := c.machines()[0]
	if m["IntranetIp"] != "" || m["Hostname"] != "机器 \u202e7" || len(m["Tags"].([]any)) != 0 {
		t.Errorf("%v", m)
	}
	a.heartBeat().accepted(t)
}

func TestMachinesSurviveTheKillingOfTheirServer(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	path := newPath(t)
	var registered []string
	for range 3 {
		registered = append(registered, untilKilled(t, "register until killed", path)...)
	}
	s, c := start(t, Options{Path: path})
	var listed []string
	for _, m := range c.everyMachine() {
		listed = append(listed, m["InstanceId"].(string))
	}
	for _, id := range registered {
		if !slices.Contains(listed, id) {
			t.Errorf("%s was answered and is not listed", id)
		}
	}
	uses := 0.0
	for _, code := range c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes() {
		uses += code["RegisteredCount"].(float64)
	}
	if status, err := s.Status(t.Context()); err != nil || len(registered) == 0 || status.Machines != len(listed) || int(uses) != len(listed) {
		t.Errorf("%+v, %v: %d listed, %v uses, %d answered", status, err, len(listed), uses, len(registered))
	}
}

// checkAgentAnswer checks what is true of every answer to an agent: its code is an integer, and 200 only for a
// success.
func checkAgentAnswer(t *testing.T, path string, w *httptest.ResponseRecorder) {
	t.Helper()
	if path == "/luban/api/connection_detect" {
		return
	}
	var read struct {
		Code         *int
		NextInterval int
		ErrCode      string
	}
	if err := json.Unmarshal(w.Body.Bytes(), &read); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	if w.Code >= 500 || (read.Code == nil) != (read.NextInterval > 0) || read.Code != nil && (*read.Code != w.Code || (w.Code == 200) != (read.ErrCode == "")) {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
}

func FuzzAnAgentsCallIsAnsweredAndChangesNothingUnsigned(f *testing.F) {
	s, err := New(Options{Path: f.TempDir() + "/sandbox.db"})
	if err != nil {
		f.Fatal(err)
	}
	c := serve(f, s)
	id, code := c.create("InstanceName", "web", "InstanceCount", "1000")
	a := agentOf(f, c.url, http.DefaultClient, time.Now, true)
	a.register(id, code).accepted(f)
	signed := a.signature()
	for _, path := range []string{"instance/register", "instance/deregister", "heart-beat", "connection_detect", "v1/task/list", "../..//"} {
		f.Add("POST", "/luban/api/"+path, a.id, signed["x-acs-timestamp"], "r", "AAAA", `{"activationId":"x","tag":null}`)
		f.Add("GET", "/luban/api/"+path, "mi-x", "-1", "", "%", "")
	}
	f.Fuzz(func(t *testing.T, method, path, instance, stamp, request, signature, body string) {
		w := httptest.NewRecorder()
		header := http.Header{}
		for name, value := range map[string]string{
			"X-Acs-Instance-Id": instance, "X-Acs-Timestamp": stamp, "X-Acs-Request-Id": request, "X-Acs-Signature": signature,
		} {
			header[name] = []string{value}
		}
		if !strings.HasPrefix(path, agentRoot) {
			path = agentRoot + path
		}
		s.ServeHTTP(w, &http.Request{
			Method: method, URL: &url.URL{Path: path}, Header: header, RemoteAddr: "127.0.0.1:7", Body: io.NopCloser(strings.NewReader(body)),
		})
		checkAgentAnswer(t, path, w)
		if status, err := s.Status(t.Context()); err != nil || status.Machines != 1 {
			t.Fatalf("%+v, %v", status, err)
		}
	})
}

func FuzzARegistrationIsWholeOrRefused(f *testing.F) {
	f.Add("web", "box", "10.0.0.1", "linux", "m", "fp", "env", "prod", true)
	f.Add("", "", "<nil>", "\x00", "", "", "", "", false)
	f.Add("-", "\xff", "fe80::1%eth0", "FreeBSD", "m", "", "acs:x", "http://", true)
	s, err := New(Options{Path: f.TempDir() + "/sandbox.db", Quota: 1 << 30, MachineQuota: 1 << 30})
	if err != nil {
		f.Fatal(err)
	}
	c := serve(f, s)
	a := agentOf(f, c.url, http.DefaultClient, time.Now, true)
	f.Fuzz(func(t *testing.T, name, host, ip, system, machine, fingerprint, key, value string, force bool) {
		c, a := *c, *a
		c.t, a.t = t, t
		id, code := c.create()
		reply := a.register(id, code, "instanceName", name, "hostname", host, "intranetIp", ip, "osType", system, "machineId", machine,
			"fingerprint", fingerprint, "tag", []map[string]string{{"key": key, "value": value}}, "forceReuse", force)
		machines := c.ok("DescribeManagedInstances", "RegionId", "cn-hangzhou", "ActivationId", id).machines()
		uses := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "ActivationId", id).codes()[0]["RegisteredCount"]
		if reply.status == 200 && (len(machines) != 1 || machines[0]["InstanceId"] != a.id || uses != 1.0) ||
			reply.status == 400 && (len(machines) != 0 || uses != 0.0) || reply.status != 200 && reply.status != 400 {
			t.Fatalf("%d %s: %v machines, %v uses", reply.status, reply.body, machines, uses)
		}
	})
}
