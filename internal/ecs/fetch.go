package ecs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"strings"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/netfault"
)

// expiryMargin is how long before their end temporary credentials are renewed: the SDK's own.
const expiryMargin = 180 // seconds

// fetch is one question to a provider. The SDK's know no context and are not safe for
// concurrent use, so one is asked at a time, and all who wait share the answer.
type fetch struct {
	done chan struct{}
	keys *credentials.Credentials
	err  error
}

// keys returns what to sign with now. The provider keeps it until shortly before it expires.
func (i *Identity) keys(ctx context.Context) (*credentials.Credentials, error) {
	f := i.fetching()
	select {
	case <-f.done:
		return f.keys, f.err
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// fetching returns the fetch under way, or begins one.
func (i *Identity) fetching() *fetch {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.current == nil || i.current.over() {
		i.current = &fetch{done: make(chan struct{})}
		go i.current.run(i.provider)
	}
	return i.current
}

func (f *fetch) run(provider credentials.CredentialsProvider) {
	defer close(f.done)
	f.keys, f.err = provider.GetCredentials()
}

func (f *fetch) over() bool {
	select {
	case <-f.done:
		return true
	default:
		return false
	}
}

// static hands keys to the SDK's client.
func static(keys *credentials.Credentials) credentials.CredentialsProvider {
	return temporaryIdentity("", keys.AccessKeyId, keys.AccessKeySecret, keys.SecurityToken).provider
}

// unreachable is a question for credentials that was not answered, as far as the network is
// concerned: worth repeating. What netfault has no words for may quote an answer.
func unreachable(whom string, err error) error {
	e := &activation.Error{Kind: activation.KindUnavailable, Hint: netfault.CheckNetwork}
	why := netfault.Explain(err)
	switch {
	case strings.HasPrefix(why.Error(), "invalid proxy address"):
		why = netfault.ErrProxyAddress
		e.Hint = netfault.CheckProxy
	case errors.As(err, new(*tls.CertificateVerificationError)):
		e.Hint = netfault.CertificateHint(err)
	case errors.Is(err, context.DeadlineExceeded):
		why = netfault.Error{Err: why, Text: netfault.TimedOut}
	case !errors.As(why, new(netfault.Error)) && !errors.As(why, new(netfault.ProxyError)):
		why = netfault.Error{Err: why, Text: "the connection broke off, or a proxy refused it"}
	}
	e.Err = fmt.Errorf("%s cannot be reached: %w", whom, why)
	return e
}

// answered is an answer that brings no credentials. A gateway's passing trouble is worth
// repeating.
func answered(whom string, status int, hint string) error {
	e := &activation.Error{Kind: activation.KindIdentity, Err: fmt.Errorf("%s answered %w", whom, httpStatus(status)), Hint: hint}
	if retryable(status, "") {
		e.Kind, e.Hint = activation.KindUnavailable, "repeat the command in a moment"
	}
	return e
}

// httpStatus is an answer's status.
type httpStatus int

func (s httpStatus) Error() string { return fmt.Sprintf("HTTP %d", int(s)) }
