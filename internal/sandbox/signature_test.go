package sandbox

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestBrokenSignaturesAreRefused(t *testing.T) {
	_, c := start(t, Options{})
	tests := []struct {
		name   string
		before func(url.Values) // before it is signed
		after  func(url.Values) // after
		status int
		code   string
	}{
		{name: "unknown key", before: set("AccessKeyId", "LTAIsomebody"), status: 404, code: "InvalidAccessKeyId.NotFound"},
		{name: "changed afterwards", after: set("RegionId", "cn-beijing"), status: 400, code: "SignatureDoesNotMatch"},
		{name: "added afterwards", after: set("InstanceName", "web"), status: 400, code: "SignatureDoesNotMatch"},
		{name: "other signature", after: set("Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY="), status: 400, code: "SignatureDoesNotMatch"},
		{name: "other action", after: set("Action", "CreateActivation"), status: 400, code: "SignatureDoesNotMatch"},
		{name: "not base64", after: set("Signature", "???"), status: 400, code: "IncompleteSignature"},
		{name: "cut short", after: set("Signature", "OLea"), status: 400, code: "IncompleteSignature"},
		{name: "unknown method", before: set("SignatureMethod", "HMAC-MD5"), status: 400, code: "InvalidSignatureMethod"},
		{name: "unknown version", before: set("SignatureVersion", "2.0"), status: 400, code: "InvalidParameter"},
		{name: "past", before: set("Timestamp", stamp(-16*time.Minute)), status: 400, code: "InvalidTimeStamp.Expired"},
		{name: "future", before: set("Timestamp", stamp(16*time.Minute)), status: 400, code: "InvalidTimeStamp.Expired"},
		{name: "no time", before: set("Timestamp", "yesterday"), status: 400, code: "InvalidTimeStamp.Format"},
		{name: "within the skew", before: set("Timestamp", stamp(-14*time.Minute)), status: 200},
		{name: "other API version", before: set("Version", "2015-04-01"), status: 400, code: "InvalidVersion"},
	}
	for _, name := range []string{"AccessKeyId", "Signature", "SignatureMethod", "SignatureVersion", "SignatureNonce", "Timestamp", "Version", "Action", "RegionId"} {
		drop := func(v url.Values) { v.Del(name) }
		test := tests[0]
		test.name, test.code, test.status, test.before, test.after = "no "+name, "MissingParameter", 400, drop, nil
		if name == "Signature" {
			test.before, test.after = nil, drop
		}
		tests = append(tests, test)
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			values := c.common("DescribeActivations")
			values.Set("RegionId", "cn-hangzhou")
			apply(test.before, values)
			c.sign(values)
			apply(test.after, values)
			a := c.do(c.assemble(values, nil))
			if a.status != test.status || a.text("Code") != test.code {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, test.status, test.code)
			}
		})
	}
}

func set(name, value string) func(url.Values) { return func(v url.Values) { v.Set(name, value) } }

func stamp(d time.Duration) string { return time.Now().Add(d).UTC().Format("2006-01-02T15:04:05Z") }

func apply(edit func(url.Values), values url.Values) {
	if edit != nil {
		edit(values)
	}
}

func TestANonceIsAcceptedOnce(t *testing.T) {
	clock := &clock{}
	_, c := start(t, Options{Now: clock.now})
	send := func() answer {
		values := c.common("DescribeActivations")
		values.Set("RegionId", "cn-hangzhou")
		values.Set("SignatureNonce", "once")
		c.sign(values)
		return c.do(c.assemble(values, nil))
	}
	if a := send(); a.status != 200 {
		t.Fatalf("first: %d %s", a.status, a.body)
	}
	if a := send(); a.status != 400 || a.text("Code") != "SignatureNonceUsed" {
		t.Errorf("second: %d %s", a.status, a.body)
	}
	clock.add(31 * time.Minute)
	if a := send(); a.text("Code") != "SignatureNonceUsed" {
		t.Errorf("after 31 minutes, in the older generation: %d %s", a.status, a.body)
	}
	clock.add(31 * time.Minute)
	c.ok("DescribeActivations", "RegionId", "cn-hangzhou") // turns the generations
	clock.add(31 * time.Minute)
	if a := send(); a.status != 200 {
		t.Errorf("forgotten after an hour and a half: %d %s", a.status, a.body)
	}
}

func TestARefusedSignatureDoesNotUseTheNonce(t *testing.T) {
	_, c := start(t, Options{})
	values := c.common("DescribeActivations")
	values.Set("RegionId", "cn-hangzhou")
	c.sign(values)
	good := values.Get("Signature")
	values.Set("Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY=")
	if a := c.do(c.assemble(values, nil)); a.text("Code") != "SignatureDoesNotMatch" {
		t.Fatalf("%s", a.body)
	}
	values.Set("Signature", good)
	if a := c.do(c.assemble(values, nil)); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestASignatureErrorShowsTheStringToSignAndNoSecret(t *testing.T) {
	_, c := start(t, Options{})
	values := c.common("DescribeActivations")
	values.Set("RegionId", "cn-hangzhou")
	values.Set("Signature", "OLeaidS1JvxuMvnyHOwuJ+uX5qY=")
	a := c.do(c.assemble(values, nil))
	if !strings.Contains(a.text("Message"), "server string to sign is:POST&%2F&AccessKeyId%3D") {
		t.Errorf("message %q", a.text("Message"))
	}
	if strings.Contains(string(a.body), c.pair.AccessKeySecret) {
		t.Error("the secret is in the answer")
	}
}

func TestAParameterGivenTwiceIsRefused(t *testing.T) {
	_, c := start(t, Options{})
	r := c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	r.URL.RawQuery += "&RegionId=cn-hangzhou"
	if a := c.do(r); a.status != 400 || a.text("Code") != "InvalidParameter" {
		t.Errorf("%d %s", a.status, a.body)
	}
	c.form = true
	r = c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	r.URL.RawQuery += "&RegionId=cn-hangzhou"
	if a := c.do(r); a.status != 400 || a.text("Code") != "InvalidParameter" {
		t.Errorf("query and form: %d %s", a.status, a.body)
	}
}

func TestOnlyGetAndPostOnTheRootAreServed(t *testing.T) {
	_, c := start(t, Options{})
	for method, code := range map[string]string{"PUT": "UnsupportedHTTPMethod", "DELETE": "UnsupportedHTTPMethod"} {
		c.method = method
		c.refused(400, code, "DescribeActivations", "RegionId", "cn-hangzhou")
	}
	c.method = http.MethodGet
	r := c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	r.URL.Path = "/elsewhere"
	if a := c.do(r); a.status != 404 || a.text("Code") != "InvalidAction.NotFound" {
		t.Errorf("%d %s", a.status, a.body)
	}
}
