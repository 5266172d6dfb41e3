package sandbox

import (
	"bytes"
	"crypto"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A small agent, written by hand from what the official one sends. It shares nothing with the sandbox's own
// code.

// agent is the agent of one machine.
type agent struct {
	t           testing.TB
	url         string
	http        *http.Client
	now         func() time.Time
	key         *rsa.PrivateKey
	machineId   string
	fingerprint string // newer agents sign with it; empty for the older ones
	id          string // of the instance, once it is registered
}

// newAgent makes the agent of a machine, of the older or the newer generation, that connects to s over TLS.
func newAgent(t testing.TB, s *Sandbox, newer bool) *agent {
	t.Helper()
	c := startTLS(t, s)
	return agentOf(t, c.url, c.http, s.options.Now, newer)
}

func agentOf(t testing.TB, url string, client *http.Client, now func() time.Time, newer bool) *agent {
	t.Helper()
	a := &agent{t: t, url: url, http: client, now: now, key: agentKeys[0](), machineId: strings.ToLower(rand.Text())}
	if newer {
		a.fingerprint = "fp-" + rand.Text()
	}
	return a
}

// agentKeys return one key each for all tests, and make it when it is first needed, because that takes long.
// Agents have the first unless a test gives them the second.
var agentKeys = [2]func() *rsa.PrivateKey{sync.OnceValue(newAgentKey), sync.OnceValue(newAgentKey)}

func newAgentKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// agentReply is an answer as the agent reads it.
type agentReply struct {
	status int
	body   string
	fields map[string]any
}

func (a *agent) send(method, path string, body []byte, header map[string]string) agentReply {
	a.t.Helper()
	r, err := http.NewRequest(method, a.url+path, bytes.NewReader(body))
	if err != nil {
		a.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("User-Agent", "linux_amd64/2.2.3.578")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := a.http.Do(r)
	if err != nil {
		a.t.Fatal(err)
	}
	text, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		a.t.Fatal(err)
	}
	reply := agentReply{status: response.StatusCode, body: string(text)}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &reply.fields); err != nil {
			a.t.Fatalf("%s %s: %v in %q", method, path, err, text)
		}
	}
	return reply
}

// registration is what the agent sends to register.
func (a *agent) registration(id, code string) map[string]any {
	public, err := x509.MarshalPKIXPublicKey(&a.key.PublicKey)
	if err != nil {
		a.t.Fatal(err)
	}
	text := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	sent := map[string]any{
		"activationCode": code, "machineId": a.machineId, "regionId": "cn-hangzhou", "instanceName": "", "hostname": "box7",
		"intranetIp": "192.168.1.7", "osVersion": "Linux_#38~18.04.1-Ubuntu SMP_x86_64", "osType": "linux",
		"agentVersion": "2.2.3.578", "publicKey": base64.StdEncoding.EncodeToString(text), "activationId": id, "tag": nil,
	}
	if a.fingerprint != "" {
		maps.Copy(sent, map[string]any{"agentVersion": "2.2.4.1065", "fingerprint": a.fingerprint, "forceReuse": false})
	}
	return sent
}

// register sends a registration in which edits replace fields: names and JSON values by turns. The agent
// keeps the id that it is given.
func (a *agent) register(id, code string, edits ...any) agentReply {
	a.t.Helper()
	sent := a.registration(id, code)
	for i := 0; i < len(edits); i += 2 {
		sent[edits[i].(string)] = edits[i+1]
	}
	body, err := json.Marshal(sent)
	if err != nil {
		a.t.Fatal(err)
	}
	reply := a.send("POST", "/luban/api/instance/register", body, nil)
	if reply.fields["code"] == 200.0 {
		a.id, _ = reply.fields["instanceId"].(string)
	}
	return reply
}

// signature signs a call of now.
func (a *agent) signature() map[string]string {
	stamp, request := strconv.FormatInt(a.now().UnixMilli(), 10), rand.Text()
	known := a.machineId
	if a.fingerprint != "" {
		known = a.fingerprint
	}
	sum := md5.Sum([]byte(a.id + known + stamp + request))
	signature, err := rsa.SignPKCS1v15(nil, a.key, crypto.MD5, sum[:])
	if err != nil {
		a.t.Fatal(err)
	}
	return map[string]string{
		"x-acs-instance-id": a.id, "x-acs-timestamp": stamp, "x-acs-request-id": request,
		"x-acs-signature": base64.StdEncoding.EncodeToString(signature),
	}
}

func (a *agent) heartBeat() agentReply {
	a.t.Helper()
	query := url.Values{"virt_type": {"kvm"}, "os_type": {"linux"}, "machineid": {a.machineId}, "index": {"0"}, "seq_no": {"0"}}
	return a.send("GET", "/luban/api/heart-beat?"+query.Encode(), nil, a.signature())
}

func (a *agent) deregister() agentReply {
	a.t.Helper()
	return a.send("POST", "/luban/api/instance/deregister", nil, a.signature())
}

// accepted fails the test unless the call was carried out.
func (r agentReply) accepted(t testing.TB) {
	t.Helper()
	if r.status != 200 || r.fields["code"] != nil && r.fields["code"] != 200.0 {
		t.Fatalf("%d %s", r.status, r.body)
	}
}

// refused fails the test unless the call was refused so, in the way that the agent takes for a refusal.
func (r agentReply) refused(t testing.TB, status int, code string) {
	t.Helper()
	if number, _ := r.fields["code"].(float64); r.status != status || number != float64(status) || r.fields["errCode"] != code || r.fields["errMsg"] == "" || r.fields["instanceId"] != nil {
		t.Fatalf("%d %s, want %d %s", r.status, r.body, status, code)
	}
}
