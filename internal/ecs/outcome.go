package ecs

import (
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

// checkEndpoint is what to do about an answer that is not of the service.
const checkEndpoint = "check --endpoint and the proxy settings; --debug shows what answered"

// outcome is what one attempt came to. Its zero value is uncertain: the service may have done
// what was asked.
type outcome struct {
	answer    activation.Answer
	err       error  // nil: done
	code      string // the service's code of an error
	lastCode  string // of the answer before, where this one was cut short by the end of the time
	hint      string
	after     time.Duration // how long the service asks to wait
	attempts  int           // how many attempts this outcome is worth, in all
	undone    bool          // for certain this attempt did nothing
	throttled bool          // the service asks for fewer requests
	transport bool          // there was no answer
}

// Attempts that an outcome is worth. What the service asks to repeat is repeated while the
// time lasts; a connection that fails at once again and again is soon given up.
const (
	final     = 1
	shortly   = 4 // about half a second
	patiently = 8 // about ten seconds
	always    = 1 << 30
)

// kind sorts the outcome of an attempt that failed.
func (o outcome) kind() activation.Kind {
	switch {
	case errors.Is(o.err, context.Canceled):
		return activation.KindInterrupted
	case o.transport || errors.Is(o.err, context.DeadlineExceeded):
		return activation.KindUnavailable
	case activation.KindOfCode(o.code) != activation.KindOther:
		return activation.KindOfCode(o.code)
	case o.attempts > final:
		return activation.KindUnavailable
	default:
		return activation.KindOther
	}
}

// judge decides what an exchange came to, and reads its answer into an empty body.
func judge(x *exchange, into body) outcome {
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
		o.err = fmt.Errorf("the endpoint redirects (HTTP %d) to %s, and a signed request must not follow", x.status, redirectHost(x.header))
	case shape.Code != "":
		o.code, o.err = string(shape.Code), refusalWords(x, shape)
	case x.status != http.StatusOK:
		o.err = fmt.Errorf("the answer is HTTP %d without a code of the service: a proxy or another service sent it", x.status)
	default:
		o.err = wrong
	}
	if o.code == "" {
		o.hint = checkEndpoint
	}
	o.attempts = worth(x.status, o.code)
	o.undone = refuses(x.status, shape)
	o.throttled = x.status == http.StatusTooManyRequests || activation.Throttles(o.code)
	return o
}

// read reads an answer into an empty body, and returns what it holds of the error shape, and why
// it is no success. An odd field elsewhere hides no code.
func read(raw []byte, into body) (shape errorBody, wrong error) {
	if wrong = decode(raw, into); wrong == nil {
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

// refusalWords is what the service says beside a Code.
func refusalWords(x *exchange, shape errorBody) error {
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

// redirectHost names where a redirect leads, without its path: that can repeat the signature.
func redirectHost(h http.Header) string {
	u, err := url.Parse(h.Get("Location"))
	if err != nil || u.Host == "" {
		return "an unnamed place"
	}
	return u.Host
}

// noAnswer is an attempt that brought none.
func noAnswer(err error) outcome {
	o := outcome{err: netfault.Explain(err), transport: true, undone: neverSent(err), attempts: patiently, hint: netfault.CheckNetwork}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		o.attempts, o.transport, o.hint = final, false, ""
	case errors.Is(err, errTooLarge):
		o.attempts, o.transport, o.hint = final, false, checkEndpoint
	case errors.As(err, new(netfault.ProxyError)):
		o.attempts, o.hint = final, netfault.CheckProxy
	case errors.As(err, &dns) && dns.IsNotFound:
		o.attempts = final
		o.hint = "check --region and --endpoint for a typing error, and the network"
	case errors.As(err, &certificate):
		o.attempts, o.hint = final, netfault.CertificateHint(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		o.attempts = shortly
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

// notSent corrects the outcome of an attempt that ended before it began. Errors of the identity
// come with their kind and their words; those of the network are worth repeating.
func (o *outcome) notSent(before unsent) {
	var ready *activation.Error
	switch {
	case errors.As(before, &ready):
		o.err, o.code, o.answer.RequestId = ready, ready.Code, ready.RequestID
		if ready.Kind != activation.KindUnavailable {
			o.attempts = final
		}
	case errors.Is(before, context.Canceled), errors.Is(before, context.DeadlineExceeded):
		o.err, o.attempts = before.err, final
	default:
		o.err, o.attempts, o.transport, o.hint = before.err, final, false, ""
	}
}

// worth returns how many attempts an answer is worth: what the service asks to repeat is
// repeated while the time lasts, and trouble of a server or a gateway for some seconds.
func worth(status int, code string) int {
	gaveUp := status == http.StatusRequestTimeout || status == netfault.StatusClientClosed
	switch {
	case !retryable(status, code):
		return final
	case code == "" || gaveUp || status >= 500:
		return patiently
	}
	return always
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

// whole reads a number; one that is too large is the largest.
func whole(text string) (n uint64, given bool) {
	n, err := strconv.ParseUint(text, 10, 31)
	return n, err == nil || errors.Is(err, strconv.ErrRange)
}
