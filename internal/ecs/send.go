package ecs

import (
	"context"
	"errors"
	"time"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"ecs-activation/internal/activation"
)

// call is one operation of the API, to be sent once or several times.
type call struct {
	op         string // the verb in messages
	ref        activation.Ref
	host       string // that is asked
	request    *requests.CommonRequest
	once       bool // not safe to repeat
	goneIsDone bool // ActivationId.NotFound after an uncertain attempt means success

	again func(at time.Time) // called before each repetition with its time; nil: nothing is
}

// send makes one attempt through the SDK, which signs it anew (same ClientToken, new nonce), and
// returns it with its answer. Each attempt has a client of its own: the SDK's is not safe for
// concurrent use.
func (c *Client) send(ctx context.Context, call call) *exchange {
	x := &exchange{ctx: ctx, transport: c.transport, timeout: c.options.Attempt, userAgent: c.options.UserAgent, now: c.options.Now, large: c.large}
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
	if err := process(client, call.request, x); err != nil && x.err == nil && x.status == 0 {
		x.err = unsent{errUnbuilt}
	}
	return x
}

// process signs and sends a request through an exchange, which keeps the answer. It returns the
// SDK's error. The SDK panics over the error {"Code":403}, but by then the answer is kept.
func process(client *sdk.Client, request *requests.CommonRequest, x *exchange) error {
	defer func() {
		if x.status != 0 {
			_ = recover()
		}
	}()
	_, err := client.ProcessCommonRequest(request)
	return err
}

// errUnbuilt stands for the SDK's error, whose text can quote what was signed.
var errUnbuilt = errors.New("the request could not be built or signed")

// unsent is an error from before anything left this machine.
type unsent struct{ err error }

func (u unsent) Error() string { return u.err.Error() }
func (u unsent) Unwrap() error { return u.err }
