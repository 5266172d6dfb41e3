package conformance

import (
	"encoding/json"
	"fmt"
	"testing"
)

// call sends a request with one client. It returns the answer, or a *refusal.
type call func(action string, p parameters) (answer, error)

// parameters are those of an action, with the names of the API. A value is a text, an int or a list of tags.
type parameters map[string]any

type tag map[string]string // with Key and Value

// kind is an official client with one way to sign and send.
type kind struct {
	name string
	open func(*testing.T, *server, keys) call
}

var kinds = []kind{
	{"SDK V2, ACS3-HMAC-SHA256", openV2("")},
	{"SDK V2, signature 1.0", openV2("v2")},
	{"SDK V1, POST", openV1("POST")},
	{"SDK V1, GET", openV1("GET")},
}

// answer has the fields of all answers.
type answer struct {
	RequestId                        string
	ActivationId, ActivationCode     string
	Activation                       code
	ActivationList                   []code
	TotalCount, PageNumber, PageSize int
	NextToken                        string
	Instances                        []machine
	Instance                         machine
}

// code is an activation code as the service describes it.
type code struct {
	ActivationId, InstanceName, Description, IpAddressRange, ResourceGroupId, CreationTime string

	InstanceCount, TimeToLiveInHours, RegisteredCount, DeregisteredCount int
	Disabled                                                             bool
	Tags                                                                 []codeTag
}

type codeTag struct{ TagKey, TagValue string }

// machine is a managed instance.
type machine struct{ InstanceId, ActivationId string }

// refusal is an error of the service as a client reports it.
type refusal struct {
	Status                                      int
	RequestId, HostId, Code, Message, Recommend string
}

func (r *refusal) Error() string { return fmt.Sprintf("%+v", *r) }

// copyFields copies the fields of one value to those with the same names of another.
func copyFields(to, from any) {
	text, err := json.Marshal(from)
	if err == nil {
		err = json.Unmarshal(text, to)
	}
	if err != nil {
		panic(err) // a test that sends a value of the wrong type
	}
}
