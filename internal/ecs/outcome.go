package ecs

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
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

// checkEndpoint is the hint for an answer that the service did not send.
const checkEndpoint = "check --endpoint and the proxy settings; --debug shows what answered"

// outcome is the result of one attempt. In its zero value, it is unknown whether the service has
// executed the request.
type outcome struct {
	answer      activation.Answer
	err         error  // nil: success
	code        string // the error code of the service
	lastCode    string // the error code of the previous answer, if the context ended this attempt
	hint        string
	retryAfter  time.Duration // how long the service asks to wait
	maxAttempts int           // the call ends after this number of attempts; 0: success
	notExecuted bool          // it is certain that the service has not executed the request
	throttled   bool          // the service asks for fewer requests
	transport   bool          // there was no answer
}

// The values of maxAttempts. If the service asks for a retry, the call is retried until --timeout.
// A connection that fails at once each time is given up soon.
const (
	oneAttempt   = 1
	fewAttempts  = 4 // about half a second
	moreAttempts = 8 // about ten seconds
	untilTimeout = 1 << 30
)

// kind returns the kind of the error of a failed attempt.
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

// classify decodes the answer of an exchange into an empty body, and returns the outcome.
func classify(x *exchange, into body) outcome {
	if x.err != nil {
		return noAnswer(x.err)
	}
	fields, wrong := read(x.body, into)
	o := outcome{
		answer:     activation.Answer{RequestId: cmp.Or(string(fields.RequestId), x.header.Get("x-acs-request-id")), Date: x.date(), ReceivedAt: x.at},
		retryAfter: retryAfter(x.header),
	}
	switch {
	case x.status == http.StatusOK && wrong == nil:
		return o
	case x.status >= 300 && x.status < 400:
		o.err = activation.Textf("the endpoint redirects (HTTP %d) to %s; redirects are not followed", x.status, redirectHost(x.header))
	case fields.Code != "":
		o.code, o.err = string(fields.Code), refusalText(x, fields)
	case x.status != http.StatusOK:
		o.err = activation.Textf("the answer is HTTP %d without a code of the service: a proxy or another service sent it", x.status)
	default:
		o.err = wrong
	}
	if o.code == "" {
		o.hint = checkEndpoint
	}
	o.maxAttempts = attemptsFor(x.status, o.code)
	o.notExecuted = refuses(x.status, fields)
	o.throttled = x.status == http.StatusTooManyRequests || activation.Throttles(o.code)
	return o
}

// maxCommas limits the number of values of an answer whose lists are kept, because the three bytes
// of a "{}," become 200 bytes in memory. A page of 50 codes with 20 tags each has 2,700 commas,
// besides those in its texts.
const maxCommas = 1 << 16

var errTooMany = errors.New("the answer holds more values than a page can have: a proxy or another service may have sent it")

// read decodes an answer into an empty body. It returns the fields that every answer can have, and
// why the answer is not a success. It finds the Code even if other fields cannot be decoded.
func read(raw []byte, into body) (fields errorBody, wrong error) {
	if into.hasLists() && bytes.Count(raw, []byte(",")) > maxCommas {
		wrong = errTooMany
	} else if wrong = decode(raw, into); wrong == nil {
		return *into.common(), into.check()
	}
	_ = decode(raw, &fields) // fields stays empty if the answer is not JSON
	return fields, wrong
}

// refuses reports whether an answer is a known refusal, after which it is certain that the request
// was not executed: HTTP 4xx, the fields of the service's errors, and a code that refuses. The
// answer of a proxy is not one. The status that a service or a gateway returns when it gives up
// waiting (408, 499), or when it asks for fewer requests (429), is not one either.
func refuses(status int, fields errorBody) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusTooManyRequests, netfault.StatusClientClosed:
		return false
	}
	return status >= 400 && status < 500 && fields.RequestId != "" && activation.Refuses(string(fields.Code))
}

// refusalText returns the error of an answer with a Code, with the service's message.
func refusalText(x *exchange, fields errorBody) error {
	if fields.Code == "InvalidTimeStamp.Expired" {
		return x.skew()
	}
	// The answer to a wrong signature contains what was signed, with the security token.
	message, _, _ := strings.Cut(string(fields.Message), "server string to sign is")
	if message = strings.TrimSpace(message); message == "" {
		return activation.Textf("the service answered %s", string(fields.Code))
	}
	return errors.New(message)
}

// redirectHost returns the host of a redirect. The path is left out, because it can contain the
// signature.
func redirectHost(h http.Header) error {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return errors.New("an unknown host")
	}
	return errors.New(u.Host)
}

// givePlainURL is the hint for an endpoint that does not use HTTPS, with its host.
const givePlainURL = "if it is on this machine, give its URL: --endpoint http://%s; on another machine it must use HTTPS"

// noAnswer returns the outcome of an attempt without an answer.
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
	case netfault.SpeaksHTTP(err):
		o.maxAttempts, o.hint, o.notExecuted = oneAttempt, givePlainURL, true
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

// neverSent reports whether an attempt ended before its request was sent: it could not be signed,
// the connection failed, or the certificate was not accepted.
func neverSent(err error) bool {
	var operation *net.OpError
	unconnected := errors.As(err, &operation) && (operation.Op == "dial" || operation.Op == "proxyconnect")
	return unconnected || errors.As(err, new(unsent)) || errors.As(err, new(netfault.ProxyError)) || errors.As(err, new(*tls.CertificateVerificationError))
}

// notSent corrects the outcome of an attempt whose request was not sent. Errors of package identity
// already have their kind and their text.
func (o *outcome) notSent(cause unsent) {
	var known *activation.Error
	switch {
	case errors.As(cause, &known):
		o.err, o.code, o.answer.RequestId = known, known.Code, known.RequestID
		if known.Kind != activation.KindUnavailable {
			o.maxAttempts = oneAttempt
		}
	case errors.Is(cause, context.DeadlineExceeded):
		o.err, o.maxAttempts = cause.err, oneAttempt
	default:
		o.err, o.maxAttempts, o.transport, o.hint = cause.err, oneAttempt, false, ""
	}
}

// attemptsFor returns the value of maxAttempts for an answer. If the service asks for a retry, the
// call is retried until --timeout. Errors of a server or a gateway are retried for some seconds.
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

// retryable reports whether a request with this status or code in its answer may succeed later.
func retryable(status int, code string) bool {
	return netfault.IsTemporary(status) || activation.IsTemporary(code)
}

// retryAfter returns how long the service asks to wait, or 0: Retry-After is in seconds,
// x-acs-retry-after in milliseconds.
func retryAfter(h http.Header) time.Duration {
	if ms, given := parseWhole(h.Get("x-acs-retry-after")); given {
		return time.Duration(ms) * time.Millisecond
	}
	s, _ := parseWhole(h.Get("Retry-After"))
	return time.Duration(s) * time.Second
}

// parseWhole returns a whole number, or the largest one if it is too large, and whether the text is
// a whole number.
func parseWhole(text string) (n uint64, valid bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
