package sandbox

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"hash"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"sort"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A small client, written by hand from the documents: it shares nothing with the sandbox's own signature
// code.

// client calls one sandbox over HTTP.
type client struct {
	t      testing.TB
	url    string
	pair   Credentials
	now    func() time.Time
	method string // GET or POST
	form   bool   // business parameters in the body
	sha256 bool
	acs3   bool         // the newer dialect
	token  string       // the SecurityToken of a temporary key
	http   *http.Client // nil: the standard one
}

// clock is a time that tests move.
type clock struct{ offset atomic.Int64 }

func (c *clock) now() time.Time             { return time.Now().Add(time.Duration(c.offset.Load())) }
func (c *clock) add(d time.Duration)        { c.offset.Add(int64(d)) }
func newPath(t testing.TB) string           { return filepath.Join(t.TempDir(), "state", "sandbox.db") }
func params(pairs ...string) []string       { return pairs }
func with(p []string, q ...string) []string { return append(append([]string{}, p...), q...) }

func newSandbox(t testing.TB, o Options) *Sandbox {
	t.Helper()
	if o.Path == "" {
		o.Path = newPath(t)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// serve starts a server for s and returns a client of it.
func serve(t testing.TB, s *Sandbox) *client {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	pair, err := s.Credentials(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &client{t: t, url: server.URL, pair: pair, now: s.options.Now, method: "POST"}
}

// start makes a sandbox with the given options and a client of it.
func start(t testing.TB, o Options) (*Sandbox, *client) {
	t.Helper()
	s := newSandbox(t, o)
	return s, serve(t, s)
}

// answer is an HTTP answer, read.
type answer struct {
	status int
	header http.Header
	body   []byte
	fields map[string]any
}

func (a answer) text(field string) string {
	text, _ := a.fields[field].(string)
	return text
}

func (a answer) number(field string) int {
	n, _ := a.fields[field].(float64)
	return int(n)
}

func (a answer) codes() []map[string]any {
	var list []map[string]any
	for _, code := range a.fields["ActivationList"].([]any) {
		list = append(list, code.(map[string]any))
	}
	return list
}

func (a answer) ids() []string {
	var ids []string
	for _, code := range a.codes() {
		ids = append(ids, code["ActivationId"].(string))
	}
	return ids
}

// common returns the parameters that every request has.
func (c *client) common(action string) url.Values {
	method := "HMAC-SHA1"
	if c.sha256 {
		method = "HMAC-SHA256"
	}
	values := url.Values{
		"Action": {action}, "Version": {versionOf(action)}, "Format": {"JSON"}, "AccessKeyId": {c.pair.AccessKeyId},
		"SignatureMethod": {method}, "SignatureVersion": {"1.0"}, "SignatureNonce": {rand.Text()},
		"Timestamp": {c.now().UTC().Format("2006-01-02T15:04:05Z")},
	}
	if c.token != "" {
		values.Set("SecurityToken", c.token)
	}
	return values
}

func versionOf(action string) string {
	if action == "GetCallerIdentity" || action == "AssumeRole" {
		return "2015-04-01"
	}
	return "2014-05-26"
}

// sign adds the Signature to values.
func (c *client) sign(values url.Values) {
	hashes := map[string]func() hash.Hash{"HMAC-SHA1": sha1.New, "HMAC-SHA256": sha256.New}
	names := make([]string, 0, len(values))
	for name := range values {
		names = append(names, name)
	}
	sort.Strings(names)
	var parts []string
	for _, name := range names {
		parts = append(parts, escape(name)+"="+escape(values.Get(name)))
	}
	method, ok := hashes[values.Get("SignatureMethod")]
	if !ok {
		method = sha1.New
	}
	mac := hmac.New(method, []byte(c.pair.AccessKeySecret+"&"))
	mac.Write([]byte(c.method + "&%2F&" + escape(strings.Join(parts, "&"))))
	values.Set("Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
}

func escape(s string) string {
	return strings.NewReplacer("+", "%20", "*", "%2A", "%7E", "~").Replace(url.QueryEscape(s))
}

// request builds a signed request.
func (c *client) request(action string, business []string) *http.Request {
	if c.acs3 {
		r := c.acs3Request(action, business)
		c.signACS3(r)
		return r
	}
	values := c.common(action)
	for i := 0; i < len(business); i += 2 {
		values.Set(business[i], business[i+1])
	}
	c.sign(values)
	return c.assemble(values, business)
}

// assemble spreads values over query and body.
func (c *client) assemble(values url.Values, business []string) *http.Request {
	query, body := maps.Clone(values), url.Values{}
	if c.form {
		for i := 0; i < len(business); i += 2 {
			body.Set(business[i], values.Get(business[i]))
			query.Del(business[i])
		}
	}
	r, err := http.NewRequest(c.method, c.url+"/?"+query.Encode(), strings.NewReader(body.Encode()))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.form {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	}
	return r
}

func (c *client) do(r *http.Request) answer {
	c.t.Helper()
	response, err := cmp.Or(c.http, http.DefaultClient).Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		c.t.Fatal(err)
	}
	a := answer{status: response.StatusCode, header: response.Header, body: body}
	if strings.HasPrefix(response.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(body, &a.fields); err != nil {
			c.t.Fatalf("the answer is not JSON: %v\n%s", err, body)
		}
	}
	return a
}

// call sends a signed request and returns the answer, also one that is a refusal.
func (c *client) call(action string, business ...string) answer {
	c.t.Helper()
	return c.do(c.request(action, business))
}

// ok sends a request that must succeed.
func (c *client) ok(action string, business ...string) answer {
	c.t.Helper()
	a := c.call(action, business...)
	if a.status != 200 {
		c.t.Fatalf("%s %v: %d %s", action, business, a.status, a.body)
	}
	return a
}

// refused sends a request that must be refused so.
func (c *client) refused(status int, code, action string, business ...string) answer {
	c.t.Helper()
	a := c.call(action, business...)
	if a.status != status || a.text("Code") != code {
		c.t.Fatalf("%s %v: got %d %s, want %d %s\n%s", action, business, a.status, a.text("Code"), status, code, a.body)
	}
	return a
}

// create makes a code in cn-hangzhou and returns its id and code.
func (c *client) create(business ...string) (id, code string) {
	c.t.Helper()
	a := c.ok("CreateActivation", with(params("RegionId", "cn-hangzhou"), business...)...)
	return a.text("ActivationId"), a.text("ActivationCode")
}

// list returns the ids of the first 50 codes of cn-hangzhou, newest first.
func (c *client) list(business ...string) []string {
	c.t.Helper()
	return c.ok("DescribeActivations", with(params("RegionId", "cn-hangzhou", "PageSize", "50"), business...)...).ids()
}
