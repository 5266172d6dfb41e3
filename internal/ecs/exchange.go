package ecs

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// Limits for the body of an answer, so that many large answers at once do not use up the memory.
// A page of 50 codes is about 22 kB.
const (
	maxBody   = 8 << 20 // larger bodies are refused
	largeBody = 1 << 20 // larger bodies are read and decoded one at a time
	sdkBody   = 8 << 10 // larger bodies, such as pages, are not passed to the SDK: it makes three copies of each
)

var errTooLarge = activation.Textf("the answer is larger than %d MiB: a proxy or another service may have sent it", maxBody>>20)

// errAttemptTimeout ends one attempt. The call can go on with the next one.
var errAttemptTimeout = errors.New(netfault.TimedOut)

// exchange is one attempt. The SDK sends the request through it, as its http.RoundTripper. It adds
// what the SDK does not have: the context, a limit for the size of the answer, and the refusal of
// redirects. It keeps the answer, because the SDK's result has no answer when the SDK panics.
type exchange struct {
	ctx       context.Context
	transport http.RoundTripper
	proxy     func(*http.Request) (*url.URL, error) // of the transport
	env       func(string) (string, bool)           // which has the variable of the proxy
	timeout   time.Duration
	userAgent string
	now       func() time.Time
	large     chan struct{} // a semaphore: one exchange at a time may hold a large body

	answered bool // there is an answer: the four fields below
	status   int
	header   http.Header
	body     []byte
	at       time.Time // when the answer came, by this machine's clock
	err      error     // why there is no answer; nil if there is one

	holdsLarge bool // this exchange has acquired large
}

// RoundTrip implements http.RoundTripper. It returns the answer, which x keeps as well.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(x.ctx)
	defer cancel(nil)
	limit := time.AfterFunc(x.timeout, func() { cancel(errAttemptTimeout) })
	defer limit.Stop()
	request = request.WithContext(ctx)
	request.Header.Set("User-Agent", x.userAgent)
	response, err := x.fetch(request, limit)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	x.err = err
	return response, err
}

// fetch sends a request, keeps the answer in x, and returns it for the SDK. The timer ends the attempt.
func (x *exchange) fetch(request *http.Request, limit *time.Timer) (*http.Response, error) {
	response, err := x.transport.RoundTrip(request)
	if err != nil {
		return nil, netfault.NameProxy(err, request, x.proxy, x.env)
	}
	body, err := x.read(request.Context(), response, limit)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	x.answered, x.status, x.header, x.body, x.at = true, response.StatusCode, response.Header, body, x.now()
	response.Body = http.NoBody
	if len(body) <= sdkBody {
		response.Body = io.NopCloser(bytes.NewReader(body))
	}
	if x.status >= 300 && x.status < 400 { // without the header Location, the SDK follows no redirect
		response.Header = http.Header{}
	}
	return response, nil
}

// read returns the body of a response.
func (x *exchange) read(ctx context.Context, response *http.Response, limit *time.Timer) ([]byte, error) {
	length := max(response.ContentLength, 0) // 0: unknown
	if length > maxBody {
		return nil, errTooLarge
	}
	var body bytes.Buffer
	if length <= largeBody {
		body.Grow(int(length) + bytes.MinRead) // allocates once
		if _, err := body.ReadFrom(io.LimitReader(response.Body, largeBody+1)); body.Len() <= largeBody {
			return body.Bytes(), err
		}
	}
	if err := x.acquire(ctx, limit); err != nil {
		return nil, err
	}
	body.Grow(int(length) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1-int64(body.Len()))); err != nil {
		return nil, err
	}
	if body.Len() > maxBody {
		return nil, errTooLarge
	}
	return body.Bytes(), nil
}

// acquire waits until no other exchange of the client holds a large body. The time limit of the
// attempt is stopped during the wait and starts again after it, because the answer is not slow.
func (x *exchange) acquire(ctx context.Context, limit *time.Timer) error {
	limit.Stop()
	select {
	case x.large <- struct{}{}:
		x.holdsLarge = true
		limit.Reset(x.timeout)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release frees the body after it is decoded, and lets another exchange hold a large one.
func (x *exchange) release() {
	x.body = nil
	if x.holdsLarge {
		x.holdsLarge = false
		<-x.large
	}
}

// date returns the time of the service's clock, or zero if the answer has none.
func (x *exchange) date() time.Time {
	date, _ := http.ParseTime(x.header.Get("Date")) // zero with an error
	return date.UTC()
}

// skew returns a text for the difference between this machine's clock and the service's.
func (x *exchange) skew() error {
	date := x.date()
	off := x.at.Sub(date).Round(time.Second)
	switch {
	case date.IsZero():
		return errors.New("by how much the service does not say")
	case off < 0:
		return activation.Textf("it is %s behind", -off)
	default:
		return activation.Textf("it is %s ahead", off)
	}
}
