package ecs

import (
	"context"
	"crypto/fips140"
	"errors"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"ecs-activation/internal/activation"
)

// call is one call of an API operation. It can take several attempts.
type call struct {
	op      string // the verb in messages
	ref     activation.Ref
	host    string // where the request is sent
	request *requests.CommonRequest

	noRetry           bool               // the request is not safe to repeat
	notFoundIsSuccess bool               // ActivationId.NotFound after an uncertain attempt is a success
	onRetry           func(at time.Time) // called before each retry with the time of the retry; may be nil
}

// send makes one attempt and returns it with its answer. The SDK signs and sends the request: each
// attempt has the same ClientToken and a new nonce. Each attempt has its own client of the SDK,
// which is not safe for concurrent use.
func (c *Client) send(ctx context.Context, call call) *exchange {
	x := &exchange{ctx: ctx, transport: c.transport, proxy: c.options.Proxy, env: c.options.Env, timeout: c.options.Attempt, userAgent: c.options.UserAgent, now: c.options.Now, large: c.large}
	if fips140.Enforced() { // the SDK would panic
		x.err = unsent{&activation.Error{Kind: activation.KindOther, Err: errFIPS, Hint: "set GODEBUG=fips140=on, which uses the validated module and allows the signature"}}
		return x
	}
	keys, err := c.options.Identity.Provider(ctx)
	if err != nil {
		x.err = unsent{err}
		return x
	}
	scheme, _ := c.options.Endpoint.of(call.ref.RegionId)
	config := sdk.NewConfig().WithScheme(scheme).WithAutoRetry(false)
	config.Transport = x
	client, err := sdk.NewClientWithOptions(call.ref.RegionId, config, keys)
	if err != nil {
		x.err = unsent{errNotBuilt}
		return x
	}
	// The SDK has its own rules for the proxy variables. These values switch them off.
	client.SetHttpProxy("x:")
	client.SetHttpsProxy("x:")
	client.SetNoProxy("^$")
	client.SetReadTimeout(24 * time.Hour) // the exchange sets the real limit
	call.request.SetDomain(call.host)
	call.request.SetScheme(scheme)
	if err := process(client, call.request, x); err != nil && x.err == nil && !x.answered {
		x.err = unsent{errNotBuilt}
	}
	return x
}

// process lets the SDK sign and send a request, and returns the SDK's error. The exchange keeps the
// answer. A panic of the SDK after that is ignored: it panics when the answer is {"Code":403}.
func process(client *sdk.Client, request *requests.CommonRequest, x *exchange) error {
	defer func() {
		if x.answered {
			_ = recover()
		}
	}()
	_, err := client.ProcessCommonRequest(request)
	return err
}

// errNotBuilt replaces the SDK's error, whose text can contain what was signed.
var errNotBuilt = errors.New("the request could not be built or signed")

// errFIPS is the error of a request that the strictest mode of Go does not allow to sign.
var errFIPS = errors.New("requests are signed with SHA-1, which GODEBUG=fips140=only does not allow")

// unsent is an error that occurred before the request was sent.
type unsent struct{ err error }

func (u unsent) Error() string { return u.err.Error() }
func (u unsent) Unwrap() error { return u.err }
