package ecs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ecs-activation/internal/activation"
)

func TestWhatMaySucceedLaterIsTriedAgainWithTheSameTokenAndANewNonce(t *testing.T) {
	again := map[string]http.HandlerFunc{
		"429 of a proxy": answer(429, "slow down"),
		"408 of a proxy": answer(408, "too slow"),
		"499 of a proxy": answer(499, ""),
		"a connection":   torn(""),
	}
	for _, status := range []int{500, 502, 503, 504} {
		again[fmt.Sprint(status, " of a gateway")] = answer(status, "<html>")
		again[fmt.Sprint(status, " with a code")] = refusal(status, "Nobody.Knows")
	}
	for code, status := range map[string]int{
		"Throttling": 400, "Throttling.User": 400, "Throttling.Api": 403, "ThrottlingUser": 400, "ServiceUnavailable": 503, "SystemBusy": 400,
		"InternalError": 400, "InternalError.Dispatch": 500, "IdempotentProcessing": 403, "SignatureNonceUsed": 400,
	} {
		again[code] = refusal(status, code)
		again[code+" in a 200"] = refusal(200, code)
	}
	for reason, odd := range again {
		for name, call := range operations {
			if name == "create once" {
				continue
			}
			t.Run(reason+", "+name, func(t *testing.T) {
				t.Parallel()
				s, client := startServer(t, odd, good)
				if _, err := call(t.Context(), client); err != nil {
					t.Fatal(err)
				}
				asked := s.queries()
				if len(asked) != 2 {
					t.Fatalf("%d requests", len(asked))
				}
				for _, key := range []string{"SignatureNonce", "Signature"} {
					if asked[0].Get(key) == asked[1].Get(key) || asked[1].Get(key) == "" {
						t.Errorf("%s %q was sent twice", key, asked[0].Get(key))
					}
					asked[0].Del(key)
					asked[1].Del(key)
				}
				asked[0].Del("Timestamp")
				asked[1].Del("Timestamp")
				if asked[0].Encode() != asked[1].Encode() {
					t.Errorf("the repetition asks for something else:\n%v\n%v", asked[0], asked[1])
				}
				if name == "create" && asked[1].Get("ClientToken") != "token-1" {
					t.Errorf("the token became %q", asked[1].Get("ClientToken"))
				}
			})
		}
	}
}

func TestWhatCannotSucceedLaterIsAskedOnce(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"ActivationId.InUse": 403, "ActivationId.NotFound": 404, "IdempotentParameterMismatch": 403, "InvalidAccessKeyId.NotFound": 404,
		"SignatureDoesNotMatch": 400, "NoPermission": 403, "RegionId.ApiNotSupported": 400, "Nobody.Knows": 400, "403": 403,
	} {
		for name, call := range operations {
			s, client := startServer(t, refusal(status, code), good)
			_, err := call(t.Context(), client)
			known := wantError(t, err)
			if len(s.queries()) != 1 || known.Code != code || known.RequestID != "R-1" || known.Kind != activation.KindOfCode(code) || known.NothingDone != activation.Refuses(code) || known.Hint != "" || known.Host != "" {
				t.Errorf("%s, %s: %d requests, %+v", code, name, len(s.queries()), known)
			}
		}
	}
}

func TestACreateWithoutTokenIsNeverRepeated(t *testing.T) {
	for name, odd := range map[string]http.HandlerFunc{
		"503": answer(503, ""), "throttled": refusal(400, "Throttling"), "closed": torn(""), "500": refusal(500, "InternalError"), "429": answer(429, ""),
	} {
		s, client := startServer(t, odd, good)
		_, err := operations["create once"](t.Context(), client)
		known := wantError(t, err)
		if len(s.queries()) != 1 || known.Kind != activation.KindUnavailable {
			t.Errorf("%s: %d requests, %s", name, len(s.queries()), known.Kind)
		}
		if wait := s.traced()[0].Wait; wait != 0 {
			t.Errorf("%s: another attempt is announced in %s", name, wait)
		}
	}
}

// uncertainty lists answers, and whether the request may have been executed after them.
var uncertainty = []struct {
	name      string
	answers   []http.HandlerFunc
	code      string
	uncertain bool
}{
	{"refused", []http.HandlerFunc{refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", false},
	{"throttled, then refused", []http.HandlerFunc{refusal(400, "Throttling.User"), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"a proxy's 429, then refused", []http.HandlerFunc{answer(429, ""), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"closed, then refused", []http.HandlerFunc{torn(""), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"a gateway's 502, then refused", []http.HandlerFunc{answer(502, ""), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"an error inside the service, then refused", []http.HandlerFunc{refusal(500, "InternalError.Dispatch"), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"still being processed, then refused", []http.HandlerFunc{refusal(403, "IdempotentProcessing"), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"closed, throttled, then refused", []http.HandlerFunc{torn(""), refusal(400, "Throttling"), refusal(403, "Operation.Forbidden")}, "Operation.Forbidden", true},
	{"an unreadable success", []http.HandlerFunc{answer(200, "<html>")}, "", true},
	{"a redirect", []http.HandlerFunc{answer(302, "", "Location", "https://elsewhere.example/")}, "", true},
	{"a proxy's refusal", []http.HandlerFunc{answer(407, "")}, "", true},
}

func TestAnErrorSaysWhetherForCertainNothingWasDone(t *testing.T) {
	t.Parallel()
	for _, test := range uncertainty {
		for name, call := range operations {
			if name == "create once" && len(test.answers) > 1 {
				continue
			}
			_, client := startServer(t, test.answers...)
			_, err := call(t.Context(), client)
			if known := wantError(t, err); known.Code != test.code || known.NothingDone == test.uncertain {
				t.Errorf("%s, %s: code %q, nothing done %t", test.name, name, known.Code, known.NothingDone)
			}
		}
	}
}

func TestACodeThatIsGoneAfterAnUncertainDeleteWasDeleted(t *testing.T) {
	t.Parallel()
	for name, first := range map[string]http.HandlerFunc{
		"closed": torn(""), "502": answer(502, ""), "500": refusal(500, "InternalError"), "closed in the answer": torn(brokenConnections["closed in the body"]),
	} {
		s, client := startServer(t, first, refusal(400, "Throttling"), refusal(404, "ActivationId.NotFound"))
		changed, err := client.Delete(t.Context(), codeRef)
		if err != nil || changed.Activation.Ref() != codeRef || changed.RequestId != "R-1" || len(s.queries()) != 3 {
			t.Errorf("%s: %+v, %v after %d requests", name, changed, err, len(s.queries()))
		}
	}
}

func TestACodeThatIsNotFoundOtherwiseIsAnError(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, verb, code string
		answers          []http.HandlerFunc
	}{
		{"at once", "delete", "ActivationId.NotFound", []http.HandlerFunc{refusal(404, "ActivationId.NotFound")}},
		{"after throttling", "delete", "ActivationId.NotFound", []http.HandlerFunc{refusal(400, "Throttling"), refusal(400, "Throttling.User"), refusal(404, "ActivationId.NotFound")}},
		{"after a proxy's 429", "delete", "ActivationId.NotFound", []http.HandlerFunc{answer(429, ""), refusal(404, "ActivationId.NotFound")}},
		{"disabling", "disable", "ActivationId.NotFound", []http.HandlerFunc{torn(""), refusal(404, "ActivationId.NotFound")}},
		{"another code", "delete", "InvalidRegionId.NotFound", []http.HandlerFunc{torn(""), refusal(404, "InvalidRegionId.NotFound")}},
		{"a 404 of a proxy", "delete", "", []http.HandlerFunc{torn(""), answer(404, "")}},
	} {
		_, client := startServer(t, test.answers...)
		_, err := operations[test.verb](t.Context(), client)
		if known := wantError(t, err); known.Code != test.code {
			t.Errorf("%s: %+v", test.name, known)
		}
	}
}

func TestTheWaitIsWhatTheServiceAsksFor(t *testing.T) {
	for _, test := range []struct {
		header []string
		want   time.Duration
	}{
		{[]string{"x-acs-retry-after", "7"}, 7 * time.Millisecond},
		{[]string{"Retry-After", "7"}, 7 * time.Second},
		{[]string{"Retry-After", "3600"}, time.Minute},
		{[]string{"x-acs-retry-after", "3600000"}, time.Minute},
		{[]string{"Retry-After", "5", "x-acs-retry-after", "20"}, 20 * time.Millisecond},
		{[]string{"Retry-After", "99999999999999999999"}, time.Minute},
		{[]string{"x-acs-retry-after", "9999999999"}, time.Minute},
	} {
		header := http.Header{}
		for i := 0; i < len(test.header); i += 2 {
			header.Set(test.header[i], test.header[i+1])
		}
		client := New(Options{})
		o := outcome{err: errors.New("throttled"), maxAttempts: untilTimeout, retryAfter: retryAfter(header)}
		if got := client.wait(t.Context(), call{}, o, 1); got != test.want {
			t.Errorf("%v: waits %s, want %s", test.header, got, test.want)
		}
	}
	for _, value := range []string{"", "0", "-1", "soon", "1.5", "Thu, 25 Jun 2026 06:00:00 GMT"} {
		if got := retryAfter(http.Header{"Retry-After": {value}}); got != 0 {
			t.Errorf("%q is read as %s", value, got)
		}
	}
}

func TestWithoutRetryAfterTheWaitsGrowUpToALimit(t *testing.T) {
	client := New(Options{})
	o := outcome{err: errors.New("closed"), maxAttempts: 1000}
	for attempt := 1; attempt < 1000; attempt++ {
		bound := maxBackoff
		if attempt < 7 {
			bound = firstBackoff << (attempt - 1)
		}
		if wait := client.wait(t.Context(), call{}, o, attempt); wait < time.Millisecond || wait > bound+time.Millisecond {
			t.Fatalf("attempt %d waits %s", attempt, wait)
		}
	}
	if wait := client.wait(t.Context(), call{}, o, 1000); wait != 0 {
		t.Errorf("after the last attempt it waits %s", wait)
	}
}

func TestNoAttemptFollowsAWaitUntilTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		for after, want := range map[time.Duration]time.Duration{time.Second - 1: time.Second - 1, time.Second: 0, time.Second + 1: 0} {
			o := outcome{err: errors.New("throttled"), maxAttempts: untilTimeout, retryAfter: after}
			if got := new(Client).wait(ctx, call{}, o, 1); got != want {
				t.Errorf("asked for %s, it waits %s", after, got)
			}
		}
	})
}

func TestAWaitIsKeptBetweenAttempts(t *testing.T) {
	t.Parallel()
	s, client := startServer(t, refusal(400, "Throttling", "x-acs-retry-after", "120"), good)
	begun := time.Now()
	if _, err := operations["list"](t.Context(), client); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begun); took < 120*time.Millisecond {
		t.Errorf("the retry came after %s", took)
	}
	if got := s.traced(); got[0].Wait != 120*time.Millisecond || got[1].Wait != 0 {
		t.Errorf("the waits are %s and %s", got[0].Wait, got[1].Wait)
	}
}

func TestOnRetryGetsTheTimeOfTheRetry(t *testing.T) {
	t.Parallel()
	_, client := startServer(t, refusal(400, "Throttling", "x-acs-retry-after", "120"), torn(""), good)
	begun := time.Now()
	var times []time.Time
	r := activation.CreateRequest{RegionId: hangzhou, ClientToken: "token-1"}
	if _, err := client.Create(t.Context(), r, func(at time.Time) { times = append(times, at) }); err != nil {
		t.Fatal(err)
	}
	if len(times) != 2 || times[0].Sub(begun) < 120*time.Millisecond || times[0].After(times[1]) || times[1].After(time.Now()) {
		t.Errorf("begun at %s, announced for %s", begun, times)
	}
}

func TestTooLittleTimeForTheWaitEndsAtOnceWithTheLastError(t *testing.T) {
	for name, call := range operations {
		s, client := startServer(t, refusal(400, "Throttling.User", "x-acs-retry-after", "", "Retry-After", "50"))
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		begun := time.Now()
		_, err := call(ctx, client)
		cancel()
		known := wantError(t, err)
		if known.Code != "Throttling.User" || known.Kind != activation.KindUnavailable || known.NothingDone || len(s.queries()) != 1 {
			t.Errorf("%s: %+v after %d requests", name, known, len(s.queries()))
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%s: it took %s", name, took)
		}
	}
}

func TestErrorsThatPersistAreGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		odd  http.HandlerFunc
		most int
	}{
		"503 of a gateway": {answer(503, ""), moreAttempts}, "500 of the service": {refusal(500, "InternalError.Dispatch"), moreAttempts},
		"429 of a proxy": {answer(429, ""), moreAttempts}, "408 with a code": {refusal(408, "Nobody.Knows"), moreAttempts}, "499 of a gateway": {answer(499, ""), moreAttempts}, "499 with a code": {refusal(499, "Nobody.Knows"), moreAttempts},
	} {
		s, client := startServer(t, test.odd)
		_, err := operations["list"](t.Context(), client)
		if known := wantError(t, err); known.Kind != activation.KindUnavailable || len(s.queries()) != test.most {
			t.Errorf("%s: %s after %d requests, want %d", name, known.Kind, len(s.queries()), test.most)
		}
	}
}

func TestAServiceThatThrottlesIsAskedAgainWhileTheTimeLasts(t *testing.T) {
	t.Parallel()
	s, client := startServer(t, refusal(400, "Throttling", "x-acs-retry-after", "5"))
	ctx, cancel := context.WithTimeoutCause(t.Context(), 3*time.Second, fmt.Errorf("the time is up: %w", context.DeadlineExceeded))
	defer cancel()
	_, err := operations["list"](ctx, client)
	if known := wantError(t, err); known.Kind != activation.KindUnavailable {
		t.Errorf("%s: %v", known.Kind, known)
	}
	if n := len(s.queries()); n <= moreAttempts {
		t.Errorf("it was given up after %d requests", n)
	}
}

var errEnough = errors.New("that was enough")

// doWhen waits for a condition and then calls do.
func doWhen(condition func() bool, do func()) {
	for !condition() {
		time.Sleep(time.Millisecond)
	}
	do()
}

func TestTheEndOfTheContextEndsAHungAttemptAtOnce(t *testing.T) {
	for name, call := range operations {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, client := startServer(t, hang)
			ctx, cancel := context.WithCancelCause(t.Context())
			go doWhen(func() bool { return len(s.queries()) == 1 }, func() { cancel(errEnough) })
			begun := time.Now()
			_, err := call(ctx, client)
			known := wantError(t, err)
			if !errors.Is(err, errEnough) || known.NothingDone || len(s.queries()) != 1 {
				t.Errorf("%+v after %d requests", known, len(s.queries()))
			}
			if took := time.Since(begun); took > 5*time.Second {
				t.Errorf("it took %s", took)
			}
			if got := s.traced(); len(got) != 1 || got[0].Wait != 0 {
				t.Errorf("the attempts are %+v", got)
			}
		})
	}
}

func TestTheEndOfTheContextEndsAWaitAtOnce(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		odd       http.HandlerFunc
		uncertain bool
	}{
		{"throttled", refusal(400, "Throttling", "x-acs-retry-after", "30000"), true},
		{"a gateway's 503", answer(503, "", "x-acs-retry-after", "30000"), true},
	} {
		s, client := startServer(t, test.odd)
		ctx, cancel := context.WithCancelCause(t.Context())
		go doWhen(func() bool { return len(s.traced()) == 1 }, func() { cancel(errEnough) })
		begun := time.Now()
		_, err := operations["create"](ctx, client)
		known := wantError(t, err)
		if !errors.Is(err, errEnough) || known.NothingDone == test.uncertain || len(s.queries()) != 1 || len(s.traced()) != 1 {
			t.Errorf("%s: %+v after %d requests", test.name, known, len(s.queries()))
		}
		if took := time.Since(begun); took > 5*time.Second {
			t.Errorf("%s: it took %s", test.name, took)
		}
		cancel(nil)
	}
}

func TestTheKindOfErrorDiffersForACancelAndADeadline(t *testing.T) {
	t.Parallel()
	_, client := startServer(t, hang)
	cancelled, cancel := context.WithCancel(t.Context())
	time.AfterFunc(20*time.Millisecond, cancel)
	_, err := operations["list"](cancelled, client)
	if known := wantError(t, err); known.Kind != activation.KindInterrupted || !errors.Is(err, context.Canceled) || known.Hint != "" || known.Host != "" {
		t.Errorf("cancelled: %+v", known)
	}
	late, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	_, err = operations["list"](late, client)
	if known := wantError(t, err); known.Kind != activation.KindUnavailable || !errors.Is(err, context.DeadlineExceeded) || known.Host == "" {
		t.Errorf("late: %+v", known)
	}
}

func TestTraceGetsEveryAttempt(t *testing.T) {
	s, client := startServer(t, refusal(400, "Throttling.User"), answer(502, ""), good)
	if _, err := operations["disable"](t.Context(), client); err != nil {
		t.Fatal(err)
	}
	host := strings.TrimPrefix(s.URL, "http://")
	for i, want := range []Attempt{
		{Status: 400, Code: "Throttling.User", RequestID: "R-1", Wait: time.Millisecond},
		{Status: 502, Wait: time.Millisecond},
		{Status: 200, RequestID: "R-0"},
	} {
		got := s.traced()[i]
		if got.Action != "DisableActivation" || got.RegionId != hangzhou || got.Host != host || got.Number != i+1 || got.Took <= 0 {
			t.Errorf("attempt %d: %+v", i+1, got)
		}
		if got.Status != want.Status || got.Code != want.Code || got.RequestID != want.RequestID || got.Wait != want.Wait || (got.Err == nil) != (i == 2) {
			t.Errorf("attempt %d: %+v, want %+v", i+1, got, want)
		}
	}
}
