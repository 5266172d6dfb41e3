package identity

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity/identitytest"
	"ecs-activation/internal/message"
)

func TestARamRoleArnProfileUsesTheRoleFromSTS(t *testing.T) {
	sts := newSTS(t)
	identity := found(t, sts.of(t, ramRole+`,"ram_session_name":"alice","external_id":"e-1","expired_seconds":1800,"policy":"{}"`))
	if identity.Source != "profile x (role "+theRole+")" || identity.AccessKeyId != theKeyId || identity.Role != theRole {
		t.Errorf("%s, key %s, role %s", identity.Source, identity.AccessKeyId, identity.Role)
	}
	if len(sts.Requests()) > 0 {
		t.Error("STS was asked before anything was to be signed")
	}
	if got := signsWith(t, identity); got != "STS.1/"+theSecret+"/"+theToken {
		t.Errorf("signs with %s", got)
	}
	asked := sts.Requests()[0]
	for name, want := range map[string]string{
		"Action": "AssumeRole", "Version": "2015-04-01", "Format": "JSON", "RoleArn": theRole, "RoleSessionName": "alice", "ExternalId": "e-1",
		"DurationSeconds": "1800", "Policy": "{}", "AccessKeyId": theKeyId, "SecurityToken": "",
	} {
		if got := asked.Get(name); got != want {
			t.Errorf("STS was asked with %s = %q, not %q", name, got, want)
		}
	}
}

func TestARoleCanBeAssumedWithTemporaryKeys(t *testing.T) {
	sts := newSTS(t)
	signsWith(t, found(t, sts.of(t, ramRole+`,"sts_token":"`+theToken+`"`)))
	if asked := sts.Requests()[0]; asked.Get("SecurityToken") != theToken || asked.Get("RoleSessionName") != sessionName || asked.Get("DurationSeconds") != "3600" {
		t.Errorf("%v", asked)
	}
}

func TestTheEnvironmentDoesNotChangeTheRoleOfAProfile(t *testing.T) {
	sts := newSTS(t)
	for _, name := range []string{"ALIBABA_CLOUD_ROLE_ARN", "ALIBABA_CLOUD_ROLE_SESSION_NAME", "ALIBABA_CLOUD_STS_REGION", "ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"} {
		t.Setenv(name, "of-the-process") // the SDK's builders look there
	}
	signsWith(t, found(t, sts.of(t, ramRole)))
	if asked := sts.Requests()[0]; asked.Get("RoleArn") != theRole || asked.Get("RoleSessionName") != sessionName || asked.Get("AccessKeyId") != theKeyId {
		t.Errorf("%v", asked)
	}
}

func TestAssumedCredentialsAreCachedAndRenewed(t *testing.T) {
	sts := newSTS(t)
	identity := found(t, sts.of(t, ramRole))
	for range 3 {
		signsWith(t, identity)
	}
	if n := len(sts.Requests()); n != 1 {
		t.Errorf("STS was asked %d times", n)
	}
	sts.Lifetime = 2 * time.Minute // less than the margin: used once
	identity = found(t, sts.of(t, ramRole))
	signsWith(t, identity)
	signsWith(t, identity)
	if n := len(sts.Requests()); n != 3 {
		t.Errorf("STS was asked %d times", n)
	}
}

func TestTheSTSRegionIsFromTheProfileOrTheEnvironment(t *testing.T) {
	for _, test := range []struct {
		role role
		env  map[string]string
		host string
	}{
		{role{}, nil, "sts.aliyuncs.com"},
		{role{region: "cn-beijing"}, nil, "sts.cn-beijing.aliyuncs.com"},
		{role{region: "cn-beijing", vpc: true}, nil, "sts-vpc.cn-beijing.aliyuncs.com"},
		{role{region: "cn-beijing"}, map[string]string{"ALIBABA_CLOUD_STS_REGION": "us-west-1"}, "sts.cn-beijing.aliyuncs.com"},
		{role{}, map[string]string{"ALIBABA_CLOUD_STS_REGION": "us-west-1", "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED": "True"}, "sts-vpc.us-west-1.aliyuncs.com"},
		{role{vpc: true}, nil, "sts.aliyuncs.com"},
	} {
		if url, err := search(t, test.env, "").stsURL("x", test.role); url != "https://"+test.host || err != nil {
			t.Errorf("%+v, %v: %s, %v", test.role, test.env, url, err)
		}
	}
	for _, region := range []string{"evil.com/x?", "cn-beijing.evil.com", "CN", "a b", "@x"} {
		s := newSTS(t).of(t, ramRole+fmt.Sprintf(`,"sts_region":%q`, region))
		s.STS = ""
		identity, err := s.Find(t.Context())
		wantIdentityError(t, region, identity, err, "profile x", "STS")
	}
}

func TestATooShortRoleSessionIsAnErrorBeforeCallingSTS(t *testing.T) {
	for _, seconds := range []int{-1, 1, 899} {
		identity, err := newSTS(t).of(t, ramRole+fmt.Sprintf(`,"expired_seconds":%d`, seconds)).Find(t.Context())
		wantIdentityError(t, fmt.Sprint(seconds), identity, err, "profile x", "expired_seconds must be at least 900")
	}
}

// refusedBySTS lists the error codes of STS with the texts that must be shown.
var refusedBySTS = []struct {
	code, says, hint string
	kind             activation.Kind
}{
	{"NoPermission", "profile x is not allowed to assume role " + theRole, "trust policy", activation.KindIdentity},
	{"EntityNotExist.Role", "role " + theRole + " does not exist", "acs:ram::ACCOUNT:role/NAME", activation.KindIdentity},
	{"InvalidParameter.RoleArn", "not well-formed", "acs:ram::ACCOUNT:role/NAME", activation.KindIdentity},
	{"InvalidParameter.RoleSessionName", "session name", "2 to 64", activation.KindIdentity},
	{"InvalidParameter.DurationSeconds", "duration of the role session", "900", activation.KindIdentity},
	{"InvalidAccessKeyId.NotFound", "does not know this AccessKey ID", "STS refused profile x", activation.KindIdentity},
	{"InvalidAccessKeyId.Inactive", "disabled", "STS refused profile x", activation.KindIdentity},
	{"SignatureDoesNotMatch", "secret does not match", "STS refused profile x", activation.KindIdentity},
	{"InvalidSecurityToken.Expired", "token has expired", "STS refused profile x", activation.KindIdentity},
	{"InvalidTimeStamp.Expired", "clock", "NTP", activation.KindIdentity},
	{"Something.New", "profile x cannot assume role " + theRole, "trust policy", activation.KindIdentity},
	{"Throttling.User", "throttling requests", "wait a minute", activation.KindUnavailable},
	{"ServiceUnavailable", "temporarily unavailable", "later", activation.KindUnavailable},
}

func TestAnErrorOfSTSHasItsCodeRequestIdAndHint(t *testing.T) {
	for _, test := range refusedBySTS {
		sts := newSTS(t)
		sts.Instead = identitytest.STSRefusal(test.code)
		_, err := found(t, sts.of(t, ramRole)).keys(t.Context())
		var known *activation.Error
		if !errors.As(err, &known) {
			t.Fatalf("%s: %v", test.code, err)
		}
		text := message.Invocation{}.Error(known)
		hint := text.Advice()
		if known.Kind != test.kind || known.Code != test.code || known.RequestID != "R-STS" {
			t.Errorf("%s: %+v", test.code, known)
		}
		if !strings.Contains(text.Message, test.says) || !strings.Contains(hint, test.hint) {
			t.Errorf("%s: %q does not say %q, or %q not %q", test.code, text.Message, test.says, hint, test.hint)
		}
		keepsQuiet(t, strings.ReplaceAll(fmt.Sprintf("%+v %v", *known, known), test.code, ""), "SDK.")
	}
}

// insaneAnswers lists responses that were not sent by STS.
var insaneAnswers = map[string]struct {
	answer http.HandlerFunc
	says   string
	kind   activation.Kind
}{
	"a code that is a number":    {answer(403, `{"Code":403,"Message":"`+theMark+`"}`), "HTTP 403", activation.KindIdentity},
	"a request id of numbers":    {answer(403, `{"Code":"<X>","RequestId":5}`), "HTTP 403", activation.KindIdentity},
	"no code":                    {answer(403, `{"Message":"`+theMark+`"}`), "HTTP 403", activation.KindIdentity},
	"a page":                     {answer(404, `<html>`+theMark), "HTTP 404", activation.KindIdentity},
	"a code that is none":        {answer(400, `{"Code":"<b>`+theMark+`</b>"}`), "HTTP 400", activation.KindIdentity},
	"a success that is a page":   {answer(200, `<html>`+theMark), "returned no credentials", activation.KindIdentity},
	"an empty success":           {answer(200, ``), "returned no credentials", activation.KindIdentity},
	"a success without keys":     {answer(200, `{"Credentials":{"AccessKeyId":"`+theMark+`"}}`), "returned no credentials", activation.KindIdentity},
	"a gateway's error":          {answer(502, `<html>`+theMark), "HTTP 502", activation.KindUnavailable},
	"a closed connection":        {torn(""), "cannot reach", activation.KindUnavailable},
	"a torn answer":              {torn("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{\"" + theMark), "cannot reach", activation.KindUnavailable},
	"an answer that is not HTTP": {torn("220 " + theMark + " ESMTP\r\n"), "cannot reach", activation.KindUnavailable},
}

func TestAResponseThatIsNotFromSTSIsNotShownAndDoesNotPanic(t *testing.T) {
	for name, test := range insaneAnswers {
		t.Run(name, func(t *testing.T) {
			sts := newSTS(t)
			sts.Instead = test.answer
			_, err := found(t, sts.of(t, ramRole)).keys(t.Context())
			wantKind(t, err, test.kind, test.says, "STS ("+sts.Host()+")")
		})
	}
}

func TestARedirectOfSTSIsNotFollowed(t *testing.T) {
	elsewhere := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) })
	for _, status := range []int{http.StatusFound, http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		sts := newSTS(t)
		sts.Instead = http.RedirectHandler(elsewhere.URL, status).ServeHTTP
		pod := search(t, pod(tokenFile(t, theToken)), "")
		pod.STS = sts.Host()
		for _, s := range []Search{sts.of(t, ramRole), pod} {
			_, err := found(t, s).keys(t.Context())
			wantKind(t, err, activation.KindIdentity, fmt.Sprint("HTTP ", status), "STS ("+sts.Host()+")")
		}
	}
	if n := elsewhere.requests.Load(); n > 0 {
		t.Errorf("%d signed requests or tokens were sent to another host", n)
	}
}

func TestALargeResponseOfSTSIsNotReadCompletely(t *testing.T) {
	var sent atomic.Int64
	sts := newSTS(t)
	sts.Instead = func(w http.ResponseWriter, _ *http.Request) {
		for range 1 << 10 {
			n, err := w.Write(make([]byte, 64<<10))
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	}
	_, err := found(t, sts.of(t, ramRole)).keys(t.Context())
	wantKind(t, err, activation.KindIdentity, "returned no credentials")
	if sent.Load() == 1<<10*64<<10 {
		t.Errorf("%d bytes were read", sent.Load())
	}
}

// wantKind checks that an error has a kind, contains these texts, and contains no secret.
func wantKind(t *testing.T, err error, kind activation.Kind, says ...string) {
	t.Helper()
	known, ok := err.(*activation.Error) //nolint:errorlint // it must be one itself
	if !ok || known.Kind != kind {
		t.Fatalf("%+v is not of kind %s", err, kind)
	}
	for _, word := range says {
		if !strings.Contains(known.Error(), word) {
			t.Errorf("%q does not say %q", known.Error(), word)
		}
	}
	if (message.Invocation{}).Error(known).Advice() == "" {
		t.Errorf("%v has no hint", known)
	}
	keepsQuiet(t, fmt.Sprintf("%+v %v %s", *known, known, known.Hint))
}
