package ecs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ecs-activation/internal/netfault"
)

// emptyPage returns an empty page of a size.
func emptyPage(size int) string {
	const body = `{"RequestId":"R","ActivationList":[]}`
	return strings.Repeat(" ", size-len(body)) + body
}

// sends returns a handler that sends a page of a size, and announces the size or not.
func sends(size int, announced bool) http.HandlerFunc {
	page := emptyPage(size)
	return func(w http.ResponseWriter, _ *http.Request) {
		if announced {
			w.Header().Set("Content-Length", fmt.Sprint(size))
		}
		io.WriteString(w, page) //nolint:errcheck // the client reports it
	}
}

// inBackground sends a list and returns its error through a channel.
func inBackground(ctx context.Context, client *Client) <-chan error {
	done := make(chan error, 1)
	go func() {
		_, err := operations["list"](ctx, client)
		done <- err
	}()
	return done
}

func TestLargeAnswersAreReadOneAtATimeAndOthersDoNotWait(t *testing.T) {
	t.Parallel()
	for _, announced := range []bool{true, false} {
		for size, waits := range map[int]bool{100: false, largeBody: false, largeBody + 1: true, maxBody: true} {
			t.Run(fmt.Sprint(size, " announced ", announced), func(t *testing.T) {
				t.Parallel()
				s, client := startServer(t, sends(size, announced))
				client.large <- struct{}{} // as another large answer does
				done := inBackground(t.Context(), client)
				if !waits {
					if err := <-done; err != nil {
						t.Error(err)
					}
					return
				}
				select {
				case err := <-done:
					t.Fatalf("it did not wait: %v", err)
				case <-time.After(200 * time.Millisecond):
				}
				<-client.large
				if err := <-done; err != nil || len(s.queries()) != 1 || len(client.large) != 0 {
					t.Errorf("%v after %d requests, %d in large", err, len(s.queries()), len(client.large))
				}
			})
		}
	}
}

func TestManyLargeAnswersAtOnceAllSucceed(t *testing.T) {
	t.Parallel()
	s, client := startServer(t, sends(2*largeBody, true))
	var all sync.WaitGroup
	for range 20 {
		all.Go(func() {
			if _, err := operations["list"](t.Context(), client); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if len(s.queries()) != 20 || len(client.large) != 0 {
		t.Errorf("%d requests, %d in large", len(s.queries()), len(client.large))
	}
}

// counted is a body of any size that counts what is read of it.
type counted struct{ read atomic.Int64 }

func (c *counted) Read(p []byte) (int, error) {
	c.read.Add(int64(len(p)))
	return len(p), nil
}

func (c *counted) Close() error { return nil }

func TestAnAnswerThatWaitsHoldsOnlyWhatItHasRead(t *testing.T) {
	t.Parallel()
	for length, want := range map[int64]int64{-1: largeBody + 1, largeBody + 1: 0, maxBody: 0} {
		ctx, cancel := context.WithTimeoutCause(t.Context(), 200*time.Millisecond, errEnough)
		defer cancel()
		body := &counted{}
		x := &exchange{ctx: ctx, timeout: time.Minute, now: time.Now, large: make(chan struct{}), transport: transportFunc(func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, ContentLength: length, Body: body}, nil
		})}
		_, err := x.RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)) //nolint:bodyclose // there is no response
		if got := body.read.Load(); !errors.Is(err, errEnough) || !errors.Is(x.err, errEnough) || got != want {
			t.Errorf("length %d: %v after %d bytes, want %d", length, err, got, want)
		}
	}
}

func TestTheEndOfTheContextEndsTheWaitForALargeAnswer(t *testing.T) {
	t.Parallel()
	s, client := startServer(t, sends(2*largeBody, false))
	client.large <- struct{}{}
	ctx, cancel := context.WithCancelCause(t.Context())
	done := inBackground(ctx, client)
	time.Sleep(100 * time.Millisecond)
	cancel(errEnough)
	if err := <-done; !errors.Is(err, errEnough) || len(s.queries()) != 1 || len(client.large) != 1 {
		t.Errorf("%v after %d requests, %d in large", err, len(s.queries()), len(client.large))
	}
}

func TestTheWaitForALargeAnswerIsNotASlowAnswer(t *testing.T) {
	t.Parallel()
	s, _ := startServer(t, sends(2*largeBody, true))
	client := s.client(t, func(o *Options) { o.Attempt = 400 * time.Millisecond })
	client.large <- struct{}{}
	done := inBackground(t.Context(), client)
	time.Sleep(900 * time.Millisecond)
	<-client.large
	if err := <-done; err != nil || len(s.queries()) != 1 {
		t.Errorf("%v after %d requests", err, len(s.queries()))
	}
}

func TestALargeAnswerThatStopsComingIsEndedAndLetsOthersIn(t *testing.T) {
	t.Parallel()
	for _, announced := range []int{0, 4 * largeBody} {
		s, _ := startServer(t, func(w http.ResponseWriter, r *http.Request) {
			if announced > 0 {
				w.Header().Set("Content-Length", fmt.Sprint(announced))
			}
			io.WriteString(w, strings.Repeat(" ", 2*largeBody)) //nolint:errcheck // the client has left
			http.NewResponseController(w).Flush()               //nolint:errcheck // the same
			hang(w, r)
		}, sends(2*largeBody, true))
		client := s.client(t, func(o *Options) { o.Attempt = 300 * time.Millisecond })
		_, err := operations["create once"](t.Context(), client)
		if known := wantError(t, err); !strings.Contains(known.Error(), netfault.TimedOut) || known.NothingDone {
			t.Errorf("%v", known)
		}
		if _, err := operations["list"](t.Context(), client); err != nil {
			t.Errorf("the next large answer: %v", err)
		}
	}
}

func TestEveryEndOfALargeAnswerLetsOthersIn(t *testing.T) {
	t.Parallel()
	large := strings.Repeat(" ", 2*largeBody)
	for name, odd := range map[string]http.HandlerFunc{
		"a refusal": answer(403, large+forbidden), "a page": answer(502, "<html>"+large), "too large": sends(maxBody+1, false), "closed": torn("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + large),
		"a redirect": answer(302, large, "Location", "https://elsewhere.example/"), "too many values": answer(200, `{"ActivationList":[`+strings.Repeat("{},", 500_000)+`{}]}`),
	} {
		_, client := startServer(t, odd)
		if _, err := operations["create once"](t.Context(), client); err == nil {
			t.Errorf("%s: a success", name)
		}
		if len(client.large) != 0 {
			t.Errorf("%s: no other exchange can read a large answer", name)
		}
	}
}

func TestAnAnswerWithLargeHeadersIsNotReadAndIsUncertain(t *testing.T) {
	for size, fits := range map[int]bool{100 << 10: true, 300 << 10: false} {
		s, client := startServer(t, answer(403, forbidden, "X-Large", theMark+strings.Repeat("x", size)))
		_, err := operations["create once"](t.Context(), client)
		if known := wantError(t, err); (known.Code != "") != fits || known.NothingDone != fits {
			t.Errorf("%d bytes: %+v", size, known)
		} else {
			hidesSecrets(t, s.shown(known))
		}
	}
}

// nulls returns a list of n null values, and so n-1 commas.
func nulls(n int) string { return "[" + strings.Repeat("null,", n-1) + "null]" }

func TestAnAnswerWithMoreValuesThanAPageIsRefusedUndecoded(t *testing.T) {
	for verb, body := range map[string]string{
		"list": `{"RequestId":"R","ActivationList":[],"X":%s}`, "machines": `{"RequestId":"R","Instances":[],"X":%s}`,
		"disable": `{"RequestId":"R","Activation":{"ActivationId":"` + codeId + `"},"X":%s}`, "delete": `{"RequestId":"R","Activation":{"ActivationId":"` + codeId + `"},"X":%s}`,
	} {
		_, client := startServer(t, answer(200, fmt.Sprintf(body, nulls(maxCommas-1))))
		if _, err := operations[verb](t.Context(), client); err != nil {
			t.Errorf("%s: %v", verb, err)
		}
		s, client := startServer(t, answer(200, fmt.Sprintf(body, nulls(maxCommas))))
		_, err := operations[verb](t.Context(), client)
		if known := wantError(t, err); !strings.Contains(known.Error(), "more values than a page can have") || known.NothingDone || known.Hint != checkEndpoint || len(s.queries()) != 1 {
			t.Errorf("%s: %+v after %d requests", verb, known, len(s.queries()))
		}
		_, client = startServer(t, answer(403, fmt.Sprintf(`{"RequestId":"R","Code":"Operation.Forbidden","X":%s}`, nulls(maxCommas))))
		_, err = operations[verb](t.Context(), client)
		if known := wantError(t, err); known.Code != "Operation.Forbidden" || !known.NothingDone {
			t.Errorf("%s: %+v", verb, known)
		}
	}
	_, client := startServer(t, answer(200, fmt.Sprintf(`{%s,"X":%s}`, made, nulls(maxCommas))))
	if _, err := operations["create"](t.Context(), client); err != nil {
		t.Errorf("a code is lost: %v", err)
	}
}

// transportFunc is a function as a round tripper.
type transportFunc func(*http.Request) (*http.Response, error)

func (f transportFunc) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestTheSDKGetsTheAnswerUnlessItIsLargeOrRedirects(t *testing.T) {
	for _, test := range []struct {
		status, size int
		body, header bool // the SDK gets it
	}{
		{200, 0, true, true}, {200, sdkBody, true, true}, {200, sdkBody + 1, false, true}, {403, 100, true, true},
		{299, 10, true, true}, {300, 10, true, false}, {302, 10, true, false}, {399, 10, true, false}, {400, 10, true, true},
	} {
		sent := &http.Response{
			StatusCode: test.status, Header: http.Header{"Location": {"https://elsewhere.example/"}}, ContentLength: int64(test.size),
			Body: io.NopCloser(strings.NewReader(strings.Repeat("x", test.size))),
		}
		x := &exchange{ctx: t.Context(), timeout: time.Minute, now: time.Now, transport: transportFunc(func(*http.Request) (*http.Response, error) { return sent, nil })}
		response, err := x.RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)) //nolint:bodyclose // its body is in memory
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(response.Body)
		if want := map[bool]int{true: test.size}[test.body]; err != nil || len(got) != want || response.StatusCode != test.status {
			t.Errorf("%+v: the SDK gets %d bytes with status %d, %v", test, len(got), response.StatusCode, err)
		}
		if (len(response.Header) == 1) != test.header || len(x.header) != 1 || len(x.body) != test.size || x.status != test.status || x.at.IsZero() {
			t.Errorf("%+v: the SDK gets %v; kept are %v, %d bytes, status %d at %s", test, response.Header, x.header, len(x.body), x.status, x.at)
		}
		if x.release(); x.body != nil {
			t.Error("the body is still there")
		}
	}
}

func TestAnAnswerIsKeptEvenIfTheContextEndsAtThatMoment(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	x := &exchange{ctx: ctx, timeout: time.Minute, now: time.Now, transport: transportFunc(func(*http.Request) (*http.Response, error) {
		cancel()
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader("{}"))}, nil
	})}
	if _, err := x.RoundTrip(httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", nil)); err != nil || x.err != nil { //nolint:bodyclose // its body is in memory
		t.Errorf("%v, kept %v", err, x.err)
	}
}

func TestAPanicBeforeTheAnswerIsNotHidden(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("it was")
		}
	}()
	proxy := func(*http.Request) (*url.URL, error) { panic("a mistake of ours") }
	s, _ := startServer(t)
	client := s.client(t, func(o *Options) { o.Proxy = proxy })
	operations["list"](t.Context(), client) //nolint:errcheck // it panics
}

// An answer that waits must not fill a large buffer of HTTP/2 either.
func TestAWaitingAnswerOverHTTP2IsNotBuffered(t *testing.T) {
	t.Parallel()
	var sent atomic.Int64
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Error(r.Proto)
		}
		page := emptyPage(maxBody)
		for ; page != ""; page = page[16<<10:] {
			if _, err := io.WriteString(w, page[:16<<10]); err != nil {
				return
			}
			sent.Add(16 << 10)
		}
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	client := (&fakeServer{Server: server}).client(t, nil)
	client.transport.TLSClientConfig = &tls.Config{RootCAs: server.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs}
	client.large <- struct{}{}
	done := inBackground(t.Context(), client)
	time.Sleep(300 * time.Millisecond)
	if n := sent.Load(); n > largeBody+512<<10 {
		t.Errorf("%d bytes are read or buffered", n)
	}
	<-client.large
	if err := <-done; err != nil || sent.Load() != maxBody {
		t.Errorf("%v after %d bytes", err, sent.Load())
	}
}
