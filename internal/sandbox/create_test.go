package sandbox

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestACreatedCodeHasTheDocumentedShapeAndDefaults(t *testing.T) {
	_, c := start(t, Options{})
	uuid := regexp.MustCompile(`^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$`)
	a := c.ok("CreateActivation", "RegionId", "cn-hangzhou")
	if !uuid.MatchString(a.text("RequestId")) || !uuid.MatchString(a.text("ActivationId")) {
		t.Errorf("ids in %s", a.body)
	}
	if a.header.Get("x-acs-request-id") != a.text("RequestId") {
		t.Errorf("request id %q in the header", a.header.Get("x-acs-request-id"))
	}
	if code := a.text("ActivationCode"); !regexp.MustCompile(`^a-sandbox[A-Za-z0-9+/]{22}$`).MatchString(code) || len(code) != 31 {
		t.Errorf("code %q", code)
	}
	got := c.ok("DescribeActivations", "RegionId", "cn-hangzhou").codes()[0]
	created, err := time.Parse(time.RFC3339, got["CreationTime"].(string))
	if err != nil || time.Since(created) > time.Minute {
		t.Errorf("creation time %v, %v", got["CreationTime"], err)
	}
	delete(got, "CreationTime")
	want := map[string]any{
		"ActivationId": a.text("ActivationId"), "InstanceName": "", "Description": "", "InstanceCount": 10.0,
		"RegisteredCount": 0.0, "DeregisteredCount": 0.0, "TimeToLiveInHours": 4.0, "IpAddressRange": "",
		"Disabled": false, "ResourceGroupId": "", "Tags": []any{},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("\n got %v\nwant %v", got, want)
	}
}

func TestTheBoundariesOf2026AreAccepted(t *testing.T) {
	_, c := start(t, Options{Quota: 1000})
	var twenty []string
	for n := 1; n <= 20; n++ {
		twenty = append(twenty, fmt.Sprintf("Tag.%d.Key", n), fmt.Sprintf("key-%d", n))
	}
	for _, accepted := range [][]string{
		params("InstanceName", "ab"), params("InstanceName", strings.Repeat("a", 50)), params("InstanceName", "a.b_c-d:9"),
		params("InstanceCount", "1"), params("InstanceCount", "1000"),
		params("TimeToLiveInHours", "1"), params("TimeToLiveInHours", "4"),
		params("IpAddressRange", "::/0"), params("IpAddressRange", "0.0.0.0/0"), params("IpAddressRange", "10.1.2.3/8"),
		params("IpAddressRange", "2001:db8::1"), params("IpAddressRange", "192.0.2.7"), params("IpAddressRange", "2001:db8::1/32"),
		params("Description", strings.Repeat("激", 100)), params("Description", "http://example.com"),
		params("ClientToken", strings.Repeat("~", 64)), params("ResourceGroupId", "rg-acfm2pz25js"),
		params("Tag.1.Key", strings.Repeat("键", 64), "Tag.1.Value", strings.Repeat("值", 128)),
		params("Tag.1.Key", "k", "Tag.1.Value", ""), params("Tag.7.Key", "a", "Tag.20.Key", "b"),
		params("InstanceName", "", "Description", "", "InstanceCount", ""),
		twenty,
	} {
		c.create(accepted...)
	}
	regions := c.ok("DescribeRegions").fields["Regions"].(map[string]any)["Region"].([]any)
	for _, region := range regions {
		c.ok("CreateActivation", "RegionId", region.(map[string]any)["RegionId"].(string))
	}
}

func TestParametersThatBreakARuleAreRefused(t *testing.T) {
	_, c := start(t, Options{})
	for _, test := range []struct {
		name   string
		given  []string
		status int
		code   string
	}{
		{"name too short", params("InstanceName", "a"), 400, "InstanceName.ExceedLimit"},
		{"name too long", params("InstanceName", strings.Repeat("a", 51)), 400, "InstanceName.ExceedLimit"},
		{"name begins with a digit", params("InstanceName", "1bad"), 400, "InstanceName.InvalidPattern"},
		{"name begins with a mark", params("InstanceName", "-bad"), 400, "InstanceName.InvalidPattern"},
		{"name with a blank", params("InstanceName", "a b"), 400, "InstanceName.InvalidPattern"},
		{"name in Chinese", params("InstanceName", "服务器"), 400, "InstanceName.InvalidPattern"},
		{"name is a URL", params("InstanceName", "http://a"), 400, "InstanceName.InvalidPattern"},
		{"description too long", params("Description", strings.Repeat("激", 101)), 400, "ActivationDesc.ExceedLimit"},
		{"no uses", params("InstanceCount", "0"), 400, "ActivationLimitation.Invalid"},
		{"too many uses", params("InstanceCount", "1001"), 400, "ActivationLimitation.Invalid"},
		{"absurdly many uses", params("InstanceCount", "99999999999999999999999"), 400, "ActivationLimitation.Invalid"},
		{"negative uses", params("InstanceCount", "-99999999999999999999999"), 400, "ActivationLimitation.Invalid"},
		{"uses in words", params("InstanceCount", "ten"), 400, "InvalidParameter"},
		{"lives too long", params("TimeToLiveInHours", "5"), 400, "ActivationTTL.ExceedLimit"},
		{"lives not at all", params("TimeToLiveInHours", "0"), 400, "ActivationTTL.ExceedLimit"},
		{"lives 4h", params("TimeToLiveInHours", "4h"), 400, "InvalidParameter"},
		{"range is no address", params("IpAddressRange", "notanip"), 400, "AddressRange.InvalidPattern"},
		{"range with a zone", params("IpAddressRange", "fe80::1%eth0"), 400, "AddressRange.InvalidPattern"},
		{"range of two", params("IpAddressRange", "10.0.0.1,10.0.0.2"), 400, "AddressRange.InvalidPattern"},
		{"prefix too long", params("IpAddressRange", "10.0.0.0/33"), 400, "AddressRange.InvalidPattern"},
		{"token too long", params("ClientToken", strings.Repeat("a", 65)), 400, "InvalidClientToken.Malformed"},
		{"token not ASCII", params("ClientToken", "é"), 400, "InvalidClientToken.Malformed"},
		{"group of another shape", params("ResourceGroupId", "group"), 404, "InvalidResourceGroup.NotFound"},
		{"tag key too long", params("Tag.1.Key", strings.Repeat("a", 65)), 400, "InvalidTagKey.Malformed"},
		{"tag key of aliyun", params("Tag.1.Key", "aliyun:zz"), 400, "InvalidTagKey.Malformed"},
		{"tag key of acs", params("Tag.1.Key", "acs:zz"), 400, "InvalidTagKey.Malformed"},
		{"tag key with a URL", params("Tag.1.Key", "see http://x"), 400, "InvalidTagKey.Malformed"},
		{"tag value too long", params("Tag.1.Key", "a", "Tag.1.Value", strings.Repeat("a", 129)), 400, "InvalidTagValue.Malformed"},
		{"tag value with a URL", params("Tag.1.Key", "a", "Tag.1.Value", "https://x"), 400, "InvalidTagValue.Malformed"},
		{"tag without key", params("Tag.1.Value", "a"), 400, "MissingParameter.TagKey"},
		{"tag with an empty key", params("Tag.1.Key", "", "Tag.1.Value", "a"), 400, "MissingParameter.TagKey"},
		{"tag twice", params("Tag.1.Key", "a", "Tag.2.Key", "a"), 400, "Duplicate.TagKey"},
		{"tag 21", params("Tag.21.Key", "a"), 400, "NumberExceed.Tags"},
		{"tag 0", params("Tag.0.Key", "a"), 400, "NumberExceed.Tags"},
		{"no region", params("RegionId", ""), 400, "MissingParameter"},
		{"unknown region", params("RegionId", "cn-hangzou"), 404, "InvalidRegionId.NotFound"},
		{"NUL", params("Description", "a\x00b"), 400, "InvalidParameter"},
		{"not UTF-8", params("Description", "a\xff"), 400, "InvalidParameter"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c.t = t
			c.refused(test.status, test.code, "CreateActivation", with(params("RegionId", "cn-hangzhou"), test.given...)...)
		})
	}
	c.t = t
	if ids := c.list(); len(ids) != 0 {
		t.Errorf("refused requests made %v", ids)
	}
}

func TestMessagesAreThoseOfThePagesWithTheLimitFilledIn(t *testing.T) {
	_, c := start(t, Options{Quota: 1})
	a := c.refused(400, "ActivationLimitation.Invalid", "CreateActivation", "RegionId", "cn-hangzhou", "InstanceCount", "1001")
	if want := "The specified parameter InstanceCount exceeds the limit of 1000."; a.text("Message") != want {
		t.Errorf("got %q, want %q", a.text("Message"), want)
	}
	if a.text("HostId") == "" || a.text("RequestId") == "" || !strings.Contains(a.text("Recommend"), "ActivationLimitation.Invalid") {
		t.Errorf("answer %s", a.body)
	}
	c.create()
	a = c.refused(400, "ActivationCount.ExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
	if want := "The count of activation in current region exceeds the limit of 1."; a.text("Message") != want {
		t.Errorf("got %q, want %q", a.text("Message"), want)
	}
}

func TestLimitSetsDiffer(t *testing.T) {
	for _, test := range []struct {
		limits, region string
		given          []string
		code           string // "" is a success
	}{
		{"2021", "cn-hangzhou", params("InstanceName", "a", "TimeToLiveInHours", "24"), ""},
		{"2021", "cn-hangzhou", nil, "MissingParameter"},
		{"2021", "cn-hangzhou", params("InstanceName", "a", "Description", "https://x"), "InvalidParameter"},
		{"2021", "cn-hangzhou", params("InstanceName", "a", "TimeToLiveInHours", "25"), "ActivationTTL.ExceedLimit"},
		{"2021", "cn-qingdao", params("InstanceName", "a"), "RegionId.ApiNotSupported"},
		{"2024", "us-east-1", params("TimeToLiveInHours", "24"), ""},
		{"2024", "us-east-1", params("InstanceName", "a"), "InstanceName.ExceedLimit"},
		{"2024", "eu-west-1", nil, "RegionId.ApiNotSupported"},
		{"2026", "eu-west-1", params("TimeToLiveInHours", "4"), ""},
		{"2026", "eu-west-1", params("TimeToLiveInHours", "24"), "ActivationTTL.ExceedLimit"},
	} {
		_, c := start(t, Options{Limits: test.limits})
		a := c.call("CreateActivation", with(params("RegionId", test.region), test.given...)...)
		if a.text("Code") != test.code {
			t.Errorf("%+v: %d %s", test, a.status, a.body)
		}
	}
}

func TestAbove1000CodesThe2024QuotaAsksThatTheyAreUsed(t *testing.T) {
	for _, test := range []struct{ codes, used, status int }{{999, 0, 200}, {1000, 5, 400}, {1000, 6, 200}, {4999, 6, 200}, {5000, 10, 400}} {
		s, c := start(t, Options{Limits: "2024"})
		element := fmt.Sprintf(`{"InstanceCount":10,"RegisteredCount":%d}`, test.used)
		if _, err := s.Load(t.Context(), strings.NewReader("["+strings.Repeat(element+",", test.codes-1)+element+"]")); err != nil {
			t.Fatal(err)
		}
		if a := c.call("CreateActivation", "RegionId", "cn-hangzhou"); a.status != test.status {
			t.Errorf("%+v: %d %s", test, a.status, a.body)
		}
	}
	s, c := start(t, Options{Limits: "2024", Quota: 1001})
	loadMany(t, s, 1000)
	c.create() // a quota that is given is the only one
}

func TestTheQuotaCountsEveryCodeOfARegionAndNoOther(t *testing.T) {
	s, c := start(t, Options{Quota: 2})
	first, _ := c.create()
	c.create()
	c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", first)
	if err := s.Advance(t.Context(), 5*time.Hour); err != nil {
		t.Fatal(err)
	}
	c.refused(400, "ActivationCount.ExceedLimit", "CreateActivation", "RegionId", "cn-hangzhou")
	c.ok("CreateActivation", "RegionId", "cn-beijing")
	c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", first)
	c.create()
}

func TestATokenMakesOneCode(t *testing.T) {
	s, c := start(t, Options{Quota: 2})
	request := params("ClientToken", "job-1", "InstanceName", "web", "Tag.1.Key", "a")
	id, code := c.create(request...)
	for _, change := range []func(){
		func() {},
		func() { c.create() }, // the quota is full from here
		func() { c.ok("DisableActivation", "RegionId", "cn-hangzhou", "ActivationId", id) },
		func() { c.ok("DeleteActivation", "RegionId", "cn-hangzhou", "ActivationId", id) },
		func() { _ = s.Advance(t.Context(), 23*time.Hour) },
	} {
		change()
		before := len(c.list())
		again, sameCode := c.create(request...)
		if again != id || sameCode != code {
			t.Errorf("the token gave %s %s, then %s %s", id, code, again, sameCode)
		}
		if after := len(c.list()); after != before {
			t.Errorf("a replay changed the number of codes from %d to %d", before, after)
		}
	}
	c.create(with(request, "InstanceCount", "10")...) // the default, given explicitly
	for _, other := range [][]string{params("InstanceCount", "9"), params("Tag.1.Value", "x"), params("Description", "x")} {
		c.refused(403, "IdempotentParameterMismatch", "CreateActivation", with(params("RegionId", "cn-hangzhou"), with(request, other...)...)...)
	}
}

func TestATokenBelongsToOneRegionAndIsForgottenAfterADay(t *testing.T) {
	s, c := start(t, Options{})
	id, _ := c.create("ClientToken", "t")
	other := c.ok("CreateActivation", "RegionId", "cn-beijing", "ClientToken", "t").text("ActivationId")
	if other == id {
		t.Error("two regions share a token")
	}
	upper, _ := c.create("ClientToken", "T")
	if upper == id {
		t.Error("tokens that differ in case are the same")
	}
	if err := s.Advance(t.Context(), 24*time.Hour-time.Minute); err != nil {
		t.Fatal(err)
	}
	if again, _ := c.create("ClientToken", "t"); again != id {
		t.Error("a token is forgotten within a day")
	}
	if err := s.Advance(t.Context(), 2*time.Minute); err != nil {
		t.Fatal(err)
	}
	if again, _ := c.create("ClientToken", "t"); again == id {
		t.Error("a token of yesterday is remembered")
	}
}
