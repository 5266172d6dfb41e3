package sandbox

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/store"
)

// Hostile requests with valid signatures, so that they reach the rules, in both dialects.

// checkState checks what is true of every state: what is counted is there, can be read, and is found by its id.
func checkState(t *testing.T, s *Sandbox) {
	t.Helper()
	err := s.state.store.View(t.Context(), func(st *store.Tx) error {
		found := 0
		for _, region := range st.Codes().Regions() {
			rows := 0
			for key, row := range st.Codes().Rows(region).NewestFirst(nil) {
				var code cloud.Code
				if err := store.Decode(row, &code); err != nil {
					return err
				}
				if at, _ := st.Codes().Locate(code.ActivationId); string(at.Key) != string(key) || at.Region != region {
					return fmt.Errorf("%s is not found where it is", code.ActivationId)
				}
				if code.InstanceCount < 1 || code.TimeToLiveInHours < 1 || code.ActivationId == "" || len(code.ActivationId) > 64 {
					return fmt.Errorf("%+v was made", code)
				}
				rows++
			}
			if rows != st.Codes().Rows(region).Count() {
				return fmt.Errorf("%s: %d codes, %d counted", region, rows, st.Codes().Rows(region).Count())
			}
			found += rows
		}
		total, err := st.Codes().Total()
		if err == nil && total != found {
			err = fmt.Errorf("%d codes are counted, and %d found", total, found)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// hostileClient is a client of a sandbox in this process, without a network.
func hostileClient(f *testing.F) (*Sandbox, *client) {
	s, err := New(Options{Path: f.TempDir() + "/sandbox.db", Quota: 20})
	if err != nil {
		f.Fatal(err)
	}
	pair, err := s.Credentials(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	return s, &client{t: f, url: "http://h", pair: pair, now: time.Now, method: "POST"}
}

// FuzzSignedRequest signs whatever it is given, in the newer dialect or in the older one, and spreads it over
// query and body.
func FuzzSignedRequest(f *testing.F) {
	for _, acs3 := range []bool{false, true} {
		for _, action := range []string{
			"CreateActivation", "DescribeActivations", "DisableActivation", "DeleteActivation",
			"DescribeManagedInstances", "DeregisterManagedInstance", "DescribeRegions", "DescribeAccountAttributes",
			"GetCallerIdentity", "AssumeRole", "\xff\x00<a>&",
		} {
			f.Add(acs3, action, "RegionId=cn-hangzhou", "InstanceName=web&Tag.1.Key=a", "application/x-www-form-urlencoded", "x-acs-extra", "1")
			f.Add(acs3, action, "RegionId=cn-hangzhou&RegionId=cn-beijing", "RegionId=cn-hangzhou", "application/json", "x-acs-action", "Other")
			f.Add(acs3, action, "%2541=%00&a=%C3%28&RegionId=%63n-hangzhou&;", "%", "multipart/form-data; boundary=x", "Host", "other")
			f.Add(acs3, action, "Format=xml&NextToken=%2B&MaxResults=1e3&ActivationId=%27", "ClientToken=t&InstanceCount=%31", "", "x-acs-security-token", "AAAA")
			f.Add(acs3, action, "RegionId=cn-beijing&Tag.1.Key=a&Tag.1.Value=&Tag.20.Key=b&Tag.99999999999999999999.Key=c&ClientToken=t", "", "", "", "")
			f.Add(acs3, action, "RegionId=cn-hangzhou&InstanceId=mi-&InstanceId.1=x&InstanceId.2=&Connected=maybe&PageNumber=99999999999999999999", "PageSize=50", "", "", "")
			f.Add(acs3, action, "RegionId=cn-hangzhou&IpAddressRange=%3A%3Affff%3A1.2.3.4%2F96&Description=%01%F0%9F%98%80&InstanceCount=-1", "", "", "", "")
			f.Add(acs3, action, "RoleArn=acs:ram::1:role/x&RoleSessionName=xx&DurationSeconds=9223372036854775807", "AttributeName.1=%01", "text/plain", "Accept", "application/xml")
		}
	}
	s, c := hostileClient(f)
	f.Fuzz(func(t *testing.T, acs3 bool, action, query, body, kind, header, value string) {
		r := c.hostile(acs3, action, query, body)
		r.Header.Set("Content-Type", kind)
		r.Header[http.CanonicalHeaderKey(header)] = []string{value, value}
		if acs3 {
			c.signACS3(r)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		checkAnswer(t, w)
		checkState(t, s)
	})
}

// hostile builds a request; one in the older dialect is signed already, over what can be read of it.
func (c *client) hostile(acs3 bool, action, query, body string) *http.Request {
	if acs3 {
		r := c.acs3Request("x", nil)
		r.URL.RawQuery, r.Body = query, io.NopCloser(strings.NewReader(body))
		r.Header["X-Acs-Action"] = []string{action}
		r.Header.Set("x-acs-version", versionOf(action))
		r.Header.Set("x-acs-content-sha256", sumOf(body))
		return r
	}
	values := c.common(action)
	for _, part := range []string{query, body} {
		given, _ := url.ParseQuery(part) // what can be read of it
		for name := range given {
			values.Set(name, given.Get(name))
		}
	}
	c.sign(values)
	for name := range values {
		if given, _ := url.ParseQuery(query + "&" + body); name != "Signature" && given.Has(name) {
			values.Del(name)
		}
	}
	u := &url.URL{Scheme: "http", Host: "h", Path: "/", RawQuery: values.Encode() + "&" + query}
	return &http.Request{Method: c.method, Host: "h", URL: u, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

func FuzzAuthorization(f *testing.F) {
	f.Add("ACS3-HMAC-SHA256 Credential=a,SignedHeaders=host;x-acs-date,Signature=00", "")
	f.Add("ACS3-HMAC-SHA256 ,,,===;;;", "a,b")
	f.Add("ACS3-", "\x00")
	f.Add("ACS3-HMAC-SHA256 SignedHeaders="+strings.Repeat("host;", 1000), " x ")
	s, c := hostileClient(f)
	f.Fuzz(func(t *testing.T, authorization, extra string) {
		r := c.acs3Request("CreateActivation", params("RegionId", "cn-hangzhou"))
		r.Header["Authorization"] = []string{authorization}
		r.Header["X-Acs-Extra"] = []string{extra, extra}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		checkAnswer(t, w)
		if status, err := s.Status(t.Context()); err != nil || status.Codes != 0 || w.Code == http.StatusOK {
			t.Fatalf("an unsigned request was carried out: %+v, %v", status, err)
		}
	})
}

func TestOddEncodingsMeanOneThingOrNothing(t *testing.T) {
	inBothDialects(t, Options{}, func(t *testing.T, s *Sandbox, c *client) {
		for _, test := range []struct {
			name, query, body, code string
		}{
			{"encoded twice", "RegionId=cn%252Dhangzhou", "", "InvalidRegionId.NotFound"},
			{"encoded without need", "RegionId=%63%6e-hangzhou", "", ""},
			{"NUL", "RegionId=cn-hangzhou%00", "", "InvalidParameter"},
			{"NUL in a name", "RegionId=cn-hangzhou&a%00=b", "", "InvalidParameter"},
			{"not UTF-8", "RegionId=cn-hangzhou&InstanceName=%ff", "", "InvalidParameter"},
			{"overlong UTF-8", "RegionId=cn-hangzhou&InstanceName=%C0%AF", "", "InvalidParameter"},
			{"no encoding", "RegionId=cn-hangzhou&InstanceName=%zz", "", "InvalidParameter"},
			{"a semicolon", "RegionId=cn-hangzhou;InstanceName=web", "", "InvalidParameter"},
			{"twice in the query", "RegionId=cn-hangzhou&RegionId=cn-beijing", "", "InvalidParameter"},
			{"in query and body", "RegionId=cn-hangzhou", "RegionId=cn-beijing", "InvalidParameter"},
			{"another case", "regionid=cn-hangzhou", "", "MissingParameter"},
			{"in the body alone", "", "RegionId=cn-hangzhou", ""},
		} {
			r := c.hostile(c.acs3, "DescribeActivations", test.query, test.body)
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			if c.acs3 {
				c.signACS3(r)
			}
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			checkAnswer(t, w)
			if code := w.Body.String(); (w.Code == 200) != (test.code == "") || !strings.Contains(code, test.code) {
				t.Errorf("%s: %d %s, want %q", test.name, w.Code, code, test.code)
			}
		}
	})
}

// raw sends bytes to a server and reads until it closes the connection.
func raw(t *testing.T, address, text string) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if err := conn.SetDeadline(time.Now().Add(20 * time.Second)); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(conn, text); err != nil {
		return "" // closed before all was read, which is an answer too
	}
	answer, err := io.ReadAll(bufio.NewReader(conn))
	var late net.Error
	if errors.As(err, &late) && late.Timeout() {
		t.Errorf("%.40q: the connection stays open", text)
	}
	return string(answer)
}

func TestASlowClientIsCutOff(t *testing.T) {
	t.Parallel() // it waits most of the time
	s := newSandbox(t, Options{})
	server := s.server()
	for name, timeout := range map[string]time.Duration{
		"header": server.ReadHeaderTimeout, "read": server.ReadTimeout, "write": server.WriteTimeout, "idle": server.IdleTimeout,
	} {
		if timeout <= 0 || timeout > 5*time.Minute {
			t.Errorf("%s: %s", name, timeout)
		}
	}
	server.ReadHeaderTimeout, server.ReadTimeout, server.IdleTimeout = 50*time.Millisecond, 100*time.Millisecond, 50*time.Millisecond
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = server.Serve(l) }()
	defer func() { _ = server.Close() }()
	for text, want := range map[string]string{
		"": "", "POST / HT": "", "POST /?Format=JSON HTTP/1.1\r\nHost: h\r\nX": "",
		"GET /?Format=JSON HTTP/1.1\r\nHost: h\r\n\r\n":                                      `"Code":"MissingParameter"`,
		"POST /?Format=JSON HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\nRegionId=":      `"Code":"InvalidParameter"`,
		"POST /?Format=JSON HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n": `"Code":"InvalidParameter"`,
		"GET / HTTP/1.1\r\n\r\n":                                    "400 Bad Request",
		"\x16\x03\x01\x00\xa5\x01":                                  "",
		"GET /?a=" + strings.Repeat("a", 300<<10) + " HTTP/1.1\r\n": "431",
	} {
		if got := raw(t, l.Addr().String(), text); !strings.Contains(got, want) {
			t.Errorf("%.60q: %q", text, got)
		}
	}
	if status, err := s.Status(t.Context()); err != nil || status.Codes != 0 {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestAWaitingSandboxHasAWriteTimeoutThatAllowsForIt(t *testing.T) {
	s := newSandbox(t, Options{Latency: time.Hour})
	if got := s.server().WriteTimeout; got < time.Hour+slowTime {
		t.Errorf("%s", got)
	}
}
