package sandbox

import (
	"encoding/json"
	"encoding/xml"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestHostileRequestsGetAnAPIError(t *testing.T) {
	s, c := start(t, Options{})
	for _, test := range []struct {
		name, query, kind, body string
		status                  int
	}{
		{"nothing at all", "", "", "", 400},
		{"bad escape in the query", "Action=%zz&Format=JSON", "", "", 400},
		{"bad escape in the body", "Format=JSON", "application/x-www-form-urlencoded", "Action=%", 400},
		{"semicolon", "Action=a;b&Format=JSON", "", "", 400},
		{"NUL in a name", "Action=a&a%00b=c&Format=JSON", "", "", 400},
		{"no UTF-8", "Action=%ff&Format=JSON", "", "", 400},
		{"JSON body", "Action=CreateActivation&Format=JSON", "application/json", "{}", 400},
		{"multipart body", "Action=CreateActivation&Format=JSON", "multipart/form-data; boundary=x", "--x--", 400},
		{"body without a type", "Action=CreateActivation&Format=JSON", "", "a=b", 400},
		{"body over 1 MiB", "Format=JSON", "application/x-www-form-urlencoded", "a=" + strings.Repeat("x", 1<<20), 413},
		{"many parameters", "Format=JSON", "application/x-www-form-urlencoded", strings.Repeat("a&", 50000), 400},
		{"XML", "Action=%3Cscript%3E", "", "", 404},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, c.url+"/?"+test.query, strings.NewReader(test.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", test.kind)
			if a := c.do(r); a.status != test.status || !strings.Contains(string(a.body), "Code") {
				t.Errorf("%d %s; want %d", a.status, a.body, test.status)
			}
		})
	}
	if status, err := s.Status(); err != nil || status.Codes != 0 {
		t.Errorf("%+v, %v", status, err)
	}
}

// judgeAnswer holds what is true of every answer, whatever was asked.
func judgeAnswer(t *testing.T, w *httptest.ResponseRecorder) {
	t.Helper()
	if w.Code >= 500 || w.Code < 200 {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	var into struct{ RequestId, Code string }
	var err error
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		err = json.Unmarshal(w.Body.Bytes(), &into)
	} else {
		err = xml.Unmarshal(w.Body.Bytes(), &into)
	}
	if err != nil || into.RequestId == "" || (into.Code == "") != (w.Code == 200) {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
}

func FuzzRequest(f *testing.F) {
	f.Add("GET", "Action=CreateActivation&Format=JSON", "", "")
	f.Add("POST", "Action=DescribeActivations", "application/x-www-form-urlencoded", "RegionId=cn-hangzhou&Tag.1.Key=a")
	f.Add("PUT", "%zz", "application/x-www-form-urlencoded; charset=utf-8", "%")
	f.Add("POST", "a=b&a=c&Signature=%00", "multipart/form-data", "x")
	f.Add("POST", "Action=\xff&Format=json", "application/json", "{}")
	s := newSandbox(f, Options{})
	f.Fuzz(func(t *testing.T, method, query, kind, body string) {
		w := httptest.NewRecorder()
		r := &http.Request{
			Method: method, Host: "h", URL: &url.URL{Path: "/", RawQuery: query},
			Header: http.Header{"Content-Type": {kind}}, Body: io.NopCloser(strings.NewReader(body)),
		}
		s.ServeHTTP(w, r)
		judgeAnswer(t, w)
	})
}

func FuzzSignedParameters(f *testing.F) {
	for _, action := range []string{"CreateActivation", "DescribeActivations", "DisableActivation", "DeleteActivation", "DescribeManagedInstances", "DeregisterManagedInstance"} {
		f.Add(action, "RegionId=cn-hangzhou&ActivationId=x")
		f.Add(action, "RegionId=cn-hangzhou&InstanceName=web&InstanceCount=-1&TimeToLiveInHours=1e9&Format=XML")
		f.Add(action, "RegionId=cn-beijing&Tag.1.Key=a&Tag.1.Value=&Tag.20.Key=b&Tag.99999999999999999999.Key=c&ClientToken=t")
		f.Add(action, "RegionId=cn-hangzhou&NextToken=AAAA&MaxResults=50&PageNumber=99999999999999999999&PageSize=50")
		f.Add(action, "RegionId=cn-hangzhou&InstanceId=mi-&InstanceId.1=x&InstanceId.2=&Connected=maybe&MaxResults=1")
		f.Add(action, "RegionId=cn-hangzhou&IpAddressRange=%3A%3Affff%3A1.2.3.4%2F96&Description=%01%F0%9F%98%80")
	}
	s, err := New(Options{Path: f.TempDir() + "/sandbox.db", Quota: 1000})
	if err != nil {
		f.Fatal(err)
	}
	pair, err := s.Credentials()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, action, query string) {
		given, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		c := &client{t: t, url: "http://h", pair: pair, now: time.Now, method: "GET"}
		values := c.common(action)
		for name := range given {
			values.Set(name, given.Get(name))
		}
		c.sign(values)
		w := httptest.NewRecorder()
		s.ServeHTTP(w, &http.Request{Method: http.MethodGet, Host: "h", URL: &url.URL{Path: "/", RawQuery: values.Encode()}})
		judgeAnswer(t, w)
		status, err := s.Status()
		if err != nil || status.Codes < 0 {
			t.Fatalf("%+v, %v", status, err)
		}
	})
}
