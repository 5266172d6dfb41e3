// Package ecs is a client of the ECS API of Alibaba Cloud, as far as activation codes need it. It
// sends requests, repeats what may succeed later, reads the answers, and returns errors of package
// activation.
//
// It knows the client of the SDK, and uses it to sign and to send alone. It sends plain HTTP to this
// machine only, follows no redirect, accepts no answer that does not confirm what was asked, and
// prints nothing.
package ecs

import (
	"context"
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

// dialer connects. 5 s is the SDK's own limit.
var dialer = net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}

// Options say how a Client reaches the service.
type Options struct {
	Identity  *identity.Identity
	Endpoint  Endpoint
	UserAgent string                                // "ecs-activation/1.2.3"
	Attempt   time.Duration                         // limit of one attempt; 0: 10 s
	Proxy     func(*http.Request) (*url.URL, error) // nil: no proxy
	Now       func() time.Time                      // nil: time.Now

	// Trace is called after every attempt; nil: nothing is.
	Trace func(Attempt)
}

// Attempt describes one attempt to Trace, without secrets.
type Attempt struct {
	Action, RegionId, Host string
	Number                 int // from 1
	Status                 int // 0: no answer
	Code, RequestID        string
	Err                    error         // why there was no usable answer
	Took                   time.Duration // of the attempt
	Wait                   time.Duration // until the next one; 0: there is none
}

// Client implements activation.Service. It is safe for concurrent use.
type Client struct {
	options   Options
	transport *http.Transport
	large     chan struct{} // see exchange
}

// New returns a client. It sends nothing yet.
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
		go x509.SystemCertPool() //nolint:errcheck // the handshake, which finds it read already, reports errors
	}
	return &Client{options: o, large: make(chan struct{}, 1), transport: &http.Transport{
		Proxy:                  netfault.WithoutAddress(o.Proxy),
		OnProxyConnectResponse: netfault.CheckConnect,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    128, // as many as pages are read at once
		IdleConnTimeout:        30 * time.Second,
		// An answer that waits for its turn fills the buffer of its stream, 4 MiB if nothing is said.
		HTTP2: &http.HTTP2Config{MaxReceiveBufferPerStream: 256 << 10},
	}}
}

// Close closes idle connections.
func (c *Client) Close() { c.transport.CloseIdleConnections() }

// Create implements activation.Service.
func (c *Client) Create(ctx context.Context, r activation.CreateRequest, again func(at time.Time)) (activation.Created, error) {
	call := call{op: "create", ref: activation.Ref{RegionId: r.RegionId}, request: createRequest(r), once: r.ClientToken == "", again: again}
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
	changed.Activation.Disabled = err == nil // the page's own sample of a success says "false"
	return changed, err
}

// Delete implements activation.Service. A code that is gone after an attempt of ours whose
// outcome is unknown was deleted by that attempt.
func (c *Client) Delete(ctx context.Context, ref activation.Ref) (activation.Changed, error) {
	return c.change(ctx, "delete", "DeleteActivation", ref)
}

func (c *Client) change(ctx context.Context, op, action string, ref activation.Ref) (activation.Changed, error) {
	call := call{op: op, ref: ref, request: changeRequest(action, ref), goneIsDone: op == "delete"}
	var changed changedBody
	answer, err := c.do(ctx, call, func() body { changed = changedBody{asked: ref.ActivationId}; return &changed })
	if err != nil {
		return activation.Changed{Answer: answer}, err
	}
	if changed.Activation.ActivationId == "" { // it was gone already
		changed.Activation.ActivationId = text(ref.ActivationId)
	}
	return activation.Changed{Answer: answer, Activation: changed.Activation.activation(ref.RegionId)}, nil
}
