// Package ecs is a client of the ECS API of Alibaba Cloud for activation codes. It sends requests,
// retries them, decodes the answers, and returns errors of package activation.
//
// It is the only package that uses the client of the SDK, which signs and sends the requests. Plain
// HTTP is used only for this machine, redirects are not followed, an answer must confirm what was
// requested, and nothing is printed.
package ecs

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"net/url"
	"time"

	"ecs-activation/internal/activation"
	_ "ecs-activation/internal/envguard" // before the SDK reads DEBUG
	"ecs-activation/internal/identity"
	"ecs-activation/internal/netfault"
)

// dialer opens the connections. The SDK's own limit is 5 s as well.
var dialer = net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}

// Options configure a Client.
type Options struct {
	Identity  *identity.Identity
	Endpoint  Endpoint
	UserAgent string                                // "ecs-activation/1.2.3"
	Attempt   time.Duration                         // time limit of one attempt; 0: 10 s
	Proxy     func(*http.Request) (*url.URL, error) // nil: no proxy
	Env       func(string) (string, bool)           // for the name of the proxy's variable in errors; nil: it is not named
	Now       func() time.Time                      // nil: time.Now

	// Trace is called after every attempt. It may be nil.
	Trace func(Attempt)
}

// Attempt describes one attempt for Trace, without secrets.
type Attempt struct {
	Action, RegionId, Host string
	Number                 int // from 1
	Status                 int // 0: no answer
	Code, RequestID        string
	Err                    error         // why the attempt failed; nil: it did not
	Took                   time.Duration // how long the attempt took
	Wait                   time.Duration // the time until the next attempt; 0: there is none
}

// Client implements activation.Service. It is safe for concurrent use.
type Client struct {
	options   Options
	transport *http.Transport
	large     chan struct{} // a semaphore, see exchange
}

// New returns a client. It sends nothing.
func New(o Options) *Client {
	if o.Attempt == 0 {
		o.Attempt = 10 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Trace == nil {
		o.Trace = func(Attempt) {}
	}
	if o.Endpoint.scheme != "http" {
		go x509.SystemCertPool() //nolint:errcheck // this only reads it in advance; the TLS handshake reports errors
	}
	return &Client{options: o, large: make(chan struct{}, 1), transport: &http.Transport{
		Proxy:                  netfault.WithoutAddress(o.Proxy),
		OnProxyConnectResponse: netfault.CheckConnect,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    128, // the largest number of concurrent requests
		IdleConnTimeout:        30 * time.Second,
		MaxResponseHeaderBytes: 256 << 10, // the default is 10 MiB
		// A large answer that waits fills the buffer of its stream. The default is 4 MiB.
		HTTP2: &http.HTTP2Config{MaxReceiveBufferPerStream: 256 << 10},
	}}
}

// Close closes idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Create implements activation.Service.
func (c *Client) Create(ctx context.Context, r activation.CreateRequest, onRetry func(at time.Time)) (activation.Created, error) {
	call := call{op: "create", ref: activation.Ref{RegionId: r.RegionId}, request: createRequest(r), noRetry: r.ClientToken == "", onRetry: onRetry}
	var created createdBody
	answer, err := c.do(ctx, call, func() body { created = createdBody{}; return &created })
	if err != nil {
		return activation.Created{Answer: answer}, err
	}
	return activation.Created{
		Answer:         answer,
		ActivationId:   string(created.ActivationId),
		ActivationCode: string(created.ActivationCode),
	}, nil
}

// List implements activation.Service.
func (c *Client) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	call := call{op: "list", ref: activation.Ref{RegionId: r.RegionId}, request: listRequest(r)}
	var page pageBody
	answer, err := c.do(ctx, call, func() body { page = pageBody{}; return &page })
	if err != nil {
		return activation.Page{Answer: answer}, err
	}
	return page.page(answer, r.RegionId), nil
}

// Disable implements activation.Service.
func (c *Client) Disable(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	changed, err := c.change(ctx, "disable", "DisableActivation", ref)
	changed.Activation.Disabled = err == nil // the sample in the documentation says "false" after a success
	return changed, err
}

// Delete implements activation.Service. If a code is not found after an attempt with an unknown
// outcome, that attempt has deleted it.
func (c *Client) Delete(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	return c.change(ctx, "delete", "DeleteActivation", ref)
}

// change sends DisableActivation or DeleteActivation, and returns the code in the answer.
func (c *Client) change(ctx context.Context, op, action string, ref activation.Ref) (activation.Changed, error) {
	call := call{op: op, ref: ref, request: changeRequest(action, ref), notFoundIsSuccess: op == "delete"}
	var changed changedBody
	answer, err := c.do(ctx, call, func() body { changed = changedBody{requested: ref.ActivationId}; return &changed })
	if err != nil {
		return activation.Changed{Answer: answer}, err
	}
	if changed.Activation.ActivationId == "" { // a delete whose code was not found has no code in its answer
		changed.Activation.ActivationId = text(ref.ActivationId)
	}
	return activation.Changed{Answer: answer, Activation: changed.Activation.activation(ref.RegionId)}, nil
}
