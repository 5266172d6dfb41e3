package ecs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"ecs-activation/internal/activation"
)

// dialer connects. 5 s is the SDK's own limit.
var dialer = net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}

var errAttemptTimeout = errors.New("no answer in time")

// errUnbuilt stands for the SDK's error, whose text can quote what was signed.
var errUnbuilt = errors.New("the request could not be built or signed")

// unsent is an error from before anything left this machine.
type unsent struct{ err error }

func (u unsent) Error() string { return u.err.Error() }
func (u unsent) Unwrap() error { return u.err }

// outcome is what one attempt came to.
type outcome struct {
	answer    activation.Answer
	err       error  // nil: done
	code      string // the service's code for a refusal
	hint      string
	after     time.Duration // how long the service asks to wait
	attempts  int           // how many attempts this outcome is worth, in all
	uncertain bool          // the service may have done what was asked all the same
	undone    bool          // for certain this attempt did nothing
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
	o := outcome{answer: activation.Answer{Date: x.date(), Heard: x.at}, after: retryAfter(x.header), attempts: final}
	unread := decode(x.body, into)
	refusal := into.refusal()
	if unread != nil && decode(x.body, refusal) != nil { // an odd field elsewhere hides no refusal
		*refusal = errorBody{}
	}
	o.answer.RequestId = string(refusal.RequestId)
	if o.answer.RequestId == "" {
		o.answer.RequestId = x.header.Get("x-acs-request-id")
	}
	switch {
	case refusal.Code != "":
		if refusal.Code == "InvalidTimeStamp.Expired" {
			refusal.Message = text(x.skew())
		}
		return o.refused(x.status, *refusal)
	case x.status != http.StatusOK:
		return o.foreign(x)
	case unread != nil:
		o.err = unread
	default:
		o.err = into.problem()
	}
	if o.err != nil {
		o.uncertain = true
		o.hint = checkEndpoint
	}
	return o
}

// refused is an answer that carries a Code, whatever its status.
func (o outcome) refused(status int, refusal errorBody) outcome {
	o.code = string(refusal.Code)
	// A refused signature is answered with what was signed, security token included.
	message, _, _ := strings.Cut(string(refusal.Message), "server string to sign is")
	o.err = errors.New(strings.TrimSpace(message))
	if o.err.Error() == "" {
		o.err = errors.New("the service answered " + o.code)
	}
	o.undone = status < 500 && !retryable(status, o.code) || refusedUndone(o.code)
	if retryable(status, o.code) {
		o.attempts = always
		o.uncertain = !refusedUndone(o.code)
		if status >= 500 {
			o.attempts = patiently
		}
	}
	return o
}

// foreign is an answer without a Code: a redirect, a proxy's page, a gateway's error.
func (o outcome) foreign(x *exchange) outcome {
	o.uncertain = x.status < 300 || x.status >= 500
	o.hint = checkEndpoint
	switch {
	case x.status >= 300 && x.status < 400:
		o.err = fmt.Errorf("the endpoint redirects (HTTP %d) to %s, and a signed request must not follow", x.status, redirectHost(x.header))
	default:
		o.err = fmt.Errorf("the answer is HTTP %d without a code of the service: a proxy or another service sent it", x.status)
	}
	if retryable(x.status, "") {
		o.attempts = patiently
	}
	return o
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
	o := outcome{err: plain(err), transport: true, uncertain: !unconnected(err), undone: unconnected(err), attempts: patiently, hint: checkNetwork}
	var dns *net.DNSError
	var certificate *tls.CertificateVerificationError
	var operation *net.OpError
	switch {
	case errors.Is(err, context.Canceled):
		o.attempts, o.transport, o.hint = final, false, ""
	case errors.Is(err, errTooLarge):
		o.attempts, o.transport, o.hint = final, false, checkEndpoint
	case errors.As(err, new(proxyError)):
		o.attempts, o.uncertain, o.undone, o.hint = final, false, true, checkProxy
	case errors.As(err, &dns) && dns.IsNotFound:
		o.attempts = final
		o.hint = "check --region and --endpoint for a typing error, and the network"
	case errors.As(err, &certificate):
		o.attempts, o.uncertain, o.undone, o.hint = final, false, true, certificateHint(err)
	case errors.Is(err, syscall.ECONNREFUSED):
		o.attempts = shortly
	}
	if errors.As(err, &operation) && operation.Op == "proxyconnect" {
		o.hint = checkProxy
	}
	var notSent unsent
	if errors.As(err, &notSent) {
		o.notSent(notSent)
	}
	return o
}

// unconnected says that no connection was made, so that nothing can have been sent over it.
func unconnected(err error) bool {
	var operation *net.OpError
	return errors.As(err, &operation) && (operation.Op == "dial" || operation.Op == "proxyconnect")
}

// notSent corrects the outcome of an attempt that ended before it began. Errors of the identity
// come with their kind and their words; those of the network are worth repeating.
func (o *outcome) notSent(before unsent) {
	var ready *activation.Error
	o.uncertain, o.undone = false, true
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
