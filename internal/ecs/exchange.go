package ecs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"ecs-activation/internal/netfault"
)

// The limits of a body, so that many large answers at once do not use up the memory. A page of 50
// codes is about 22 kB.
const (
	maxBody   = 8 << 20  // a larger one is refused
	largeBody = 1 << 20  // of larger ones, a client reads and decodes one at a time
	sdkBody   = 64 << 10 // of a larger one, the SDK gets nothing: decoding an error takes it 30 times the size
)

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB: a proxy or another service may have sent it", maxBody>>20)

// errAttemptTimeout ends an attempt, and not the call.
var errAttemptTimeout = errors.New(netfault.TimedOut)

// exchange is one attempt: the round tripper through which the SDK sends. It adds what the SDK
// lacks: the context, a limit on the size of the answer, and no redirects. It keeps the answer, so
// that nothing depends on how the SDK reads it.
type exchange struct {
	ctx       context.Context
	transport http.RoundTripper
	timeout   time.Duration
	userAgent string
	now       func() time.Time
	large     chan struct{} // has room for one: the exchange with a large body that is at work

	status int
	header http.Header
	body   []byte
	at     time.Time // of the answer, by this machine's clock
	err    error     // why there is no answer; nil when there is one

	isLarge bool // this exchange is in large
}

// RoundTrip implements http.RoundTripper.
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

// fetch sends a request, keeps its answer, and returns it for the SDK. The timer limits the attempt.
func (x *exchange) fetch(request *http.Request, limit *time.Timer) (*http.Response, error) {
	response, err := x.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := x.read(request.Context(), response, limit)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		return nil, err
	}
	x.status, x.header, x.body, x.at = response.StatusCode, response.Header, body, x.now()
	response.Body = http.NoBody
	if len(body) <= sdkBody {
		response.Body = io.NopCloser(bytes.NewReader(body))
	}
	if x.status >= 300 && x.status < 400 { // without a Location there is nothing to follow
		response.Header = http.Header{}
	}
	return response, nil
}

// read returns the body of a response.
func (x *exchange) read(ctx context.Context, response *http.Response, limit *time.Timer) ([]byte, error) {
	length := max(response.ContentLength, 0) // 0: the response does not say
	if length > maxBody {
		return nil, errTooLarge
	}
	var body bytes.Buffer
	if length <= largeBody {
		body.Grow(int(length) + bytes.MinRead) // so that it need not grow
		if _, err := body.ReadFrom(io.LimitReader(response.Body, largeBody+1)); err != nil || body.Len() <= largeBody {
			return body.Bytes(), err
		}
	}
	if err := x.waitForTurn(ctx, limit); err != nil {
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

// waitForTurn waits until no other exchange of the client holds a large body; release ends the turn.
// The wait is not counted as a slow answer: afterwards the attempt has its full time again.
func (x *exchange) waitForTurn(ctx context.Context, limit *time.Timer) error {
	limit.Stop()
	select {
	case x.large <- struct{}{}:
		x.isLarge = true
		limit.Reset(x.timeout)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release drops the body, once it is decoded, and ends the turn of a large one.
func (x *exchange) release() {
	x.body = nil
	if x.isLarge {
		x.isLarge = false
		<-x.large
	}
}

// date returns the time of the service's clock, or zero when it sent none.
func (x *exchange) date() time.Time {
	date, err := http.ParseTime(x.header.Get("Date"))
	if err != nil {
		return time.Time{}
	}
	return date.UTC()
}

// skew says how far this machine's clock is from the service's.
func (x *exchange) skew() string {
	date := x.date()
	off := x.at.Sub(date).Round(time.Second)
	switch {
	case date.IsZero():
		return "by how much the service does not say"
	case off < 0:
		return fmt.Sprintf("it is %s behind", -off)
	default:
		return fmt.Sprintf("it is %s ahead", off)
	}
}
