package ecs

import (
	"bytes"
	"context"
	"ecs-activation/internal/netfault"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// maxBody bounds an answer: a page of 50 codes is about 22 kB, so 8 MiB is no answer of the
// service.
const maxBody = 8 << 20

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB: a proxy or another service may have sent it", maxBody>>20)

// errAttemptTimeout ends an attempt, and not the call.
var errAttemptTimeout = errors.New(netfault.TimedOut)

// exchange is one attempt: the round tripper through which the SDK sends. It adds what the SDK
// lacks (context, a bound on the body, no redirects) and keeps the answer: the SDK gets an empty
// success, so that it neither copies the body, nor follows a redirect, nor interprets anything, and
// its own errors (which quote signed URLs) never matter.
type exchange struct {
	ctx       context.Context
	transport http.RoundTripper
	timeout   time.Duration
	userAgent string
	now       func() time.Time

	status int
	header http.Header
	body   []byte
	at     time.Time // of the answer, by this machine's clock
	err    error     // why there is no answer; nil when there is one
}

// RoundTrip implements http.RoundTripper.
func (x *exchange) RoundTrip(request *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithTimeoutCause(x.ctx, x.timeout, errAttemptTimeout)
	defer cancel()
	request = request.WithContext(ctx)
	request.Header.Set("User-Agent", x.userAgent)
	response, err := x.fetch(request)
	if x.err = err; err != nil {
		if ctx.Err() != nil {
			x.err = context.Cause(ctx)
		}
		return nil, x.err
	}
	return response, nil
}

// fetch sends a request, keeps its answer, and returns it for the SDK.
func (x *exchange) fetch(request *http.Request) (*http.Response, error) {
	response, err := x.transport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	body, err := x.read(response)
	if err != nil {
		return nil, err
	}
	x.status, x.header, x.body, x.at = response.StatusCode, response.Header, body, x.now()
	response.Body = io.NopCloser(bytes.NewReader(body))
	if x.status >= 300 && x.status < 400 { // without a Location there is nothing to follow
		response.Header = http.Header{}
	}
	return response, nil
}

// read returns the body of a response, and closes it.
func (x *exchange) read(response *http.Response) (_ []byte, err error) {
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.ContentLength > maxBody {
		return nil, errTooLarge
	}
	var body bytes.Buffer
	body.Grow(int(max(response.ContentLength, 0)) + bytes.MinRead) // so that it need not grow
	if _, err := body.ReadFrom(io.LimitReader(response.Body, maxBody+1)); err != nil {
		return nil, err
	}
	if body.Len() > maxBody {
		return nil, errTooLarge
	}
	return body.Bytes(), nil
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
