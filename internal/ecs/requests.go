package ecs

import (
	"fmt"
	"strconv"

	"github.com/aliyun/alibaba-cloud-sdk-go/sdk/requests"

	"ecs-activation/internal/activation"
)

// apiVersion is the version of the ECS API that has the activation operations.
const apiVersion = "2014-05-26"

// newRequest returns a request of an operation without its parameters.
func newRequest(action, region string) *requests.CommonRequest {
	r := requests.NewCommonRequest()
	r.Method = requests.POST
	r.Product, r.Version, r.ApiName = "Ecs", apiVersion, action
	r.RegionId = region
	r.QueryParams["RegionId"] = region
	return r
}

// The parameters are stored in QueryParams here, not by the SDK from the fields of a struct: it
// drops empty values, and a tag can have an empty value.

func createRequest(c activation.CreateRequest) *requests.CommonRequest {
	r := newRequest("CreateActivation", c.RegionId)
	setText(r, "InstanceName", c.InstanceName)
	setText(r, "Description", c.Description)
	setNumber(r, "InstanceCount", c.InstanceCount)
	setNumber(r, "TimeToLiveInHours", c.TimeToLiveInHours)
	setText(r, "IpAddressRange", c.IpAddressRange)
	setText(r, "ResourceGroupId", c.ResourceGroupId)
	setText(r, "ClientToken", c.ClientToken)
	for i, t := range c.Tags {
		setTag(r, i+1, t.TagKey, &t.TagValue)
	}
	return r
}

func listRequest(l activation.ListRequest) *requests.CommonRequest {
	r := newRequest("DescribeActivations", l.RegionId)
	setText(r, "ActivationId", l.ActivationId)
	setText(r, "InstanceName", l.InstanceName)
	setText(r, "ResourceGroupId", l.ResourceGroupId)
	setNumber(r, "PageNumber", l.PageNumber)
	setNumber(r, "PageSize", l.PageSize)
	setNumber(r, "MaxResults", l.MaxResults)
	setText(r, "NextToken", l.NextToken)
	for i, t := range l.Tags {
		setTag(r, i+1, t.Key, t.Value)
	}
	return r
}

func machinesRequest(m activation.MachinesRequest) *requests.CommonRequest {
	r := newRequest("DescribeManagedInstances", m.RegionId)
	setText(r, "ActivationId", m.ActivationId)
	setNumber(r, "MaxResults", m.MaxResults)
	setText(r, "NextToken", m.NextToken)
	return r
}

// changeRequest returns a request of DisableActivation or DeleteActivation.
func changeRequest(action string, ref activation.Ref) *requests.CommonRequest {
	r := newRequest(action, ref.RegionId)
	setText(r, "ActivationId", ref.ActivationId)
	return r
}

func setText(r *requests.CommonRequest, name, value string) {
	if value != "" {
		r.QueryParams[name] = value
	}
}

func setNumber(r *requests.CommonRequest, name string, value int) {
	if value != 0 {
		r.QueryParams[name] = strconv.Itoa(value)
	}
}

func setTag(r *requests.CommonRequest, n int, key string, value *string) {
	r.QueryParams[fmt.Sprintf("Tag.%d.Key", n)] = key
	if value != nil {
		r.QueryParams[fmt.Sprintf("Tag.%d.Value", n)] = *value
	}
}
