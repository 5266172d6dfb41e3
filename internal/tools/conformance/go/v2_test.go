package conformance

import (
	"encoding/json"
	"errors"
	"testing"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	ecs "github.com/alibabacloud-go/ecs-20140526/v7/client"
	"github.com/alibabacloud-go/tea/tea"
)

// openV2 opens clients of SDK V2, which signs with ACS3-HMAC-SHA256, or with HMAC-SHA1 (signature 1.0) if the
// algorithm is "v2".
func openV2(algorithm string) func(*testing.T, *server, keys) call {
	return func(t *testing.T, s *server, k keys) call {
		t.Helper()
		config := &openapi.Config{
			AccessKeyId: &k.id, AccessKeySecret: &k.secret, RegionId: tea.String("cn-hangzhou"),
			Endpoint: &s.url.Host, Protocol: &s.url.Scheme, Ca: &s.certificates,
		}
		if algorithm != "" {
			config.SignatureAlgorithm = &algorithm
		}
		client, err := ecs.NewClient(config)
		if err != nil {
			t.Fatal(err)
		}
		return func(action string, p parameters) (answer, error) { return sendV2(client, action, p) }
	}
}

func sendV2(client *ecs.Client, action string, p parameters) (a answer, err error) {
	var response any
	switch action {
	case "CreateActivation":
		request := &ecs.CreateActivationRequest{}
		copyFields(request, p)
		response, err = client.CreateActivation(request)
	case "DescribeActivations":
		request := &ecs.DescribeActivationsRequest{}
		copyFields(request, p)
		response, err = client.DescribeActivations(request)
	case "DisableActivation":
		request := &ecs.DisableActivationRequest{}
		copyFields(request, p)
		response, err = client.DisableActivation(request)
	case "DeleteActivation":
		request := &ecs.DeleteActivationRequest{}
		copyFields(request, p)
		response, err = client.DeleteActivation(request)
	case "DescribeManagedInstances":
		request := &ecs.DescribeManagedInstancesRequest{}
		copyFields(request, p)
		response, err = client.DescribeManagedInstances(request)
	case "DeregisterManagedInstance":
		request := &ecs.DeregisterManagedInstanceRequest{}
		copyFields(request, p)
		response, err = client.DeregisterManagedInstance(request)
	}
	if err != nil {
		return a, refusalV2(err)
	}
	copyFields(&struct{ Body *answer }{&a}, response)
	return a, nil
}

func refusalV2(err error) error {
	var refused *tea.SDKError
	if !errors.As(err, &refused) {
		return err
	}
	r := &refusal{}
	if err := json.Unmarshal([]byte(tea.StringValue(refused.Data)), r); err != nil {
		return err
	}
	r.Status, r.Code = tea.IntValue(refused.StatusCode), tea.StringValue(refused.Code)
	return r
}
