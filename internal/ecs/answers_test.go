package ecs

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/identity/identitytest"
)

// What each answer to a create means. Only after a known refusal is it certain that the request was
// not executed. After every other answer without a code, the code may exist.

// answerCase is an answer to a create, and what it means.
type answerCase struct {
	name    string
	status  int
	body    string
	certain bool // the request was not executed
	retried bool
}

const (
	forbidden = `{"RequestId":"R-1","HostId":"h","Code":"Operation.Forbidden","Message":"The operation is not permitted.","Recommend":"https://x"}`
	made      = `"RequestId":"R-0","ActivationId":"` + codeId + `","ActivationCode":"a-hz01fake"`
)

func coded(code string) string {
	return fmt.Sprintf(`{"RequestId":"R-1","HostId":"h","Code":%q,"Message":"words of the service"}`, code)
}

// byStatus returns a body that refuses with every kind of status.
func byStatus() (list []answerCase) {
	add := func(certain, retried bool, statuses ...int) {
		for _, status := range statuses {
			list = append(list, answerCase{fmt.Sprint("a refusal with status ", status), status, forbidden, certain, retried})
		}
	}
	add(true, false, 400, 401, 403, 404, 405, 407, 409, 410, 413, 418, 428, 430, 451, 498)
	add(false, true, 408, 429, 499)
	add(false, true, 500, 502, 503, 504)
	add(false, false, 501, 505, 507, 511, 520, 599, 600, 999)
	add(false, false, 200, 201, 202, 203, 206, 226, 299)
	add(false, false, 300, 301, 302, 303, 307, 308, 399)
	return list
}

// byCode returns an error body of the service with every kind of code.
func byCode() (list []answerCase) {
	for _, code := range activation.Codes() {
		if activation.Refuses(code) {
			list = append(list, answerCase{code, 403, coded(code), true, false})
		}
	}
	for _, code := range []string{"Forbidden.RAM", "NoPermission.X", "InvalidSecurityToken.X", "MissingParameter.X", "InvalidParameter.X"} {
		list = append(list, answerCase{code, 403, coded(code), true, false})
	}
	for _, code := range []string{
		"Throttling", "Throttling.User", "Throttling.Api", "ThrottlingUser", "Throttled", "Throttl", "IdempotentProcessing", "SignatureNonceUsed",
		"InternalError", "InternalError.Dispatch", "ServiceUnavailable", "ServiceUnavailable.X", "SystemBusy",
	} {
		list = append(list, answerCase{code, 403, coded(code), false, true}, answerCase{code + " in a 200", 200, coded(code), false, true})
	}
	for _, code := range []string{
		"Nobody.Knows", "403", "operation.forbidden", "Operation.Forbidden ", "Operation.Forbidden.X", "InternalErrorX", "throttling", "Success", "OK",
	} {
		list = append(list, answerCase{"the code " + code, 403, coded(code), false, false})
	}
	return list
}

// byShape has refusals that do not look like the service's.
var byShape = []answerCase{
	{"nothing else in the shape", 403, `{"Code":"Operation.Forbidden","RequestId":"R-1"}`, true, false},
	{"blanks around it", 403, " \n" + forbidden + "\n", true, false},
	{"unknown fields", 403, `{"RequestId":"R-1","New":{"Code":"x"},"Code":"Operation.Forbidden","Also":[1]}`, true, false},
	{"a message of another form", 403, `{"RequestId":"R-1","Code":"Operation.Forbidden","Message":{"en":"no"}}`, true, false},
	{"fields of a success of another form", 403, `{"RequestId":"R-1","Code":"Operation.Forbidden","ActivationId":[],"ActivationList":1,"Activation":2}`, true, false},
	{"other keys that differ in case, after", 403, `{"RequestId":"R-1","Code":"Operation.Forbidden","code":403,"requestid":"","CODE":"Nobody.Knows","message":"x"}`, true, false},
	{"other keys that differ in case, before", 403, `{"code":"Nobody.Knows","requestId":"","Code":"Operation.Forbidden","RequestId":"R-1"}`, true, false},

	{"a proxy's JSON", 403, `{"code":403,"message":"blocked"}`, false, false},
	{"a proxy's JSON with a text", 403, `{"code":"Operation.Forbidden","requestId":"R-1","message":"blocked"}`, false, false},
	{"Code in lower case", 403, `{"code":"Operation.Forbidden","RequestId":"R-1"}`, false, false},
	{"Code in upper case", 403, `{"CODE":"Operation.Forbidden","RequestId":"R-1"}`, false, false},
	{"another Code beside one in lower case", 403, `{"code":"Operation.Forbidden","Code":"Nobody.Knows","RequestId":"R-1"}`, false, false},
	{"RequestId in lower case", 403, `{"Code":"Operation.Forbidden","requestid":"R-1"}`, false, false},
	{"RequestId in another case", 403, `{"Code":"Operation.Forbidden","RequestID":"R-1"}`, false, false},
	{"no RequestId", 403, `{"Code":"Operation.Forbidden","Message":"no"}`, false, false},
	{"an empty RequestId", 403, `{"Code":"Operation.Forbidden","RequestId":""}`, false, false},
	{"a number as RequestId", 403, `{"Code":"Operation.Forbidden","RequestId":7}`, false, false},
	{"null as RequestId", 403, `{"Code":"Operation.Forbidden","RequestId":null}`, false, false},
	{"a list as RequestId", 403, `{"Code":"Operation.Forbidden","RequestId":["R-1"]}`, false, false},
	{"a number as Code", 403, `{"Code":403,"RequestId":"R-1"}`, false, false},
	{"true as Code", 403, `{"Code":true,"RequestId":"R-1"}`, false, false},
	{"null as Code", 403, `{"Code":null,"RequestId":"R-1"}`, false, false},
	{"a list as Code", 403, `{"Code":["Operation.Forbidden"],"RequestId":"R-1"}`, false, false},
	{"an object as Code", 403, `{"Code":{"Code":"Operation.Forbidden"},"RequestId":"R-1"}`, false, false},
	{"an empty Code", 403, `{"Code":"","RequestId":"R-1"}`, false, false},
	{"no Code", 403, `{"RequestId":"R-1","Message":"no"}`, false, false},
	{"a Code one level down", 403, `{"Error":` + forbidden + `}`, false, false},
	{"a list of refusals", 403, "[" + forbidden + "]", false, false},
	{"a refusal and more", 403, forbidden + "{}", false, false},
	{"half a refusal", 403, `{"RequestId":"R-1","Code":"Operation.Forbidden"`, false, false},
	{"a refusal in XML", 403, "<Error><RequestId>R-1</RequestId><Code>Operation.Forbidden</Code></Error>", false, false},
	{"a page", 403, "<html>Operation.Forbidden</html>", false, false},
	{"nothing", 403, "", false, false},
	{"a page with 408", 408, "<html>", false, true},
	{"a page with 429", 429, "<html>", false, true},
	{"a page with 499", 499, "<html>", false, true},
	{"a page with 502", 502, "<html>", false, true},
	{"a page with 501", 501, "<html>", false, false},

	{"an ID alone", 200, `{"RequestId":"R-0","ActivationId":"` + codeId + `"}`, false, false},
	{"a code alone", 200, `{"RequestId":"R-0","ActivationCode":"a-x"}`, false, false},
	{"an ID, and throttling", 200, `{"RequestId":"R-0","ActivationId":"` + codeId + `","Code":"Throttling"}`, false, true},
	{"empty texts", 200, `{"RequestId":"R-0","ActivationId":"","ActivationCode":""}`, false, false},
	{"a number as code", 200, `{"RequestId":"R-0","ActivationId":"` + codeId + `","ActivationCode":7}`, false, false},
	{"a number as ID", 200, `{"RequestId":"R-0","ActivationId":7,"ActivationCode":"a-x"}`, false, false},
	{"null as code", 200, `{"RequestId":"R-0","ActivationId":"` + codeId + `","ActivationCode":null}`, false, false},
	{"keys in lower case", 200, `{"requestid":"R-0","activationid":"` + codeId + `","activationcode":"a-x"}`, false, false},
	{"one key in another case", 200, `{"RequestId":"R-0","ActivationID":"` + codeId + `","ActivationCode":"a-x"}`, false, false},
	{"an answer with 201", 201, "{" + made + "}", false, false},
	{"an answer with 302", 302, "{" + made + "}", false, false},
	{"an answer with 403", 403, "{" + made + "}", false, false},
	{"an answer with 500", 500, "{" + made + "}", false, true},
}

func TestAnAnswerToACreateMeansThatNothingWasDoneOnlyIfItIsAKnownRefusal(t *testing.T) {
	t.Parallel()
	for _, m := range append(append(byStatus(), byCode()...), byShape...) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			odd := answer(m.status, m.body, "x-acs-request-id", "R-of-the-header", "Location", "https://elsewhere.example/")
			s, client := startServer(t, odd)
			_, err := operations["create once"](t.Context(), client)
			if known := wantError(t, err); known.NothingDone != m.certain || len(s.queries()) != 1 {
				t.Errorf("nothing done %t after %d requests: %+v", known.NothingDone, len(s.queries()), known)
			}
			s, client = startServer(t, odd, good)
			_, err = operations["create"](t.Context(), client)
			if (err == nil) != m.retried || len(s.queries()) > 2 || len(s.queries()) == 2 != m.retried {
				t.Errorf("%d requests, %v; retried should be %t", len(s.queries()), err, m.retried)
			}
			if !m.retried {
				return
			}
			_, client = startServer(t, odd, answer(403, forbidden))
			_, err = operations["create"](t.Context(), client)
			if known := wantError(t, err); known.NothingDone || known.Code != "Operation.Forbidden" {
				t.Errorf("a refusal afterwards makes it certain: %+v", known)
			}
		})
	}
}

// successes are answers with HTTP 200 and a code, and what else they contain.
var successes = map[string]string{
	"nothing else":                        "{" + made + "}",
	"a Code":                              `{` + made + `,"Code":"Throttling","Message":"slow down"}`,
	"a refusal before it":                 `{"Code":"Operation.Forbidden","Message":"no",` + made + `}`,
	"a Code that says so":                 `{"Code":"Success",` + made + `}`,
	"a number as Code":                    `{"Code":200,` + made + `}`,
	"the same keys in lower case, before": `{"requestid":"x","activationid":"x","activationcode":"x","code":200,` + made + `}`,
	"the same keys in lower case, after":  `{` + made + `,"requestid":"x","activationid":"x","activationcode":"x","code":200}`,
	"the same keys in upper case":         `{` + made + `,"REQUESTID":"x","ACTIVATIONID":"x","ACTIVATIONCODE":"x"}`,
	"keys in a mixed case":                `{` + made + `,"activationId":"x","activationCode":"x","ActivationID":"x"}`,
	"letters that fold to others":         `{` + made + `,"Activationſ":"x","RequeſtId":"x"}`,
	"the same keys of another form":       `{` + made + `,"activationid":{},"activationcode":[1],"requestid":null}`,
	"null, once more":                     `{` + made + `,"ActivationId":null,"ActivationCode":null}`,
	"other forms, once more":              `{` + made + `,"ActivationId":[],"ActivationCode":7,"Code":{}}`,
	"an object as Message":                `{` + made + `,"Message":{"en":"done"}}`,
	"a list of fields":                    `{` + made + `,"ActivationList":7,"Activation":[],"TotalCount":"many","Instances":{}}`,
}

func TestAnAnswerWithACodeIsASuccessWhateverElseItHolds(t *testing.T) {
	for name, body := range successes {
		s, client := startServer(t, answer(200, body), answer(403, forbidden))
		created, err := client.Create(t.Context(), activation.CreateRequest{RegionId: hangzhou, ClientToken: "token-1"}, nil)
		if err != nil || created.ActivationId != codeId || created.ActivationCode != "a-hz01fake" || created.RequestId != "R-0" || len(s.queries()) != 1 {
			t.Errorf("%s: %+v, %v after %d requests", name, created, err, len(s.queries()))
		}
	}
}

func TestARequestIdOfAnotherFormIsNoneAndHidesNoCode(t *testing.T) {
	for _, odd := range []string{"7", "null", "{}", `["x"]`, "true", `""`} {
		body := strings.Replace("{"+made+"}", `"R-0"`, odd, 1)
		_, client := startServer(t, answer(200, body, "x-acs-request-id", "R-of-the-header"))
		created, err := client.Create(t.Context(), activation.CreateRequest{RegionId: hangzhou, ClientToken: "token-1"}, nil)
		if err != nil || created.ActivationCode != "a-hz01fake" || created.RequestId != "R-of-the-header" {
			t.Errorf("%s: %+v, %v", odd, created, err)
		}
	}
}

// The answers of the other operations can be read again, so a Code in them is an error.
func TestACodeInA200IsAnErrorOfEveryOtherOperation(t *testing.T) {
	bodies := map[string]string{
		"list":     `{"RequestId":"R","Code":"ActivationId.InUse","TotalCount":0,"ActivationList":[]}`,
		"machines": `{"RequestId":"R","Code":"ActivationId.InUse","TotalCount":0,"Instances":[]}`,
		"disable":  `{"RequestId":"R","Code":"ActivationId.InUse","Activation":{"ActivationId":"` + codeId + `"}}`,
		"delete":   `{"RequestId":"R","Code":"ActivationId.InUse","Activation":{"ActivationId":"` + codeId + `"}}`,
	}
	for verb, body := range bodies {
		_, client := startServer(t, answer(200, body))
		_, err := operations[verb](t.Context(), client)
		if known := wantError(t, err); known.Code != "ActivationId.InUse" || known.Kind != activation.KindConflict || known.NothingDone {
			t.Errorf("%s: %+v", verb, known)
		}
		_, client = startServer(t, answer(200, strings.Replace(body, `"Code":"ActivationId.InUse"`, `"code":"x","CODE":7`, 1)))
		if _, err := operations[verb](t.Context(), client); err != nil {
			t.Errorf("%s, with keys in another case: %v", verb, err)
		}
	}
}

func TestTheCodeOfARedirectIsNotTheServices(t *testing.T) {
	for status, code := range map[int]string{
		299: "Operation.Forbidden", 300: "", 302: "", 399: "", 400: "Operation.Forbidden",
	} {
		_, client := startServer(t, answer(status, forbidden, "Location", "https://elsewhere.example/x"))
		_, err := operations["create"](t.Context(), client)
		redirects := strings.Contains(err.Error(), fmt.Sprintf("redirects (HTTP %d) to elsewhere.example", status))
		if known := wantError(t, err); known.Code != code || redirects != (code == "") || known.NothingDone != (status == 400) {
			t.Errorf("%d: %+v", status, known)
		}
	}
}

// The first attempt of each call ends before its request is sent: STS does not answer.
func TestAnAttemptThatWasNotSentDidNothing(t *testing.T) {
	for verb, refused := range map[string]http.HandlerFunc{"create": answer(403, forbidden), "delete": refusal(404, "ActivationId.NotFound")} {
		sts := identitytest.NewSTS(t)
		sts.Instead = func(w http.ResponseWriter, r *http.Request) {
			sts.Instead = nil
			answer(500, "")(w, r)
		}
		s, _ := startServer(t, refused)
		client := s.client(t, func(o *Options) { o.Identity = ofRole(t, sts.Host()) })
		_, err := operations[verb](t.Context(), client)
		if known := wantError(t, err); !known.NothingDone || len(s.traced()) != 2 || len(s.queries()) != 1 {
			t.Errorf("%s: %+v after %d attempts", verb, known, len(s.traced()))
		}
	}
}

func TestANotFoundThatIsNoRefusalDoesNotMakeALostDeleteASuccess(t *testing.T) {
	for name, odd := range map[string]http.HandlerFunc{
		"in a 200":          refusal(200, "ActivationId.NotFound"),
		"without RequestId": answer(404, `{"Code":"ActivationId.NotFound"}`),
	} {
		_, client := startServer(t, torn(""), odd)
		if _, err := operations["delete"](t.Context(), client); err == nil {
			t.Errorf("%s: it succeeded", name)
		}
	}
}

func TestAResultBesideAnErrorHoldsTheLatestAnswer(t *testing.T) {
	t.Parallel()
	const date, later = "Thu, 25 Jun 2026 06:00:00 GMT", "Thu, 25 Jun 2026 06:00:09 GMT"
	clock := time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)
	for _, test := range []struct {
		name      string
		answers   []http.HandlerFunc
		date      time.Time
		requestId string
	}{
		{"a refusal", []http.HandlerFunc{refusal(403, "Operation.Forbidden", "Date", date)}, clock, "R-1"},
		{"an unknown code", []http.HandlerFunc{refusal(400, "Nobody.Knows", "Date", date)}, clock, "R-1"},
		{"a proxy's page", []http.HandlerFunc{answer(403, "<html>", "Date", date)}, clock, ""},
		{"a redirect", []http.HandlerFunc{answer(302, "", "Date", date, "Location", "https://x/", "x-acs-request-id", "R-2")}, clock, "R-2"},
		{"an empty success", []http.HandlerFunc{answer(200, "", "Date", date)}, clock, ""},
		{"the second refusal", []http.HandlerFunc{refusal(400, "Throttling", "Date", date), refusal(403, "Operation.Forbidden", "Date", later)}, clock.Add(9 * time.Second), "R-1"},
		{"throttled, then nothing", []http.HandlerFunc{refusal(400, "Throttling", "Date", date), torn("")}, clock, "R-1"},
		{"throttled, then a hang", []http.HandlerFunc{refusal(400, "Throttling", "Date", date), hang}, clock, "R-1"},
		{"throttled until the end", []http.HandlerFunc{refusal(400, "Throttling", "Date", date, "x-acs-retry-after", "60000")}, clock, "R-1"},
		{"nothing", []http.HandlerFunc{torn("")}, time.Time{}, ""},
	} {
		for _, verb := range []string{"create", "list", "disable", "delete", "machines"} {
			t.Run(test.name+", "+verb, func(t *testing.T) {
				t.Parallel()
				_, client := startServer(t, test.answers...)
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				result, err := operations[verb](ctx, client)
				_ = wantError(t, err) // what it looks like is another test
				a := answerOf(result)
				if !a.Date.Equal(test.date) || a.RequestId != test.requestId || a.ReceivedAt.IsZero() != test.date.IsZero() {
					t.Errorf("%+v", a)
				}
			})
		}
	}
}

// answerOf returns the answer in a result of one of the operations.
func answerOf(result any) activation.Answer {
	switch r := result.(type) {
	case activation.Created:
		return r.Answer
	case activation.Page:
		return r.Answer
	case activation.Changed:
		return r.Answer
	case activation.MachinePage:
		return r.Answer
	}
	panic(fmt.Sprintf("%T", result))
}

func TestWhatAnIdentityWasAnsweredIsNoAnswerOfTheService(t *testing.T) {
	sts := identitytest.NewSTS(t)
	sts.Instead = identitytest.STSRefusal("NoPermission")
	s, _ := startServer(t)
	client := s.client(t, func(o *Options) { o.Identity = ofRole(t, sts.Host()) })
	created, err := client.Create(t.Context(), activation.CreateRequest{RegionId: hangzhou, ClientToken: "token-1"}, nil)
	if known := wantError(t, err); known.RequestID != "R-STS" || !known.NothingDone || created.Answer != (activation.Answer{}) {
		t.Errorf("%+v beside %+v", created, known)
	}
}

func TestAnEndThatCutsAnAttemptNamesTheCodeOfTheAnswerBefore(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]http.HandlerFunc{
		"in an attempt": {refusal(403, "IdempotentProcessing"), hang},
		"in a wait":     {refusal(403, "IdempotentProcessing", "x-acs-retry-after", "30000")},
	} {
		s, client := startServer(t, answers...)
		ctx, cancel := context.WithCancelCause(t.Context())
		go doWhen(func() bool { return len(s.queries()) == len(answers) && len(s.traced()) == 1 }, func() { cancel(context.DeadlineExceeded) })
		_, err := operations["create"](ctx, client)
		if known := wantError(t, err); known.Code != "" || known.LastCode != "IdempotentProcessing" || known.Kind != activation.KindUnavailable || known.NothingDone ||
			!strings.HasSuffix(known.Error(), "; the last answer was IdempotentProcessing") || !strings.HasPrefix(known.Hint, "repeat the command later") {
			t.Errorf("%s: %v, %+v", name, err, known)
		}
		cancel(nil)
	}
}

func TestAnEndThatCutsAnAttemptNamesTheErrorBefore(t *testing.T) {
	t.Parallel()
	for name, answers := range map[string][]http.HandlerFunc{
		"in an attempt": {answer(502, "<html>"), hang},
		"in a wait":     {answer(502, "<html>", "x-acs-retry-after", "30000")},
	} {
		s, client := startServer(t, answers...)
		ctx, cancel := context.WithCancelCause(t.Context())
		go doWhen(func() bool { return len(s.queries()) == len(answers) && len(s.traced()) == 1 }, func() { cancel(context.DeadlineExceeded) })
		_, err := operations["create"](ctx, client)
		if known := wantError(t, err); known.LastCode != "" || !strings.Contains(known.Error(), "; before that: the answer is HTTP 502") || known.Hint != checkEndpoint {
			t.Errorf("%s: %v, %+v", name, err, known)
		}
		cancel(nil)
	}
}
