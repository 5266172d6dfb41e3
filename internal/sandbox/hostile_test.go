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
)

func TestHostileRequestsGetAnAPIError(t *testing.T) {
	t.Parallel() // it waits most of the time
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
	if status, err := s.Status(t.Context()); err != nil || status.Codes != 0 {
		t.Errorf("%+v, %v", status, err)
	}
}

// checkAnswer checks what is true of every answer to any request.
func checkAnswer(t *testing.T, w *httptest.ResponseRecorder) {
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
		checkAnswer(t, w)
	})
}
