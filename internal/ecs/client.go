// Package ecs is the line to Alibaba Cloud: it turns our requests into SDK calls, the
// service's answers into our types, its errors into ours, retries what may be retried, and
// finds the identity that signs.
//
// It is the only room that knows the SDK, and of the SDK it uses the core alone (signing and
// sending). It refuses to send anything over plain HTTP except to this machine, to follow a
// redirect, to believe an answer that does not confirm what was asked, and to print anything.
package ecs

import (
	"context"
	"crypto/x509"
	"net/http"
	"net/url"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/responses"

	"ecs-activation/internal/activation"
	_ "ecs-activation/internal/envguard" // before the SDK reads DEBUG
	"ecs-activation/internal/netfault"
)

// Options say how a Client reaches the service.
type Options struct {
	Identity  *Identity
	Endpoint  Endpoint
	UserAgent string                                // "ecs-activation/1.2.3"
	Attempt   time.Duration                         // limit of one attempt; 0: 10 s
	Proxy     func(*http.Request) (*url.URL, error) // nil: no proxy
	Now       func() time.Time                      // nil: time.Now

	// Trace is told of every attempt; nil: nobody is.
	Trace func(Attempt)
}

// Attempt is what Trace is told: enough to follow what happens, and no secret.
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
		go x509.SystemCertPool() //nolint:errcheck // the handshake, which finds it read already, tells of errors
	}
	return &Client{options: o, transport: &http.Transport{
		Proxy:                  netfault.WithoutAddress(o.Proxy),
		OnProxyConnectResponse: netfault.CheckConnect,
		DialContext:            dialer.DialContext,
		TLSHandshakeTimeout:    5 * time.Second,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    128, // as many as pages are read at once
		IdleConnTimeout:        30 * time.Second,
	}}
}

// Close gives idle connections back.
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

// send makes one attempt through the SDK: it signs anew (same ClientToken, new nonce) and
// leaves the answer in the exchange. One client per call: the SDK's is not safe for
// concurrent use.
func (c *Client) send(ctx context.Context, call call) *exchange {
	x := &exchange{ctx: ctx, transport: c.transport, timeout: c.options.Attempt, userAgent: c.options.UserAgent, now: c.options.Now}
	keys, err := c.options.Identity.keys(ctx)
	if err != nil {
		x.err = unsent{err}
		return x
	}
	scheme, _ := c.options.Endpoint.of(call.ref.RegionId)
	config := sdk.NewConfig().WithScheme(scheme).WithAutoRetry(false)
	config.Transport = x
	client, err := sdk.NewClientWithOptions(call.ref.RegionId, config, static(keys))
	if err != nil {
		x.err = unsent{errUnbuilt}
		return x
	}
	// The SDK reads the proxy variables with rules of its own; these values switch that off.
	client.SetHttpProxy("x:")
	client.SetHttpsProxy("x:")
	client.SetNoProxy("^$")
	client.SetReadTimeout(24 * time.Hour) // the exchange has the real limit
	call.request.SetDomain(call.host)
	call.request.SetScheme(scheme)
	if err := client.DoAction(call.request, responses.NewCommonResponse()); err != nil && x.err == nil && x.status == 0 {
		x.err = unsent{errUnbuilt}
	}
	return x
}

// call is one operation of the API, to be sent once or several times.
type call struct {
	op         string // the verb in messages
	ref        activation.Ref
	host       string // that is asked
	request    *requests.RpcRequest
	once       bool // not safe to repeat
	goneIsDone bool // ActivationId.NotFound after an uncertain attempt means success

	again func(at time.Time) // called before each repetition with its time; nil: nothing is
}
