package ecs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// checkEndpoint is the hint for an answer that is not of the service.
const checkEndpoint = "check --endpoint and the proxy settings; --debug shows what answered"

// outcome is the result of one attempt. Its zero value is uncertain: the service may have carried
// out the request.
type outcome struct {
	answer      activation.Answer
	err         error  // nil: done
	code        string // the service's code of an error
	lastCode    string // of the answer before, where this one was cut short by the end of the time
	hint        string
	after       time.Duration // how long the service asks to wait
	maxAttempts int           // how many attempts this outcome is worth, in all
	notExecuted bool          // it is certain that this attempt did nothing
	throttled   bool          // the service asks for fewer requests
	transport   bool          // there was no answer
}

// How many attempts an outcome is worth. What the service asks to repeat is repeated until
// --timeout; a connection that fails at once each time is given up soon.
const (
	oneAttempt   = 1
	fewAttempts  = 4 // about half a second
	moreAttempts = 8 // about ten seconds
	untilTimeout = 1 << 30
)

// kind returns the kind of error of an attempt that failed.
func (o outcome) kind() activation.Kind {
	switch {
	case errors.Is(o.err, context.Canceled):
		return activation.KindInterrupted
	case o.transport || errors.Is(o.err, context.DeadlineExceeded):
		return activation.KindUnavailable
	case activation.KindOfCode(o.code) != activation.KindOther:
		return activation.KindOfCode(o.code)
	case o.maxAttempts > oneAttempt:
		return activation.KindUnavailable
	default:
		return activation.KindOther
	}
}

// classify reads the answer of an exchange into an empty body, and returns the outcome.
func classify(x *exchange, into body) outcome {
	if x.err != nil {
		return noAnswer(x.err)
	}
	shape, wrong := read(x.body, into)
	o := outcome{
		answer: activation.Answer{RequestId: cmp.Or(string(shape.RequestId), x.header.Get("x-acs-request-id")), Date: x.date(), Heard: x.at},
		after:  retryAfter(x.header),
	}
	switch {
	case x.status == http.StatusOK && wrong == nil:
		return o
	case x.status >= 300 && x.status < 400:
		o.err = fmt.Errorf("the endpoint redirects (HTTP %d) to %s; redirects are not followed", x.status, redirectHost(x.header))
	case shape.Code != "":
		o.code, o.err = string(shape.Code), refusalText(x, shape)
	case x.status != http.StatusOK:
		o.err = fmt.Errorf("the answer is HTTP %d without a code of the service: a proxy or another service sent it", x.status)
	default:
		o.err = wrong
	}
	if o.code == "" {
		o.hint = checkEndpoint
	}
	o.maxAttempts = attemptsFor(x.status, o.code)
	o.notExecuted = refuses(x.status, shape)
	o.throttled = x.status == http.StatusTooManyRequests || activation.Throttles(o.code)
	return o
}

// maxCommas limits the values of an answer whose lists are kept: each "{}," of a list becomes 200
// bytes. A page of 50 codes with 20 tags each has 2,700 commas, and those of its texts.
const maxCommas = 1 << 16

var errTooMany = errors.New("the answer holds more values than a page can have: a proxy or another service may have sent it")

// read reads an answer into an empty body, and returns its error shape, and why it is no success.
// An odd field elsewhere does not hide the Code.
func read(raw []byte, into body) (shape errorBody, wrong error) {
	if into.hasLists() && bytes.Count(raw, []byte(",")) > maxCommas {
		wrong = errTooMany
	} else if wrong = decode(raw, into); wrong == nil {
		return *into.shape(), into.problem()
	}
	_ = decode(raw, &shape) // what is no JSON leaves it empty, and wrong says so
	return shape, wrong
}

// refuses reports whether an answer is a known refusal, after which it is certain that the
// attempt did nothing: HTTP 4xx, the service's error shape, and a code that refuses. A proxy's
// answer is none, and neither is one by which the service or a gateway gives up waiting (408,
// 499) or asks for fewer requests (429).
func refuses(status int, shape errorBody) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, netfault.StatusClientClosed:
		return false
	}
	return status >= 400 && status < 500 && shape.RequestId != "" && activation.Refuses(string(shape.Code))
}

// refusalText returns the error of an answer with a Code, in the words of the service.
func refusalText(x *exchange, shape errorBody) error {
	if shape.Code == "InvalidTimeStamp.Expired" {
		return errors.New(x.skew())
	}
	// A refused signature is answered with what was signed, security token included.
	message, _, _ := strings.Cut(string(shape.Message), "server string to sign is")
	if message = strings.TrimSpace(message); message == "" {
		message = "the service answered " + string(shape.Code)
	}
	return errors.New(message)
}

// redirectHost returns the host to which a redirect leads, without the path, which can repeat the
// signature.
func redirectHost(h http.Header) string {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return "an unknown host"
	}
	return u.Host
}

// noAnswer returns the outcome of an attempt that got no answer.
func noAnswer(err error) outcome {
	o := outcome{err: netfault.Explain(err), transport: true, notExecuted: neverSent(err), maxAttempts: moreAttempts, hint: netfault.CheckNetwork}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		o.maxAttempts, o.transport, o.hint = oneAttempt, false, ""
	case errors.Is(err, errTooLarge):
		o.maxAttempts, o.transport, o.hint = oneAttempt, false, checkEndpoint
	case errors.As(err, new(netfault.ProxyError)):
		o.maxAttempts, o.hint = oneAttempt, netfault.CheckProxy
	case errors.As(err, &dns) && dns.IsNotFound:
		o.maxAttempts = oneAttempt
		o.hint = "check --region and --endpoint for a typing error, and the network"
	case errors.As(err, &certificate):
		o.maxAttempts, o.hint = oneAttempt, netfault.CertificateHint(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		o.maxAttempts = fewAttempts
	}
	if errors.As(err, &operation) && operation.Op == "proxyconnect" {
		o.hint = netfault.CheckProxy
	}
	var notSent unsent
	if errors.As(err, &notSent) {
		o.notSent(notSent)
	}
	return o
}

// neverSent reports whether an attempt ended before its request could leave this machine: it
// could not be signed, no connection was made, or the other side of it was not accepted.
func neverSent(err error) bool {
	var operation *net.OpError
	unconnected := errors.As(err, &operation) && (operation.Op == "dial" || operation.Op == "proxyconnect")
	return unconnected || errors.As(err, new(unsent)) || errors.As(err, new(netfault.ProxyError)) || errors.As(err, new(*tls.CertificateVerificationError))
}

// notSent corrects the outcome of an attempt that ended before it was sent. Errors of package
// identity have their kind and their text already; those of the network are worth repeating.
func (o *outcome) notSent(before unsent) {
	var known *activation.Error
	switch {
	case errors.As(before, &known):
		o.err, o.code, o.answer.RequestId = known, known.Code, known.RequestID
		if known.Kind != activation.KindUnavailable {
			o.maxAttempts = oneAttempt
		}
	case errors.Is(before, context.Canceled), errors.Is(before, context.DeadlineExceeded):
		o.err, o.maxAttempts = before.err, oneAttempt
	default:
		o.err, o.maxAttempts, o.transport, o.hint = before.err, oneAttempt, false, ""
	}
}

// attemptsFor returns how many attempts an answer is worth: what the service asks to repeat is
// repeated until --timeout, and trouble of a server or a gateway for some seconds.
func attemptsFor(status int, code string) int {
	gaveUp := status == http.StatusRequestTimeout || status == netfault.StatusClientClosed
	switch {
	case !retryable(status, code):
		return oneAttempt
	case code == "" || gaveUp || status >= 500:
		return moreAttempts
	}
	return untilTimeout
}

// retryable reports whether a request that was answered with this status or code may succeed later.
func retryable(status int, code string) bool {
	return netfault.IsTemporary(status) || activation.IsTemporary(code)
}

// retryAfter reads how long the service asks to wait: Retry-After in seconds,
// x-acs-retry-after in milliseconds. 0: it does not say.
func retryAfter(h http.Header) time.Duration {
	if ms, given := whole(h.Get("x-acs-retry-after")); given {
		return time.Duration(ms) * time.Millisecond
	}
	s, _ := whole(h.Get("Retry-After"))
	return time.Duration(s) * time.Second
}

// whole reads a whole number; for one that is too large it returns the largest.
func whole(text string) (n uint64, given bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
