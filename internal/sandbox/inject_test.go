package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// spoilt is a sandbox on which every request gets one fault, a client that does not reuse connections, and a
// client of the same state without faults.
type spoilt struct {
	s     *Sandbox
	c     *client
	quiet *client
	http  *http.Client
	lines *lines
}

// lines collects what a sandbox logs.
type lines struct {
	mu   sync.Mutex
	text []string
}

func (l *lines) log(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, fmt.Sprintf(format, args...))
}

func (l *lines) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.text)
}

func spoil(t *testing.T, faults string) spoilt {
	t.Helper()
	path := newPath(t)
	lines := &lines{}
	s := newSandbox(t, Options{Path: path, Faults: faultsOf(t, faults), Log: lines.log})
	s.api.injector.slowness = 50 * time.Millisecond
	return spoilt{
		s: s, c: serve(t, s), quiet: serve(t, newSandbox(t, Options{Path: path})), lines: lines,
		http: &http.Client{
			Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 10 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
}

// create sends a create and reads what comes: status, content type, body.
func (p spoilt) create(ctx context.Context, business ...string) (status int, kind, body string, err error) {
	r := p.c.request("CreateActivation", with(params("RegionId", "cn-hangzhou"), business...)).WithContext(ctx)
	response, err := p.http.Do(r)
	if err != nil {
		return 0, "", "", err
	}
	read, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header.Get("Content-Type"), string(read), errors.Join(err, response.Body.Close())
}

func TestEachFaultIsSeenByTheClientAndActsAsItSays(t *testing.T) {
	const json = "application/json;charset=utf-8"
	for _, test := range []struct {
		fault  string
		token  string
		status int    // 0: no answer
		kind   string // of the content
		body   string // a part of it
		failed error
		made   bool
	}{
		{"throttle", "", 400, json, `"Code":"Throttling.User"`, nil, false},
		{"unavailable", "", 503, json, `"Code":"ServiceUnavailable"`, nil, false},
		{"busy", "", 500, json, `"Code":"InternalError.Dispatch"`, nil, false},
		{"busy", "t", 403, json, `"Code":"IdempotentProcessing"`, nil, false},
		{"drop-before", "", 0, "", "", io.EOF, false},
		{"drop-after", "", 0, "", "", io.EOF, true},
		{"reset", "", 200, json, `{"RequestId":"`, syscall.ECONNRESET, true},
		{"slow", "", 200, json, `"ActivationCode":"a-sandbox`, nil, true},
		{"slow", "t", 200, json, `"ActivationCode":"a-sandbox`, nil, true},
		{"html", "", -1, "text/html", "<html>", nil, false},
		{"empty", "", 200, json, "", nil, true},
		{"forget-token", "t", 200, json, `"ActivationCode":"a-sandbox`, nil, true},
		{"forbidden", "", 403, json, `"Code":"Operation.Forbidden"`, nil, false},
		{"unverified", "", 403, json, `"Code":"RealNameAuthenticationError"`, nil, false},
		{"proxy-page", "", 403, "application/json", `{"code":403,"message":"blocked"}`, nil, true},
		{"unknown-code", "", 400, json, `"Code":"Sandbox.UnknownCode"`, nil, true},
		{"redirect", "", 302, json, `"Code":"Operation.Forbidden"`, nil, true},
		{"odd-200", "", 200, json, `"ActivationCode":"a-sandbox`, nil, true},
		{"processing", "t", 403, json, `"Code":"IdempotentProcessing"`, nil, true},
	} {
		t.Run(test.fault+test.token, func(t *testing.T) {
			p := spoil(t, test.fault+"=1")
			status, kind, body, err := p.create(t.Context(), "ClientToken", test.token)
			if test.status == -1 && (status == 403 || status == 502) {
				status = -1
			}
			if status != test.status || kind != test.kind || !strings.Contains(body, test.body) || !errors.Is(err, test.failed) {
				t.Errorf("%d %q %q, %v", status, kind, body, err)
			}
			if (test.fault == "empty" && body != "") || (test.fault == "reset" && strings.HasSuffix(body, "}")) {
				t.Errorf("body %q", body)
			}
			if made := len(p.quiet.list()) == 1; made != test.made {
				t.Errorf("made: %t", made)
			}
			if want := []string{"fault " + test.fault + ": CreateActivation cn-hangzhou"}; !slices.Equal(p.lines.all(), want) {
				t.Errorf("logged %q", p.lines.all())
			}
		})
	}
}

func TestEveryChangeSuffersFaults(t *testing.T) {
	for fault, done := range map[string]bool{
		"throttle": false, "unavailable": false, "busy": false, "drop-before": false, "html": false, "forbidden": false,
		"unverified": true, "odd-200": true, "processing": true, // these concern creates only
		"proxy-page": true, "unknown-code": true, "redirect": true,
		"drop-after": true, "reset": true, "slow": true, "empty": true, "forget-token": true,
	} {
		p := spoil(t, fault+"=1")
		disabled, _ := p.quiet.create()
		deleted, _ := p.quiet.create()
		for action, id := range map[string]string{"DisableActivation": disabled, "DeleteActivation": deleted, "DescribeActivations": ""} {
			response, err := p.http.Do(p.c.request(action, params("RegionId", "cn-hangzhou", "ActivationId", id)))
			if err == nil {
				_ = response.Body.Close()
			}
		}
		codes := p.quiet.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()
		if len(codes) == 2 == done || codes[len(codes)-1]["Disabled"] != done {
			t.Errorf("%s: left %v", fault, codes)
		}
	}
}

func TestARepeatWithTheTokenAfterALostAnswerGetsTheCode(t *testing.T) {
	for _, fault := range []string{"drop-after", "reset", "empty", "proxy-page", "unknown-code", "redirect", "odd-200", "processing"} {
		p := spoil(t, fault+"=1")
		_, _, _, _ = p.create(t.Context(), "ClientToken", "t")
		id, code := p.quiet.create("ClientToken", "t")
		if ids := p.quiet.list(); !slices.Equal(ids, []string{id}) || !strings.HasPrefix(code, "a-sandbox") {
			t.Errorf("%s: %s of %v", fault, id, ids)
		}
	}
}

func TestAnOddAnswerHoldsTheTrueOneAndLiesBesideIt(t *testing.T) {
	p := spoil(t, "odd-200=1")
	_, _, body, err := p.create(t.Context(), "ClientToken", "t")
	if err != nil {
		t.Fatal(err)
	}
	var answer map[string]any // whose keys are exact
	if err := json.Unmarshal([]byte(body), &answer); err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	id, code := p.quiet.create("ClientToken", "t")
	if answer["ActivationId"] != id || answer["ActivationCode"] != code || answer["Code"] == nil {
		t.Errorf("%v, want %s and its code", answer, id)
	}
	var folded struct{ ActivationId, ActivationCode any } // whose keys are not
	if err := json.Unmarshal([]byte(body), &folded); err != nil || folded.ActivationId == id || folded.ActivationCode == code {
		t.Errorf("%+v, %v", folded, err)
	}
	p.c.refused(400, "InstanceName.InvalidPattern", "CreateActivation", "RegionId", "cn-hangzhou", "InstanceName", "9web")
}

func TestAnAnswerThatIsOddOnlyInJSONIsNoFaultInXML(t *testing.T) {
	p := spoil(t, "odd-200=1")
	if _, kind, body, err := p.create(t.Context(), "Format", "XML"); err != nil || kind != "application/xml;charset=utf-8" || strings.Contains(body, "Operation.Forbidden") {
		t.Errorf("%s %s, %v", kind, body, err)
	}
	if len(p.lines.all()) != 0 {
		t.Errorf("logged %q", p.lines.all())
	}
}

func TestARedirectLeadsNowhere(t *testing.T) {
	p := spoil(t, "redirect=1")
	response, err := p.http.Do(p.c.request("CreateActivation", params("RegionId", "cn-hangzhou")))
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if to, err := response.Location(); err != nil || !strings.HasSuffix(to.Hostname(), ".invalid") {
		t.Errorf("%v, %v", to, err)
	}
}

func TestAForgottenTokenMakesASecondCode(t *testing.T) {
	p := spoil(t, "forget-token=1")
	first, _ := p.quiet.create("ClientToken", "t")
	second, _ := p.c.create("ClientToken", "t", "InstanceName", "other")
	if first == second || len(p.quiet.list()) != 2 {
		t.Errorf("%s, %s of %v", first, second, p.quiet.list())
	}
	if third, _ := p.quiet.create("ClientToken", "t", "InstanceName", "other"); third != second {
		t.Errorf("the token made %s, then %s", second, third)
	}
	p.c.create() // no token, no fault
	if len(p.lines.all()) != 1 {
		t.Errorf("logged %q", p.lines.all())
	}
}

func TestASlowRequestIsNotCarriedOutWhenTheClientGoesAway(t *testing.T) {
	p := spoil(t, "slow=1")
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, _, err := p.create(ctx, "ClientToken", "t"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatal(err)
	}
	time.Sleep(2 * p.s.api.injector.slowness)
	if codes := p.quiet.list(); len(codes) != 0 {
		t.Errorf("made %v", codes)
	}
	begun := time.Now()
	p.c.create("ClientToken", "t") // no request holds the token any more
	if took := time.Since(begun); took < p.s.api.injector.slowness {
		t.Errorf("took %s", took)
	}
}

func TestRefusalsByAFaultComeAfterTheSignatureCheckAndUseTheNonceUp(t *testing.T) {
	p := spoil(t, "throttle=1")
	r := p.c.request("DescribeActivations", params("RegionId", "cn-hangzhou"))
	if a := p.c.do(r); a.text("Code") != "Throttling.User" {
		t.Errorf("%s", a.body)
	}
	again := p.c.assemble(r.URL.Query(), nil)
	if a := p.c.do(again); a.text("Code") != "SignatureNonceUsed" {
		t.Errorf("%s", a.body)
	}
	p.c.pair.AccessKeySecret = "wrong"
	p.c.refused(400, "SignatureDoesNotMatch", "DescribeActivations", "RegionId", "cn-hangzhou")
}

func TestAllElseSuffersNoFaults(t *testing.T) {
	p := spoil(t, "throttle=0.5,drop-before=0.5")
	id, code := p.quiet.create()
	if _, err := p.s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
		t.Error(err)
	}
	fill(t, p.s, 3, "")
	if err := errors.Join(p.s.Advance(t.Context(), time.Hour), p.s.Dump(t.Context(), io.Discard), p.s.Reset(t.Context())); err != nil {
		t.Error(err)
	}
	if p.c.call("Nonsense").status != 404 || p.c.call("").status != 400 {
		t.Error("a request that is none suffered a fault")
	}
	if len(p.lines.all()) != 1 { // the action that is none
		t.Errorf("logged %q", p.lines.all())
	}
}

func TestProbabilityZeroIsNever(t *testing.T) {
	_, c := start(t, Options{Faults: faultsOf(t, "throttle=0,drop-after=0")})
	for range 50 {
		c.list()
	}
}

// suffered returns the faults of n requests that are sent one after the other, each to a sandbox of its own on one
// file, as commands with --sandbox do.
func suffered(t *testing.T, path string, seed uint64, n int) []string {
	t.Helper()
	first := newSandbox(t, Options{Path: path})
	if err := first.Reset(t.Context()); err != nil {
		t.Fatal(err)
	}
	lines := &lines{}
	for range n {
		s := newSandbox(t, Options{
			Path: path, Seed: seed, Log: lines.log,
			Faults: faultsOf(t, "throttle=0.2,unavailable=0.1,busy=0.1,html=0.2"),
		})
		a := serve(t, s).call("CreateActivation", "RegionId", "cn-hangzhou", "ClientToken", "t")
		lines.log("%d", a.status)
	}
	return lines.all()
}

func TestASeedRepeatsARunAcrossProcesses(t *testing.T) {
	path := newPath(t)
	first := suffered(t, path, 42, 40)
	if again := suffered(t, path, 42, 40); !slices.Equal(again, first) {
		t.Errorf("\nfirst %q\nagain %q", first, again)
	}
	if other := suffered(t, path, 43, 40); slices.Equal(other, first) {
		t.Error("another seed changes nothing")
	}
	for _, one := range []string{"200", "400", "403", "502", "503"} {
		if !slices.Contains(first, one) {
			t.Errorf("no %s in %q", one, first)
		}
	}
}

func TestASeedRepeatsARunOnOneSandbox(t *testing.T) {
	var runs [2][]string
	for i := range runs {
		lines := &lines{}
		_, c := start(t, Options{Seed: 1, Log: lines.log, Faults: faultsOf(t, "throttle=0.3,busy=0.3")})
		for range 30 {
			lines.log("%d", c.call("DescribeActivations", "RegionId", "cn-hangzhou").status)
		}
		runs[i] = lines.all()
	}
	if !slices.Equal(runs[0], runs[1]) {
		t.Errorf("\n%q\n%q", runs[0], runs[1])
	}
}

func TestFaultsWorkWithServe(t *testing.T) {
	p := spoil(t, "drop-after=0.25,reset=0.25,drop-before=0.25,empty=0.25")
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.s.Serve(ctx, l) }()
	p.c.url = "http://" + l.Addr().String()
	for range 30 {
		if _, _, body, err := p.create(t.Context(), "ClientToken", "t"); err == nil && body != "" {
			t.Errorf("answered %q", body)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if codes := p.quiet.list(); len(codes) != 1 {
		t.Errorf("made %v", codes)
	}
	for _, line := range p.lines.all() {
		if !strings.HasPrefix(line, "fault ") {
			t.Errorf("logged %q", line)
		}
	}
}
