package ecs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"runtime"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/netfault"
)

// oddAnswers are not a success of any operation.
var oddAnswers = []struct {
	name   string
	status int
	body   string
	says   string // what the error must hold
	header []string
}{
	{"nothing", 200, "", "the answer is empty", nil},
	{"blanks", 200, " \r\n\t", "the answer is empty", nil},
	{"null", 200, "null", "not a JSON object", nil},
	{"an empty object", 200, "{}", "the answer ", nil},
	{"an empty array", 200, "[]", "not a JSON object", nil},
	{"an array of the answer", 200, `[{"ActivationId":"` + theMark + `","ActivationCode":"x"}]`, "not a JSON object", nil},
	{"a number", 200, "200", "not a JSON object", nil},
	{"a text", 200, `"` + theMark + `"`, "not a JSON object", nil},
	{"a page", 200, "<html><h1>" + theMark + "</h1></html>", "not a JSON object", []string{"Content-Type", "text/html"}},
	{"an answer in XML", 200, "<ActionResponse><ActivationId>" + theMark + "</ActivationId></ActionResponse>", "not a JSON object", []string{"Content-Type", "text/xml"}},
	{"NULs", 200, strings.Repeat("\x00", 512), "not a JSON object", nil},
	{"a byte order mark", 200, "\ufeff{}", "not a JSON object", nil},
	{"garbage that claims to be gzip", 200, "\x1f\x8b\x08garbage" + theMark, "not a JSON object", []string{"Content-Encoding", "gzip"}},
	{"half an object", 200, `{"ActivationId":"` + theMark + `","Act`, "not valid JSON at byte", nil},
	{"an object and more", 200, `{"ActivationId":"a","ActivationCode":"` + theMark + `"}{}`, "not valid JSON at byte", nil},
	{"unknown fields", 200, `{"Result":"` + theMark + `","ok":true}`, "the answer ", nil},
	{"fields of another form", 200, `{"ActivationId":{},"ActivationList":"` + theMark + `","Activation":["` + theMark + `"],"Instances":"` + theMark + `"}`, "the answer ", nil},
	{"a request id of another form", 200, `{"RequestId":["` + theMark + `"],"TotalCount":0}`, "the answer ", nil},
	{"null in every field", 200, `{"RequestId":null,"ActivationId":null,"ActivationCode":null,"ActivationList":null,"Activation":null,"Instances":null}`, "the answer ", nil},
	{"a nest of arrays", 200, `{"x":` + strings.Repeat("[", 20000) + theMark, "the answer cannot be read", nil},
	{"no content", 204, "", "HTTP 204 without a code", nil},
	{"a partial answer", 206, `{"ActivationId":"` + theMark + `"}`, "HTTP 206 without a code", nil},
	{"an empty refusal", 403, "", "HTTP 403 without a code", nil},
	{"a proxy's refusal", 403, "<html>" + theMark + "</html>", "HTTP 403 without a code", nil},
	{"a refusal without a code", 400, `{"Message":"` + theMark + `"}`, "HTTP 400 without a code", nil},
	{"a refusal with an empty code", 404, `{"Code":"","Message":"` + theMark + `"}`, "HTTP 404 without a code", nil},
	{"a gateway's error", 502, "<html>" + theMark + "</html>", "HTTP 502 without a code", nil},
	{"an error without words", 500, "", "HTTP 500 without a code", nil},
	{"not modified", 304, "", "redirects (HTTP 304)", nil},
}

func TestAnOddAnswerIsNeverASuccessAndNeverShown(t *testing.T) {
	for _, odd := range oddAnswers {
		for name, call := range operations {
			t.Run(odd.name+", "+name, func(t *testing.T) {
				s, client := startServer(t, answer(odd.status, odd.body, odd.header...))
				result, err := call(t.Context(), client)
				known := wantError(t, err)
				if !strings.Contains(known.Error(), odd.says) {
					t.Errorf("%q does not say %q", known.Error(), odd.says)
				}
				if (message.Invocation{}).Error(known).Advice() == "" {
					t.Error("there is no hint")
				}
				if want := strings.TrimPrefix(s.URL, "http://"); known.Host != want {
					t.Errorf("the host is %q, want %q", known.Host, want)
				}
				hidesSecrets(t, s.shown(known))
				hidesSecrets(t, fmt.Sprintf("%+v", result))
			})
		}
	}
}

func TestAnAnswerThatConfirmsSomethingElseIsNoSuccess(t *testing.T) {
	for _, test := range []struct{ verb, body, says string }{
		{"create", `{"RequestId":"R","ActivationId":"` + codeId + `"}`, "holds no activation code"},
		{"create", `{"RequestId":"R","ActivationCode":"` + theMark + `"}`, "holds no activation code"},
		{"create", `{"ActivationId":"","ActivationCode":""}`, "holds no activation code"},
		{"create", `{"ActivationList":[]}`, "holds no activation code"},
		{"list", `{"RequestId":"R"}`, "holds no list"},
		{"list", `{"RequestId":"R","TotalCount":3}`, "holds no list"},
		{"list", `{"TotalCount":0}`, "holds no list"},
		{"list", `{"RequestId":"R","TotalCount":0,"NextToken":"` + theMark + `"}`, "holds no list"},
		{"list", `{"RequestId":"R","ActivationList":[null]}`, "without an ActivationId"},
		{"list", `{"RequestId":"R","TotalCount":0,"ActivationList":[{}]}`, "without an ActivationId"},
		{"machines", `{"RequestId":"R","TotalCount":0,"Instances":[{}]}`, "without an InstanceId"},
		{"list", `{"RequestId":"R","ActivationList":[{"ActivationId":"a"},{"InstanceName":"` + theMark + `"}]}`, "without an ActivationId"},
		{"list", `{"ActivationList":{"Activation":[{"ActivationId":"` + theMark + `"}]}}`, "ActivationList has an unexpected form"},
		{"list", `{"ActivationList":["` + theMark + `"]}`, "ActivationList has an unexpected form"},
		{"list", `{"ActivationList":[{"ActivationId":"a","InstanceCount":"` + theMark + `"}]}`, "a whole number was expected"},
		{"list", `{"ActivationList":[{"ActivationId":"a","InstanceCount":1.5}]}`, "a whole number was expected"},
		{"list", `{"ActivationList":[{"ActivationId":"a","Disabled":"` + theMark + `"}]}`, "true or false was expected"},
		{"list", `{"ActivationList":[{"ActivationId":["` + theMark + `"]}]}`, "a string was expected"},
		{"disable", `{"RequestId":"R"}`, "does not confirm"},
		{"disable", `{"RequestId":"R","Activation":{}}`, "does not confirm"},
		{"disable", `{"Activation":{"ActivationId":"` + theMark + `"}}`, "does not confirm"},
		{"delete", `{"ActivationId":"` + codeId + `"}`, "does not confirm"},
		{"delete", `{"Activation":[{"ActivationId":"` + codeId + `"}]}`, "Activation has an unexpected form"},
		{"delete", `{"Activation":{"ActivationId":"` + strings.ToLower(codeId) + `"}}`, "does not confirm"},
	} {
		s, client := startServer(t, answer(200, test.body))
		result, err := operations[test.verb](t.Context(), client)
		known := wantError(t, err)
		if !strings.Contains(known.Error(), test.says) {
			t.Errorf("%s %s: %q does not say %q", test.verb, test.body, known.Error(), test.says)
		}
		if known.NothingDone || len(s.queries()) != 1 {
			t.Errorf("%s %s: nothing done %t after %d requests", test.verb, test.body, known.NothingDone, len(s.queries()))
		}
		hidesSecrets(t, s.shown(known))
		hidesSecrets(t, fmt.Sprintf("%+v", result))
	}
}

func TestAnAnswerInTheFormOfTheDocumentsSamplesIsRead(t *testing.T) {
	const body = `{"RequestId":"R","TotalCount":"2","PageNumber":"1","PageSize":"10","NextToken":null,"Recommend":{"x":[1]},
		"ActivationList":[{"ActivationId":"a","InstanceName":null,"InstanceCount":"10","RegisteredCount":"3","DeregisteredCount":1.0,
		"TimeToLiveInHours":"4","Disabled":"true","CreationTime":"2021-01-20T06:00:00Z","Tags":[{"TagKey":"k","TagValue":null}],"NewField":{}},
		{"ActivationId":12,"InstanceCount":null,"Disabled":"","Description":true,"Tags":null}]}`
	_, client := startServer(t, answer(200, body, "Date", "Thu, 25 Jun 2026 06:00:00 GMT"))
	page, err := client.List(t.Context(), activation.ListRequest{RegionId: hangzhou})
	if err != nil {
		t.Fatal(err)
	}
	want := []activation.Activation{
		{
			ActivationId: "a", RegionId: hangzhou, InstanceCount: 10, RegisteredCount: 3, DeregisteredCount: 1, TimeToLiveInHours: 4,
			Disabled: true, CreationTime: "2021-01-20T06:00:00Z", Tags: []activation.Tag{{TagKey: "k"}},
		},
		{ActivationId: "12", RegionId: hangzhou, Description: "true", Tags: []activation.Tag{}},
	}
	if !reflect.DeepEqual(page.ActivationList, want) {
		t.Errorf("\n got %+v\nwant %+v", page.ActivationList, want)
	}
	if page.TotalCount != 2 || page.PageNumber != 1 || page.PageSize != 10 || page.NextToken != "" || page.RequestId != "R" ||
		!page.Date.Equal(time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)) {
		t.Errorf("%+v", page)
	}
}

func TestAnEmptyListMayBeLeftOut(t *testing.T) {
	for _, body := range []string{
		`{"RequestId":"R","TotalCount":0}`, `{"RequestId":"R","TotalCount":"0","ActivationList":null}`,
		`{"RequestId":"R","ActivationList":[]}`, `{"ActivationList":[]}`,
	} {
		_, client := startServer(t, answer(200, body))
		if page, err := client.List(t.Context(), activation.ListRequest{RegionId: hangzhou}); err != nil || len(page.ActivationList) != 0 {
			t.Errorf("%s: %+v, %v", body, page, err)
		}
	}
}

func TestMachinesInTheFormOfTheDocumentsSamplesAreRead(t *testing.T) {
	const body = `{"RequestId":"R","TotalCount":"1","NextToken":"n","Instances":[{"InstanceId":"mi-1","InstanceName":"web-01","ActivationId":"` + codeId + `",
		"Hostname":"h","InternetIp":"192.0.2.7","IntranetIp":null,"OsType":"linux","OsVersion":"Linux 6","AgentVersion":"2.2","MachineId":"m",
		"Connected":"true","RegistrationTime":"2021-01-20T06:00:00Z","InvocationCount":"3","ResourceGroupId":"rg","Tags":[{"TagKey":"k","TagValue":""}],"New":{}}]}`
	_, client := startServer(t, answer(200, body))
	page, err := client.Machines(t.Context(), activation.MachinesRequest{Ref: codeRef})
	want := []activation.Machine{{
		InstanceId: "mi-1", InstanceName: "web-01", ActivationId: codeId, Hostname: "h", InternetIp: "192.0.2.7", OsType: "linux", OsVersion: "Linux 6",
		AgentVersion: "2.2", MachineId: "m", Connected: true, RegistrationTime: "2021-01-20T06:00:00Z", InvocationCount: 3, ResourceGroupId: "rg",
		Tags: []activation.Tag{{TagKey: "k"}},
	}}
	if err != nil || page.NextToken != "n" || page.RequestId != "R" || !reflect.DeepEqual(page.Instances, want) {
		t.Errorf("%v\n got %+v\nwant %+v", err, page.Instances, want)
	}
	for _, empty := range []string{`{"RequestId":"R","TotalCount":0}`, `{"Instances":[]}`} {
		_, client := startServer(t, answer(200, empty))
		if page, err := client.Machines(t.Context(), activation.MachinesRequest{Ref: codeRef}); err != nil || len(page.Instances) != 0 {
			t.Errorf("%s: %+v, %v", empty, page, err)
		}
	}
}

func TestARedirectIsNeverFollowedAndItsPathNeverShown(t *testing.T) {
	t.Parallel()
	var followed atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		followed.Add(1)
		good(w, r)
	}))
	defer elsewhere.Close()
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	for _, status := range []int{301, 302, 303, 307, 308} {
		for name, call := range operations {
			s, client := startServer(t, answer(status, `{"RequestId":"R"}`, "Location", "http://user:"+theMark+"@"+host+"/"+theMark+"?Signature="+theMark))
			_, err := call(t.Context(), client)
			known := wantError(t, err)
			if !strings.Contains(known.Error(), fmt.Sprint(status)) || !strings.Contains(known.Error(), host) {
				t.Errorf("%d, %s: %q does not name the status and where it leads", status, name, known.Error())
			}
			if len(s.queries()) != 1 || known.NothingDone {
				t.Errorf("%d, %s: %d requests, nothing done %t", status, name, len(s.queries()), known.NothingDone)
			}
			hidesSecrets(t, s.shown(known))
		}
	}
	for _, location := range []string{"", "/" + theMark, "//", ":", "http://%zz/" + theMark, "//" + "a b"} {
		s, client := startServer(t, answer(302, "", "Location", location))
		_, err := operations["list"](t.Context(), client)
		known := wantError(t, err)
		if !strings.Contains(known.Error(), "to an unknown host;") {
			t.Errorf("%q: %v", location, known)
		}
		hidesSecrets(t, s.shown(known))
	}
	if n := followed.Load(); n > 0 {
		t.Errorf("%d redirects were followed", n)
	}
}

func TestAHugeAnswerIsRefusedWithoutReadingIt(t *testing.T) {
	const megabytes = 300
	for name, sized := range map[string]bool{"announced": true, "not announced": false} {
		t.Run(name, func(t *testing.T) {
			block := []byte(strings.Repeat("x", 1<<20))
			s, client := startServer(t, func(w http.ResponseWriter, _ *http.Request) {
				if sized {
					w.Header().Set("Content-Length", fmt.Sprint(megabytes<<20))
				}
				for range megabytes {
					if _, err := w.Write(block); err != nil {
						return
					}
				}
			})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := operations["create"](t.Context(), client)
			runtime.ReadMemStats(&after)
			known := wantError(t, err)
			if !strings.Contains(known.Error(), "larger than 8 MiB") || known.NothingDone || len(s.queries()) != 1 {
				t.Errorf("%v, nothing done %t, %d requests", known, known.NothingDone, len(s.queries()))
			}
			if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 100 {
				t.Errorf("%d MiB were used", used)
			}
		})
	}
}

func TestAnAnswerUpToTheBoundIsRead(t *testing.T) {
	const body = `{"RequestId":"R","ActivationList":[]}`
	_, client := startServer(t, answer(200, strings.Repeat(" ", maxBody-len(body))+body))
	if _, err := operations["list"](t.Context(), client); err != nil {
		t.Error(err)
	}
}

// brokenConnections end an attempt without an answer. The service may have executed the request.
var brokenConnections = map[string]string{
	"closed at once":          "",
	"closed in the status":    "HTTP/1.1 20",
	"closed in the headers":   "HTTP/1.1 200 OK\r\nContent-Type: appl",
	"closed in the body":      "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"ActivationId\":\"" + theMark,
	"closed in a chunk":       "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{\"" + theMark,
	"not HTTP at all":         "220 " + theMark + " ESMTP\r\n",
	"a status in words":       "HTTP/1.1 " + theMark + " OK\r\n\r\n",
	"a header without colon":  "HTTP/1.1 200 OK\r\n" + theMark + "\r\n\r\n",
	"an odd length":           "HTTP/1.1 200 OK\r\nContent-Length: " + theMark + "\r\n\r\n",
	"an odd encoding":         "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + theMark + "\r\n\r\n",
	"a chunk of an odd size":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + theMark + "\r\n",
	"two lengths":             "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2" + theMark + "\r\n\r\n",
	"endless provisional 1xx": strings.Repeat("HTTP/1.1 103 Early Hints\r\nX: "+theMark+"\r\n\r\n", 50),
}

func TestABrokenConnectionIsUncertainAndNothingOfItIsShown(t *testing.T) {
	for name, raw := range brokenConnections {
		t.Run(name, func(t *testing.T) {
			s, client := startServer(t, torn(raw))
			_, err := operations["create once"](t.Context(), client)
			known := wantError(t, err)
			if known.Kind != activation.KindUnavailable || known.NothingDone || len(s.queries()) != 1 {
				t.Errorf("%s, nothing done %t, %d requests: %v", known.Kind, known.NothingDone, len(s.queries()), known)
			}
			hidesSecrets(t, s.shown(known), "ESMTP", "Early Hints")
		})
	}
}

func TestAStatusOfZeroIsAnAnswerAndUncertain(t *testing.T) {
	for _, body := range []string{"{}", `{"Code":403}`, `{"RequestId":"R","Code":"Operation.Forbidden"}`} {
		s, client := startServer(t, torn(fmt.Sprintf("HTTP/1.1 000 OK\r\nContent-Length: %d\r\n\r\n%s", len(body), body)))
		_, err := operations["create"](t.Context(), client)
		if known := wantError(t, err); known.NothingDone || len(s.queries()) != 1 {
			t.Errorf("%s: %+v after %d requests", body, known, len(s.queries()))
		}
	}
}

func TestABrokenConnectionIsTriedAgain(t *testing.T) {
	t.Parallel()
	for name, call := range operations {
		if name == "create once" {
			continue
		}
		s, client := startServer(t, torn(""), good)
		if _, err := call(t.Context(), client); err != nil || len(s.queries()) != 2 {
			t.Errorf("%s: %v after %d requests", name, err, len(s.queries()))
		}
	}
}

func TestAnAttemptThatHangsIsEndedAndTriedAgain(t *testing.T) {
	t.Parallel()
	s, _ := startServer(t, hang, good)
	client := s.client(t, func(o *Options) { o.Attempt = 50 * time.Millisecond })
	if _, err := operations["create"](t.Context(), client); err != nil || len(s.queries()) != 2 {
		t.Errorf("%v after %d requests", err, len(s.queries()))
	}
	first := s.traced()[0]
	if first.Status != 0 || first.Err == nil || !strings.Contains(first.Err.Error(), netfault.TimedOut) || first.Wait == 0 {
		t.Errorf("the first attempt is %+v", first)
	}
}

func TestABodyThatHangsIsEndedToo(t *testing.T) {
	t.Parallel()
	s, _ := startServer(t, func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `{"ActivationId":`) //nolint:errcheck // the client has left
		http.NewResponseController(w).Flush() //nolint:errcheck // the same
		hang(w, r)
	})
	client := s.client(t, func(o *Options) { o.Attempt = 50 * time.Millisecond })
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	_, err := operations["create once"](ctx, client)
	if known := wantError(t, err); known.Kind != activation.KindUnavailable || known.NothingDone || !strings.Contains(known.Error(), netfault.TimedOut) {
		t.Errorf("%s, nothing done %t: %v", known.Kind, known.NothingDone, known)
	}
}

func TestOnlyWhatWasConnectedIsUncertain(t *testing.T) {
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for _, test := range []struct {
		name      string
		err       error
		attempts  int
		uncertain bool
		says      string
	}{
		{"a host that does not exist", dial(&net.DNSError{Err: "no such host", Name: "ecs.cn-hangzou.aliyuncs.com", IsNotFound: true}), oneAttempt, false, "host ecs.cn-hangzou.aliyuncs.com not found"},
		{"a name server in trouble", dial(&net.DNSError{Err: "server misbehaving", Name: "ecs", IsTemporary: true}), moreAttempts, false, "cannot look up host ecs: server misbehaving"},
		{"no network", dial(syscall.ENETUNREACH), moreAttempts, false, syscall.ENETUNREACH.Error()},
		{"a proxy out of reach", &net.OpError{Op: "proxyconnect", Net: "tcp", Err: dial(syscall.EHOSTUNREACH)}, moreAttempts, false, "cannot reach the proxy: " + syscall.EHOSTUNREACH.Error()},
		{"a certificate of another host", &tls.CertificateVerificationError{Err: x509.HostnameError{Certificate: &x509.Certificate{DNSNames: []string{"a"}}, Host: "b"}}, oneAttempt, false, "the certificate is not valid: certificate is valid for a, not b"},
		{"a certificate of an unknown authority", &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}}, oneAttempt, false, "the certificate is signed by an unknown authority"},
		{"no server listens", dial(syscall.ECONNREFUSED), fewAttempts, false, syscall.ECONNREFUSED.Error()},
		{"reset while reading", &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}, moreAttempts, true, syscall.ECONNRESET.Error()},
		{"no answer", errAttemptTimeout, moreAttempts, true, netfault.TimedOut},
	} {
		// The address that net/http would show holds what was signed.
		o := noAnswer(&url.Error{Op: "Post", URL: "https://ecs/?Signature=" + theMark, Err: test.err})
		if o.maxAttempts != test.attempts || o.notExecuted == test.uncertain || o.kind() != activation.KindUnavailable || o.hint == "" || o.err.Error() != test.says {
			t.Errorf("%s: %+v", test.name, o)
		}
		if proxy := test.name == "a proxy out of reach"; (o.hint == netfault.CheckProxy) != proxy {
			t.Errorf("%s: the hint is %q", test.name, o.hint)
		}
		hidesSecrets(t, o.err.Error())
	}
}
