package sandbox

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"
)

// The newer dialect, signed by hand from "Request syntax and signature method V3". As in helper_test.go,
// nothing here is the sandbox's own.

// acs3Request builds a request that is not signed yet.
func (c *client) acs3Request(action string, business []string) *http.Request {
	values := url.Values{}
	for i := 0; i < len(business); i += 2 {
		values.Set(business[i], business[i+1])
	}
	query, body := values.Encode(), ""
	if c.form {
		query, body = "", values.Encode()
	}
	r, err := http.NewRequest(c.method, c.url+"/?"+query, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	if c.form {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for name, value := range map[string]string{
		"x-acs-action": action, "x-acs-version": versionOf(action), "x-acs-signature-nonce": rand.Text(),
		"x-acs-date": c.now().UTC().Format("2006-01-02T15:04:05Z"), "x-acs-content-sha256": sumOf(body),
	} {
		r.Header.Set(name, value)
	}
	if c.token != "" {
		r.Header.Set("x-acs-accesskey-id", c.pair.AccessKeyId)
		r.Header.Set("x-acs-security-token", c.token)
	}
	return r
}

// signACS3 adds the Authorization of a request.
func (c *client) signACS3(r *http.Request) {
	names := []string{"host"}
	for name := range r.Header {
		if lower := strings.ToLower(name); strings.HasPrefix(lower, "x-acs-") || lower == "content-type" {
			names = append(names, lower)
		}
	}
	sort.Strings(names)
	signature := acs3Signature(c.pair.AccessKeySecret, r, names)
	r.Header.Set("Authorization", fmt.Sprintf("ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s",
		c.pair.AccessKeyId, strings.Join(names, ";"), signature))
}

func acs3Signature(secret string, r *http.Request, names []string) string {
	var query, headers []string
	given := r.URL.Query()
	for name := range given {
		query = append(query, escape(name)+"="+escape(given.Get(name)))
	}
	slices.Sort(query)
	for _, name := range names {
		value := r.Header.Get(name)
		if name == "host" {
			value = r.URL.Host
		}
		headers = append(headers, name+":"+strings.TrimSpace(value)+"\n")
	}
	canonical := strings.Join([]string{
		r.Method, "/", strings.Join(query, "&"), strings.Join(headers, ""), strings.Join(names, ";"), r.Header.Get("x-acs-content-sha256"),
	}, "\n")
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + sumOf(canonical)))
	return hex.EncodeToString(mac.Sum(nil))
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

func TestBrokenACS3SignaturesAreRefused(t *testing.T) {
	_, c := start(t, Options{})
	c.acs3 = true
	type edit func(*http.Request)
	drop := func(name string) edit { return func(r *http.Request) { r.Header.Del(name) } }
	put := func(name, value string) edit { return func(r *http.Request) { r.Header.Set(name, value) } }
	swap := func(old, new string) edit {
		return func(r *http.Request) {
			r.Header.Set("Authorization", strings.Replace(r.Header.Get("Authorization"), old, new, 1))
		}
	}
	for _, test := range []struct {
		name          string
		before, after edit
		status        int
		code          string
	}{
		{name: "as it should be", status: 200},
		{name: "blanks after the commas", after: swap(",SignedHeaders", ", SignedHeaders"), status: 200},
		{name: "blanks around a header", before: put("x-acs-extra", "  a b "), status: 200},
		{name: "unknown key", after: swap("Credential=SANDBOX", "Credential=LTAI"), status: 404, code: "InvalidAccessKeyId.NotFound"},
		{name: "no key", after: swap("Credential=", "Credentials="), status: 404, code: "InvalidAccessKeyId.NotFound"},
		{name: "header changed afterwards", after: put("x-acs-date", stamp(time.Second)), status: 400, code: "SignatureDoesNotMatch"},
		{name: "header added afterwards", after: put("x-acs-extra", "1"), status: 400, code: "IncompleteSignature"},
		{name: "parameter added afterwards", after: func(r *http.Request) { r.URL.RawQuery += "&PageSize=1" }, status: 400, code: "SignatureDoesNotMatch"},
		{name: "other hash of the body", before: put("x-acs-content-sha256", sumOf("x")), status: 400, code: "SignatureDoesNotMatch"},
		{name: "host not signed", after: swap("host;", ""), status: 400, code: "IncompleteSignature"},
		{name: "action not signed", after: swap("x-acs-action;", ""), status: 400, code: "IncompleteSignature"},
		{name: "no headers signed", after: swap("SignedHeaders=", "Headers="), status: 400, code: "IncompleteSignature"},
		{name: "no signature", after: swap("Signature=", "Sig="), status: 400, code: "IncompleteSignature"},
		{name: "signature is not hexadecimal", after: swap("Signature=", "Signature=zz"), status: 400, code: "IncompleteSignature"},
		{name: "signature too long", after: swap("Signature=", "Signature=00"), status: 400, code: "IncompleteSignature"},
		{name: "other method", after: swap("ACS3-HMAC-SHA256", "ACS3-HMAC-SM3"), status: 400, code: "InvalidSignatureMethod"},
		{name: "no Authorization", after: drop("Authorization"), status: 400, code: "MissingParameter"},
		{name: "no date", before: drop("x-acs-date"), status: 400, code: "MissingParameter"},
		{name: "no nonce", before: drop("x-acs-signature-nonce"), status: 400, code: "MissingParameter"},
		{name: "no hash", before: drop("x-acs-content-sha256"), status: 400, code: "MissingParameter"},
		{name: "no action", before: drop("x-acs-action"), status: 400, code: "MissingParameter"},
		{name: "no version", before: drop("x-acs-version"), status: 400, code: "MissingParameter"},
		{name: "other version", before: put("x-acs-version", "2015-04-01"), status: 400, code: "InvalidVersion"},
		{name: "unknown action", before: put("x-acs-action", "RunInstances"), status: 404, code: "InvalidAction.NotFound"},
		{name: "past", before: put("x-acs-date", stamp(-16*time.Minute)), status: 400, code: "InvalidTimeStamp.Expired"},
		{name: "future", before: put("x-acs-date", stamp(16*time.Minute)), status: 400, code: "InvalidTimeStamp.Expired"},
		{name: "no time", before: put("x-acs-date", "now"), status: 400, code: "InvalidTimeStamp.Format"},
		{name: "no region", before: func(r *http.Request) { r.URL.RawQuery = "" }, status: 400, code: "MissingParameter"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := c.acs3Request("DescribeActivations", params("RegionId", "cn-hangzhou"))
			if test.before != nil {
				test.before(r)
			}
			c.signACS3(r)
			if test.after != nil {
				test.after(r)
			}
			a := c.do(r)
			if a.status != test.status || a.text("Code") != test.code {
				t.Errorf("got %d %s, want %d %s", a.status, a.body, test.status, test.code)
			}
		})
	}
}

func TestAnACS3NonceIsAcceptedOnce(t *testing.T) {
	_, c := start(t, Options{})
	c.acs3 = true
	send := func() answer {
		r := c.acs3Request("DescribeActivations", params("RegionId", "cn-hangzhou"))
		r.Header.Set("x-acs-signature-nonce", "once")
		c.signACS3(r)
		return c.do(r)
	}
	if a := send(); a.status != 200 {
		t.Fatalf("first: %d %s", a.status, a.body)
	}
	if a := send(); a.status != 400 || a.text("Code") != "SignatureNonceUsed" {
		t.Errorf("second: %d %s", a.status, a.body)
	}
}

func TestABodyChangedAfterSigningIsRefused(t *testing.T) {
	_, c := start(t, Options{})
	c.acs3, c.form = true, true
	r := c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	other := "RegionId=cn-beijingx"
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(other)), int64(len(other))
	if a := c.do(r); a.status != 400 || a.text("Code") != "SignatureDoesNotMatch" {
		t.Errorf("%d %s", a.status, a.body)
	}
}

func TestACS3AnswersJSONUnlessXMLIsAskedFor(t *testing.T) {
	_, c := start(t, Options{})
	c.acs3 = true
	for _, test := range []struct{ accept, format, want string }{
		{"", "", "application/json"}, {"application/json", "", "application/json"}, {"*/*", "", "application/json"},
		{"application/xml", "", "application/xml"}, {"", "XML", "application/xml"}, {"application/xml", "JSON", "application/json"},
	} {
		business := params("RegionId", "cn-hangzhou")
		if test.format != "" {
			business = with(business, "Format", test.format)
		}
		for _, action := range []string{"DescribeActivations", "DeleteActivation", "NoSuchAction"} {
			r := c.acs3Request(action, business)
			r.Header.Set("Accept", test.accept)
			c.signACS3(r)
			if kind := c.do(r).header.Get("Content-Type"); !strings.HasPrefix(kind, test.want) {
				t.Errorf("%s, %+v: %s", action, test, kind)
			}
		}
	}
}

func TestAnOlderSignatureCountsAlsoWithHeadersOfTheNewerDialect(t *testing.T) {
	_, c := start(t, Options{})
	c.method = http.MethodGet
	r := c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	r.Header.Set("x-acs-action", "DescribeActivations")
	r.Header.Set("x-acs-version", "2014-05-26")
	if a := c.do(r); a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
}
