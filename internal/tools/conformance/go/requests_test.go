package conformance

import (
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// do sends a request that must succeed.
func (t *trial) do(action string, p parameters) answer {
	t.Helper()
	a, err := t.call(action, inHangzhou(p))
	if err != nil {
		t.Fatalf("%s %v: %v", action, p, err)
	}
	if a.RequestId == "" {
		t.Errorf("%s %v: no RequestId", action, p)
	}
	return a
}

// refused sends a request that must be refused, and checks that the error has all its fields. It returns
// what the error recommends.
func (t *trial) refused(status int, errorCode, action string, p parameters) string {
	t.Helper()
	_, err := t.call(action, inHangzhou(p))
	var r *refusal
	if !errors.As(err, &r) {
		t.Fatalf("%s %v: %T %v, want %s", action, p, err, err, errorCode)
	}
	if r.Status != status || r.Code != errorCode || r.RequestId == "" || r.HostId == "" || r.Message == "" || r.Recommend == "" {
		t.Errorf("%s %v: %v, want %d %s", action, p, r, status, errorCode)
	}
	return r.Recommend
}

// same checks a value.
func (t *trial) same(what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s\n got %+v\nwant %+v", what, got, want)
	}
}

// inHangzhou returns parameters with a region.
func inHangzhou(p parameters) parameters {
	all := parameters{"RegionId": "cn-hangzhou"}
	maps.Copy(all, p)
	return all
}

// life creates, describes, disables and deletes a code.
func life(t *trial) {
	wanted := parameters{
		"InstanceName": "a:b.c_d-e", "Description": "100% ~*'()! +/=&?#中文", "InstanceCount": 3, "TimeToLiveInHours": 2,
		"IpAddressRange": "2001:db8::/32", "ResourceGroupId": "rg-x", "ClientToken": "token " + t.kind.name,
		"Tag": []tag{{"Key": "k v/部门", "Value": "研发=x&y+z~"}, {"Key": "env", "Value": ""}},
	}
	made, again := t.do("CreateActivation", wanted), t.do("CreateActivation", wanted)
	t.same("the same token returns the same code", []string{again.ActivationId, again.ActivationCode}, []string{made.ActivationId, made.ActivationCode})
	changed := maps.Clone(wanted)
	changed["InstanceCount"] = 4
	t.refused(403, "IdempotentParameterMismatch", "CreateActivation", changed)

	this := parameters{"ActivationId": made.ActivationId}
	listed := t.one(made.ActivationId)
	created, err := time.Parse(time.RFC3339, listed.CreationTime)
	t.same("the time", err == nil && time.Since(created).Abs() < time.Minute, true)
	t.same("the code", listed, code{
		ActivationId: made.ActivationId, InstanceName: "a:b.c_d-e", Description: "100% ~*'()! +/=&?#中文",
		IpAddressRange: "2001:db8::/32", ResourceGroupId: "rg-x", CreationTime: listed.CreationTime,
		InstanceCount: 3, TimeToLiveInHours: 2, Tags: []codeTag{{"k v/部门", "研发=x&y+z~"}, {"env", ""}},
	})

	t.same("disabled", t.do("DisableActivation", this).Activation.ActivationId, made.ActivationId)
	t.same("listed as disabled", t.one(made.ActivationId).Disabled, true)
	t.same("deleted", t.do("DeleteActivation", this).Activation.ActivationId, made.ActivationId)
	t.same("no code is left", len(t.do("DescribeActivations", nil).ActivationList), 0)
}

// pagings lists eight codes by page number, by token, and by tag and name.
func pagings(t *trial) {
	var newest []string
	for i := range 8 {
		kind := strconv.Itoa(i % 2)
		made := t.do("CreateActivation", parameters{"InstanceName": "web" + kind, "Tag": []tag{{"Key": "n", "Value": kind}}})
		newest = slices.Insert(newest, 0, made.ActivationId)
	}
	var byNumber, byToken, odd []string
	for number := 1; number <= 3; number++ {
		page := t.do("DescribeActivations", parameters{"PageNumber": number, "PageSize": 3})
		t.same("page", []int{page.TotalCount, page.PageNumber, page.PageSize}, []int{8, number, 3})
		byNumber = append(byNumber, ids(page)...)
	}
	t.same("all by page number", byNumber, newest)
	next := parameters{"MaxResults": 3}
	for _, size := range []int{3, 3, 2} {
		page := t.do("DescribeActivations", next)
		t.same("the size of a page", len(page.ActivationList), size)
		byToken = append(byToken, ids(page)...)
		next["NextToken"] = page.NextToken
	}
	t.same("the token of the last page", next["NextToken"], "")
	t.same("all by token", byToken, newest)
	for i := 0; i < 8; i += 2 {
		odd = append(odd, newest[i])
	}
	t.same("by tag", ids(t.do("DescribeActivations", parameters{"Tag": []tag{{"Key": "n", "Value": "1"}}})), odd)
	t.same("by tag key", ids(t.do("DescribeActivations", parameters{"Tag": []tag{{"Key": "n"}}})), newest)
	t.same("by name", ids(t.do("DescribeActivations", parameters{"InstanceName": "web1"})), odd)
	t.same("of another region", len(t.do("DescribeActivations", parameters{"RegionId": "cn-beijing"}).ActivationList), 0)
	for _, id := range newest {
		t.do("DeleteActivation", parameters{"ActivationId": id})
	}
}

// one lists one code.
func (t *trial) one(id string) code {
	t.Helper()
	list := t.do("DescribeActivations", parameters{"ActivationId": id}).ActivationList
	if len(list) != 1 {
		t.Fatalf("%d codes are listed, want one", len(list))
	}
	return list[0]
}

func ids(page answer) (ids []string) {
	for _, c := range page.ActivationList {
		ids = append(ids, c.ActivationId)
	}
	return ids
}

// refusals sends requests with invalid parameters.
func refusals(t *trial) {
	const create, list = "CreateActivation", "DescribeActivations"
	gone := parameters{"ActivationId": "00000000-0000-4000-8000-000000000000"}
	var tags []tag
	for i := range 21 {
		tags = append(tags, tag{"Key": fmt.Sprint("k", i), "Value": "v"})
	}
	for _, c := range []struct {
		status       int
		code, action string
		p            parameters
	}{
		{404, "InvalidRegionId.NotFound", create, parameters{"RegionId": "cn-atlantis"}},
		{400, "InstanceName.ExceedLimit", create, parameters{"InstanceName": strings.Repeat("a", 51)}},
		{400, "InstanceName.InvalidPattern", create, parameters{"InstanceName": "9web"}},
		{400, "ActivationDesc.ExceedLimit", create, parameters{"Description": strings.Repeat("x", 101)}},
		{400, "ActivationLimitation.Invalid", create, parameters{"InstanceCount": 1001}},
		{400, "ActivationTTL.ExceedLimit", create, parameters{"TimeToLiveInHours": 5}},
		{400, "AddressRange.InvalidPattern", create, parameters{"IpAddressRange": "10.0.0.0/33"}},
		{400, "InvalidClientToken.Malformed", create, parameters{"ClientToken": strings.Repeat("t", 65)}},
		{404, "InvalidResourceGroup.NotFound", create, parameters{"ResourceGroupId": "group"}},
		{403, "InvalidStatus.ResourceGroup", create, parameters{"ResourceGroupId": "rg-creating"}},
		{400, "InvalidTagKey.Malformed", create, parameters{"Tag": []tag{{"Key": "aliyun.x", "Value": "v"}}}},
		{400, "InvalidTagValue.Malformed", create, parameters{"Tag": []tag{{"Key": "k", "Value": "http://x"}}}},
		{400, "MissingParameter.TagKey", create, parameters{"Tag": []tag{{"Value": "v"}}}},
		{400, "Duplicate.TagKey", create, parameters{"Tag": []tag{{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}}}},
		{400, "NumberExceed.Tags", create, parameters{"Tag": tags}},
		{400, "InvalidParam.PageNumber", list, parameters{"PageNumber": 0}},
		{400, "InvalidParam.PageSize", list, parameters{"PageSize": 51}},
		{400, "InvalidParameter.MaxResults", list, parameters{"MaxResults": 51}},
		{400, "InvalidParameter.NextToken", list, parameters{"NextToken": "AAAA"}},
		{404, "ActivationId.NotFound", "DisableActivation", gone},
		{404, "ActivationId.NotFound", "DeleteActivation", gone},
		{400, "MissingParameter", "DeleteActivation", nil},
		{404, "InvalidInstance.NotFound", "DeregisterManagedInstance", parameters{"InstanceId": "mi-hz0abcdefghijkl"}},
	} {
		t.refused(c.status, c.code, c.action, c.p)
	}
}

// wrongKeys signs with a wrong secret and with an unknown key.
func wrongKeys(t *trial) {
	t.call = t.kind.open(t.T, t.server, keys{t.server.keys.id, "wrong"})
	recommend := t.refused(400, "SignatureDoesNotMatch", "DescribeActivations", nil)
	if strings.HasPrefix(t.kind.name, "SDK V1") {
		// The SDK says so only if the service has signed the same text.
		t.same("the reason", recommend, "InvalidAccessKeySecret: Please check you AccessKeySecret")
	}
	t.call = t.kind.open(t.T, t.server, keys{"LTAIsomebody", "wrong"})
	t.refused(404, "InvalidAccessKeyId.NotFound", "DescribeActivations", nil)
}

// inUse deletes a code with which a machine has registered, and deregisters the machine. It leaves the code behind.
func inUse(t *trial) {
	used := t.do("CreateActivation", nil)
	if err := t.server.sandbox(t.T, "register", used.ActivationId, used.ActivationCode).Run(); err != nil {
		t.Fatal(err)
	}
	this := parameters{"ActivationId": used.ActivationId}
	t.refused(403, "ActivationId.InUse", "DeleteActivation", this)
	t.same("its uses", t.one(used.ActivationId).RegisteredCount, 1)
	machines := t.do("DescribeManagedInstances", this).Instances
	if len(machines) != 1 || machines[0].ActivationId != used.ActivationId {
		t.Fatalf("its machines are %+v", machines)
	}
	id := machines[0].InstanceId
	t.same("deregistered", t.do("DeregisterManagedInstance", parameters{"InstanceId": id}).Instance.InstanceId, id)
	t.same("no machine is left", len(t.do("DescribeManagedInstances", this).Instances), 0)
}

// createIs returns a test of a create that the service refuses.
func createIs(status int, errorCode string) test {
	return test{errorCode, func(t *trial) { t.refused(status, errorCode, "CreateActivation", nil) }}
}
