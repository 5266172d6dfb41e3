package conformance

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"testing"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/auth/credentials"
	sdkerrors "github.com/aliyun/alibaba-cloud-sdk-go/sdk/errors"
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/ecs"
)

// openV1 opens clients of the typed package of SDK V1, which signs with HMAC-SHA1 (signature 1.0).
func openV1(method string) func(*testing.T, *server, keys) call {
	return func(t *testing.T, s *server, k keys) call {
		t.Helper()
		config := sdk.NewConfig().WithScheme(s.url.Scheme)
		if s.certificates != "" {
			roots := x509.NewCertPool()
			roots.AppendCertsFromPEM([]byte(s.certificates))
			config.HttpTransport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}
		}
		client, err := ecs.NewClientWithOptions("cn-hangzhou", config, credentials.NewAccessKeyCredential(k.id, k.secret))
		if err != nil {
			t.Fatal(err)
		}
		return func(action string, p parameters) (answer, error) {
			return sendV1(client, action, func(request any, rpc *requests.RpcRequest) {
				rpc.Domain, rpc.Method = s.url.Host, method
				fillV1(request, rpc, p)
			})
		}
	}
}

// sendV1 sends a request after fill has set its fields.
func sendV1(client *ecs.Client, action string, fill func(request any, rpc *requests.RpcRequest)) (a answer, err error) {
	var response any
	switch action {
	case "CreateActivation":
		request := ecs.CreateCreateActivationRequest()
		fill(request, request.RpcRequest)
		response, err = client.CreateActivation(request)
	case "DescribeActivations":
		request := ecs.CreateDescribeActivationsRequest()
		fill(request, request.RpcRequest)
		response, err = client.DescribeActivations(request)
	case "DisableActivation":
		request := ecs.CreateDisableActivationRequest()
		fill(request, request.RpcRequest)
		response, err = client.DisableActivation(request)
	case "DeleteActivation":
		request := ecs.CreateDeleteActivationRequest()
		fill(request, request.RpcRequest)
		response, err = client.DeleteActivation(request)
	case "DescribeManagedInstances":
		request := ecs.CreateDescribeManagedInstancesRequest()
		fill(request, request.RpcRequest)
		response, err = client.DescribeManagedInstances(request)
	case "DeregisterManagedInstance":
		request := ecs.CreateDeregisterManagedInstanceRequest()
		fill(request, request.RpcRequest)
		response, err = client.DeregisterManagedInstance(request)
	}
	if err != nil {
		return a, refusalV1(err)
	}
	copyFields(&a, response)
	return a, nil
}

// fillV1 sets the fields of a request. Numbers are texts in this SDK.
func fillV1(request any, rpc *requests.RpcRequest, p parameters) {
	texts := parameters{}
	for name, value := range p {
		if number, isNumber := value.(int); isNumber {
			value = fmt.Sprint(number)
		}
		texts[name] = value
	}
	copyFields(request, texts)
	if token, given := p["ClientToken"].(string); given {
		rpc.QueryParams["ClientToken"] = token // CreateActivationRequest has no such field
	}
}

func refusalV1(err error) error {
	var refused *sdkerrors.ServerError
	if !errors.As(err, &refused) {
		return err
	}
	return &refusal{refused.HttpStatus(), refused.RequestId(), refused.HostId(), refused.ErrorCode(), refused.Message(), refused.Recommend()}
}
