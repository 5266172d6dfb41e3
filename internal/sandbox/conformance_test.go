package sandbox

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// One pass over all that the documents promise, by requests that are written and signed by hand
// (helper_test.go, signature_acs3_test.go), in every dialect that an official client uses.

// dialects are the ways to send a request.
var dialects = map[string]client{
	"1.0, GET":                {method: "GET"},
	"1.0, GET, SHA256":        {method: "GET", sha256: true},
	"1.0, POST, query":        {method: "POST"},
	"1.0, POST, form":         {method: "POST", form: true},
	"1.0, POST, form, SHA256": {method: "POST", form: true, sha256: true},
	"ACS3, GET":               {method: "GET", acs3: true},
	"ACS3, POST, query":       {method: "POST", acs3: true},
	"ACS3, POST, form":        {method: "POST", acs3: true, form: true},
}

func inEveryDialect(t *testing.T, o Options, test func(t *testing.T, s *Sandbox, c *client)) {
	for name, dialect := range dialects {
		for _, temporary := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, temporary key %t", name, temporary), func(t *testing.T) {
				t.Parallel()
				s, c := start(t, o)
				c.method, c.form, c.sha256, c.acs3 = dialect.method, dialect.form, dialect.sha256, dialect.acs3
				if temporary {
					c = c.assume()
				}
				test(t, s, c)
			})
		}
	}
}

func TestALifeOfACodeInEveryDialect(t *testing.T) {
	inEveryDialect(t, Options{}, func(t *testing.T, _ *Sandbox, c *client) {
		odd := params("InstanceName", "a:b.c_d-e", "Description", "100% ~*' +/=&?#中文", "InstanceCount", "3", "TimeToLiveInHours", "2",
			"IpAddressRange", "2001:db8::/32", "ResourceGroupId", "rg-x", "Tag.1.Key", "k v/部门", "Tag.1.Value", "", "ClientToken", "t~1 +")
		id, code := c.create(odd...)
		if again, same := c.create(odd...); again != id || same != code || !strings.HasPrefix(code, "a-") {
			t.Errorf("%s, then %s by the same token", id, again)
		}
		c.refused(403, "IdempotentParameterMismatch", "CreateActivation", with(params("RegionId", "cn-hangzhou"), with(odd, "InstanceCount", "4")...)...)
		got := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "ActivationId", id).codes()[0]
		want := map[string]any{
			"ActivationId": id, "InstanceName": "a:b.c_d-e", "Description": "100% ~*' +/=&?#中文", "InstanceCount": 3.0, "TimeToLiveInHours": 2.0,
			"IpAddressRange": "2001:db8::/32", "ResourceGroupId": "rg-x", "Disabled": false, "RegisteredCount": 0.0, "DeregisteredCount": 0.0,
			"Tags": []any{map[string]any{"TagKey": "k v/部门", "TagValue": ""}}, "CreationTime": got["CreationTime"],
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("\n got %v\nwant %v", got, want)
		}
		disabled := activationIn(t, c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id))
		deleted := activationIn(t, c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id))
		if disabled["ActivationId"] != id || deleted["ActivationId"] != id || len(c.list()) != 0 {
			t.Errorf("disabled %v, deleted %v, left %v", disabled, deleted, c.list())
		}
	})
}

func TestBothPagingsAndTheFiltersInEveryDialect(t *testing.T) {
	inEveryDialect(t, Options{Quota: 100}, func(t *testing.T, _ *Sandbox, c *client) {
		var newest []string
		for i := range 23 {
			id, _ := c.create("InstanceName", fmt.Sprint("web", i%2), "Tag.1.Key", "parity", "Tag.1.Value", strconv.Itoa(i%2))
			newest = append([]string{id}, newest...)
		}
		var byNumber, byToken []string
		for page := 1; page <= 3; page++ {
			a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "PageNumber", strconv.Itoa(page))
			byNumber = append(byNumber, a.ids()...)
			if a.number("TotalCount") != 23 || a.number("PageSize") != 10 || a.number("PageNumber") != page {
				t.Errorf("page %d: %s", page, a.body)
			}
		}
		token := ""
		for pages := 0; pages == 0 || token != ""; pages++ {
			a := c.ok("DescribeActivations", "RegionId", "cn-hangzhou", "MaxResults", "9", "NextToken", token, "PageSize", "1", "PageNumber", "7")
			byToken, token = append(byToken, a.ids()...), a.text("NextToken")
		}
		if !slices.Equal(byNumber, newest) || !slices.Equal(byToken, newest) {
			t.Errorf("by number %d, by token %d codes of %d, or in another order", len(byNumber), len(byToken), len(newest))
		}
		for _, filter := range [][]string{params("Tag.1.Key", "parity", "Tag.1.Value", "1"), params("InstanceName", "web1")} {
			if got := c.list(filter...); len(got) != 11 {
				t.Errorf("%v: %d codes", filter, len(got))
			}
		}
	})
}

// documentedErrors are the refusals that need only a request; the others need a state, a set of limits or a
// fault.
var documentedErrors = []struct {
	status   int
	code     string
	action   string
	business []string
}{
	{404, "InvalidRegionId.NotFound", "CreateActivation", params("RegionId", "cn-atlantis")},
	{400, "MissingParameter", "CreateActivation", params("RegionId", "")},
	{400, "InstanceName.ExceedLimit", "CreateActivation", params("InstanceName", strings.Repeat("a", 51))},
	{400, "InstanceName.InvalidPattern", "CreateActivation", params("InstanceName", "9web")},
	{400, "ActivationDesc.ExceedLimit", "CreateActivation", params("Description", strings.Repeat("x", 101))},
	{400, "ActivationLimitation.Invalid", "CreateActivation", params("InstanceCount", "1001")},
	{400, "ActivationTTL.ExceedLimit", "CreateActivation", params("TimeToLiveInHours", "5")},
	{400, "AddressRange.InvalidPattern", "CreateActivation", params("IpAddressRange", "10.0.0.0/33")},
	{400, "InvalidClientToken.Malformed", "CreateActivation", params("ClientToken", strings.Repeat("t", 65))},
	{404, "InvalidResourceGroup.NotFound", "CreateActivation", params("ResourceGroupId", "group")},
	{403, "InvalidStatus.ResourceGroup", "CreateActivation", params("ResourceGroupId", "rg-deleting")},
	{400, "InvalidTagKey.Malformed", "CreateActivation", params("Tag.1.Key", "acs:x")},
	{400, "InvalidTagValue.Malformed", "CreateActivation", params("Tag.1.Key", "k", "Tag.1.Value", "see http://x")},
	{400, "MissingParameter.TagKey", "CreateActivation", params("Tag.1.Value", "v")},
	{400, "Duplicate.TagKey", "CreateActivation", params("Tag.1.Key", "k", "Tag.2.Key", "k")},
	{400, "NumberExceed.Tags", "CreateActivation", params("Tag.21.Key", "k")},
	{400, "InvalidParam.PageNumber", "DescribeActivations", params("PageNumber", "0")},
	{400, "InvalidParam.PageSize", "DescribeActivations", params("PageSize", "51")},
	{400, "InvalidParameter.MaxResults", "DescribeActivations", params("MaxResults", "51")},
	{400, "InvalidParameter.NextToken", "DescribeActivations", params("NextToken", "AAAA")},
	{404, "ActivationId.NotFound", "DisableActivation", params("ActivationId", "00000000-0000-4000-8000-000000000000")},
	{404, "ActivationId.NotFound", "DeleteActivation", params("ActivationId", "00000000-0000-4000-8000-000000000000")},
	{400, "MissingParameter", "DeleteActivation", nil},
	{404, "InvalidInstance.NotFound", "DeregisterManagedInstance", params("InstanceId", "mi-hz0abcdefghijkl")},
	{400, "InvalidParam.PageSize", "DescribeManagedInstances", params("PageSize", "51")},
	{400, "InvalidParameter.NextToken", "DescribeManagedInstances", params("NextToken", "AAAA")},
	{404, "InvalidAction.NotFound", "EnableActivation", nil},
}

func TestEveryDocumentedErrorInEveryDialect(t *testing.T) {
	inEveryDialect(t, Options{Quota: 2, MachineQuota: 1}, func(t *testing.T, s *Sandbox, c *client) {
		for _, e := range documentedErrors {
			a := c.refused(e.status, e.code, e.action, with(params("RegionId", "cn-hangzhou"), e.business...)...)
			if a.text("RequestId") == "" || a.text("HostId") == "" || a.text("Message") == "" || !strings.Contains(a.text("Recommend"), e.code) {
				t.Errorf("%s: %s", e.code, a.body)
			}
		}
		id, code := c.create()
		other, _ := c.create()
		c.refused(400, "ActivationCount.ExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
		c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", other)
		if _, err := s.Register(t.Context(), Registration{RegionId: "cn-hangzhou", ActivationId: id, ActivationCode: code}); err != nil {
			t.Fatal(err)
		}
		c.refused(403, "ActivationId.InUse", "DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id)
		c.refused(403, "ManagedInstanceCountExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
	})
}

func TestARegionThatIsKnownButNotServedInEveryDialect(t *testing.T) {
	inEveryDialect(t, Options{Limits: "2021"}, func(_ *testing.T, _ *Sandbox, c *client) {
		c.refused(400, "RegionId.ApiNotSupported", "DescribeActivations", "RegionId", "cn-qingdao")
	})
}

func TestRefusalsThatOnlyAFaultBringsAboutInEveryDialect(t *testing.T) {
	for fault, want := range map[string]struct {
		status int
		code   string
	}{
		"throttle": {400, "Throttling.User"}, "unavailable": {503, "ServiceUnavailable"}, "forbidden": {403, "Operation.Forbidden"},
		"unverified": {403, "RealNameAuthenticationError"}, "busy": {500, "InternalError.Dispatch"},
	} {
		for name, dialect := range dialects {
			_, c := start(t, Options{Faults: faultsOf(t, fault+"=1")})
			c.method, c.form, c.sha256, c.acs3 = dialect.method, dialect.form, dialect.sha256, dialect.acs3
			if a := c.call("CreateActivation", "RegionId", "cn-hangzhou"); a.status != want.status || a.text("Code") != want.code {
				t.Errorf("%s, %s: %d %s", name, fault, a.status, a.body)
			}
		}
	}
}
