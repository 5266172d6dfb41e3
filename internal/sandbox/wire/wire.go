// Package wire decodes the requests to the sandbox into the inputs of package cloud, checks who signed them,
// and encodes results and errors as answers.
//
// It has two dialects of the API, which differ in what is signed and where it is sent: RPC with signature
// version 1.0, and ACS3. It also has the protocol of the official agent that registers machines.
//
// Where to look: wire.go lists the actions. request.go reads a request, decode.go makes inputs of its
// parameters, answer.go and errors.go encode what is sent back. verify.go decides who signed a request, with
// rpc.go, acs3.go, canonical.go and signature.go for the signatures, nonces.go, and securitytoken.go for
// temporary keys. agent.go and agent_signature.go are for agents.
package wire

import "ecs-activation/internal/sandbox/cloud"

// Action is one action of an API.
type Action struct {
	Version  string
	NoRegion bool // has no RegionId
	Changes  bool // needs a transaction that can write
	// Run decodes the parameters, applies the rules, and returns the answer for Request.Encode.
	Run func(*Request, *cloud.Account) (any, error)
}

// FindAction returns the action with a name.
func FindAction(name string) (Action, bool) {
	switch name {
	case "CreateActivation":
		return Action{Version: ecsVersion, Changes: true, Run: createActivation}, true
	case "DescribeActivations":
		return Action{Version: ecsVersion, Run: describeActivations}, true
	case "DisableActivation":
		return Action{Version: ecsVersion, Changes: true, Run: disableActivation}, true
	case "DeleteActivation":
		return Action{Version: ecsVersion, Changes: true, Run: deleteActivation}, true
	case "DescribeRegions":
		return Action{Version: ecsVersion, NoRegion: true, Run: describeRegions}, true
	case "DescribeAccountAttributes":
		return Action{Version: ecsVersion, Run: describeAccountAttributes}, true
	case "DescribeManagedInstances":
		return Action{Version: ecsVersion, Run: describeManagedInstances}, true
	case "DeregisterManagedInstance":
		return Action{Version: ecsVersion, Changes: true, Run: deregisterManagedInstance}, true
	case "GetCallerIdentity":
		return Action{Version: stsVersion, NoRegion: true, Run: getCallerIdentity}, true
	case "AssumeRole":
		return Action{Version: stsVersion, NoRegion: true, Run: assumeRole}, true
	}
	return Action{}, false
}

func createActivation(r *Request, a *cloud.Account) (any, error) {
	result, err := a.CreateActivation(createInput(r.Parameters, r.ForgetToken))
	return createAnswer{r.RequestId, result}, err
}

func describeActivations(r *Request, a *cloud.Account) (any, error) {
	page := newPage(r, "ActivationList")
	var err error
	page.PageResult, err = a.DescribeActivations(describeInput(r.Parameters), page)
	return page, err
}

func disableActivation(r *Request, a *cloud.Account) (any, error) {
	code, err := a.DisableActivation(codeInput(r.Parameters))
	return changeAnswer[cloud.DisabledUsage]{r.RequestId, code}, err
}

func deleteActivation(r *Request, a *cloud.Account) (any, error) {
	code, err := a.DeleteActivation(codeInput(r.Parameters))
	return changeAnswer[cloud.Usage]{r.RequestId, code}, err
}

func describeRegions(r *Request, a *cloud.Account) (any, error) {
	answer := regionsAnswer{RequestId: r.RequestId}
	answer.Regions.Region = a.DescribeRegions(r.Host)
	return answer, nil
}

func describeAccountAttributes(r *Request, a *cloud.Account) (any, error) {
	return newAttributesAnswer(r.RequestId, a.DescribeAccountAttributes(attributeNames(r.Parameters))), nil
}

func describeManagedInstances(r *Request, a *cloud.Account) (any, error) {
	in, err := describeMachinesInput(r.Parameters)
	if err != nil {
		return nil, err
	}
	page := newPage(r, "Instances")
	page.PageResult, err = a.DescribeManagedInstances(in, page)
	return page, err
}

func deregisterManagedInstance(r *Request, a *cloud.Account) (any, error) {
	machine, err := a.DeregisterManagedInstance(deregisterInput(r.Parameters))
	return deregisterAnswer{r.RequestId, machine}, err
}

func getCallerIdentity(r *Request, a *cloud.Account) (any, error) {
	return identityAnswer{r.RequestId, a.GetCallerIdentity(r.session)}, nil
}

func assumeRole(r *Request, a *cloud.Account) (any, error) {
	role, err := a.AssumeRole(assumeRoleInput(r.Parameters))
	if err != nil {
		return nil, err
	}
	token, err := newSecurityToken(a, role.Session)
	return newRoleAnswer(r.RequestId, role, token), err
}
