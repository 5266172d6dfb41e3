package activation

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// asking returns a valid request with one modification.
func asking(change func(*CreateRequest)) CreateRequest {
	r := CreateRequest{RegionId: "cn-hangzhou"}
	change(&r)
	return r
}

func tags(n int) []Tag {
	list := make([]Tag, n)
	for i := range list {
		list[i].TagKey = fmt.Sprintf("key-%d", i)
	}
	return list
}

func TestEveryDocumentedBoundaryIsAccepted(t *testing.T) {
	accepted := map[string]CreateRequest{
		"nothing but a region":      asking(func(*CreateRequest) {}),
		"an unknown region":         asking(func(r *CreateRequest) { r.RegionId = "mars-north-1" }),
		"20 tags":                   asking(func(r *CreateRequest) { r.Tags = tags(20) }),
		"an empty tag value":        asking(func(r *CreateRequest) { r.Tags = []Tag{{"env", ""}} }),
		"the longest tag":           asking(func(r *CreateRequest) { r.Tags = []Tag{{strings.Repeat("键", 64), strings.Repeat("值", 128)}} }),
		"a tag named Aliyun":        asking(func(r *CreateRequest) { r.Tags = []Tag{{"Aliyun", "x"}, {"my-aliyun", "acs:x"}} }),
		"the same value twice":      asking(func(r *CreateRequest) { r.Tags = []Tag{{"a", "x"}, {"b", "x"}} }),
		"a tag value of marks":      asking(func(r *CreateRequest) { r.Tags = []Tag{{"a", "b=c&d http:/x <>\"'"}} }),
		"a token of 64 characters":  asking(func(r *CreateRequest) { r.ClientToken = strings.Repeat("~", 64) }),
		"a resource group":          asking(func(r *CreateRequest) { r.ResourceGroupId = "rg-bp67acfmxazb4p" }),
		"a description with a link": asking(func(r *CreateRequest) { r.Description = "see http://example.com" }),
	}
	for _, text := range []string{"ab", strings.Repeat("a", 50), "a.b_c-d:9", "Z9", "http:x", "https-server"} {
		accepted["name "+text] = asking(func(r *CreateRequest) { r.InstanceName = text })
	}
	for _, text := range []string{"x", strings.Repeat("x", 100), strings.Repeat("激", 100), strings.Repeat("😀", 100), " "} {
		accepted["description "+text] = asking(func(r *CreateRequest) { r.Description = text })
	}
	for _, n := range []int{0, 1, 10, 999, 1000} {
		accepted[fmt.Sprint("uses ", n)] = asking(func(r *CreateRequest) { r.InstanceCount = n })
	}
	for _, n := range []int{0, 1, 2, 3, 4} {
		accepted[fmt.Sprint("hours ", n)] = asking(func(r *CreateRequest) { r.TimeToLiveInHours = n })
	}
	for _, text := range []string{
		"192.0.2.7", "192.0.2.7/32", "0.0.0.0/0", "10.1.2.3/8", "::/0", "::", "::1", "2001:db8::1", "2001:db8::1/32",
		"2001:0db8:0000:0000:0000:0000:0000:0001", "::ffff:192.0.2.7", "255.255.255.255", "2001:DB8::1/128",
	} {
		accepted["range "+text] = asking(func(r *CreateRequest) { r.IpAddressRange = text })
	}
	for name, r := range accepted {
		if problems := r.Validate(false); len(problems) > 0 {
			t.Errorf("%s: %v", name, problems)
		}
	}
}

// breaches are requests that break exactly one rule. judged: the service checks the rule as well, so a lenient
// check skips it.
var breaches = []struct {
	name      string
	change    func(*CreateRequest)
	parameter string
	rule      error
	judged    bool
}{
	{"no region", func(r *CreateRequest) { r.RegionId = "" }, "RegionId", NotSet{}, false},
	{"region of another form", func(r *CreateRequest) { r.RegionId = "evil.com/x?" }, "RegionId", NotRegion{"evil.com/x?"}, false},
	{"region in capitals", func(r *CreateRequest) { r.RegionId = "CN-HANGZHOU" }, "RegionId", NotRegion{"CN-HANGZHOU"}, false},
	{"name too short", func(r *CreateRequest) { r.InstanceName = "a" }, "InstanceName", Length{"", 2, 50, 1}, true},
	{"name too long", func(r *CreateRequest) { r.InstanceName = strings.Repeat("a", 51) }, "InstanceName", Length{"", 2, 50, 51}, true},
	{"name begins with a digit", func(r *CreateRequest) { r.InstanceName = "1bad" }, "InstanceName", FormName, true},
	{"name begins with a mark", func(r *CreateRequest) { r.InstanceName = "-bad" }, "InstanceName", FormName, true},
	{"name with a blank", func(r *CreateRequest) { r.InstanceName = "a b" }, "InstanceName", FormName, true},
	{"name in Chinese", func(r *CreateRequest) { r.InstanceName = "服务器" }, "InstanceName", FormName, true},
	{"name is an address", func(r *CreateRequest) { r.InstanceName = "http://a" }, "InstanceName", FormName, true},
	{"description too long", func(r *CreateRequest) { r.Description = strings.Repeat("激", 101) }, "Description", Length{"", 1, 100, 101}, true},
	{"description with an escape", func(r *CreateRequest) { r.Description = "\x1b[31mred" }, "Description", FormText, false},
	{"description that is not UTF-8", func(r *CreateRequest) { r.Description = "caf\xe9" }, "Description", FormText, false},
	{"negative uses", func(r *CreateRequest) { r.InstanceCount = -1 }, "InstanceCount", Range{1, 1000, ""}, true},
	{"too many uses", func(r *CreateRequest) { r.InstanceCount = 1001 }, "InstanceCount", Range{1, 1000, ""}, true},
	{"negative lifetime", func(r *CreateRequest) { r.TimeToLiveInHours = -1 }, "TimeToLiveInHours", Range{1, 4, Hours}, true},
	{"lifetime too long", func(r *CreateRequest) { r.TimeToLiveInHours = 5 }, "TimeToLiveInHours", Range{1, 4, Hours}, true},
	{"token too long", func(r *CreateRequest) { r.ClientToken = strings.Repeat("a", 65) }, "ClientToken", Length{"", 1, 64, 65}, false},
	{"token with a blank", func(r *CreateRequest) { r.ClientToken = "a b" }, "ClientToken", FormToken, false},
	{"token in Chinese", func(r *CreateRequest) { r.ClientToken = "令牌" }, "ClientToken", FormASCII, false},
	{"token with a control character", func(r *CreateRequest) { r.ClientToken = "a\x7f" }, "ClientToken", FormToken, false},
	{"resource group of another form", func(r *CreateRequest) { r.ResourceGroupId = "group" }, "ResourceGroupId", Prefix{"rg-"}, true},
	{"resource group with a tab", func(r *CreateRequest) { r.ResourceGroupId = "rg-\t" }, "ResourceGroupId", FormText, false},
	{"21 tags", func(r *CreateRequest) { r.Tags = tags(21) }, "Tag", TooMany{20, 21}, true},
	{"tag without a key", func(r *CreateRequest) { r.Tags = []Tag{{"", "v"}} }, "Tag", Length{TagKey, 1, 64, 0}, true},
	{"tag key too long", func(r *CreateRequest) { r.Tags = []Tag{{strings.Repeat("键", 65), ""}} }, "Tag", Length{TagKey, 1, 64, 65}, true},
	{"tag key of Aliyun", func(r *CreateRequest) { r.Tags = []Tag{{"aliyun:zz", "x"}} }, "Tag", reserved, true},
	{"tag key of ACS", func(r *CreateRequest) { r.Tags = []Tag{{"acs:zz", "x"}} }, "Tag", reserved, true},
	{"tag key with an address", func(r *CreateRequest) { r.Tags = []Tag{{"a-http://b", "x"}} }, "Tag", addresses, true},
	{"tag value with an address", func(r *CreateRequest) { r.Tags = []Tag{{"a", "see https://b"}} }, "Tag", addresses, true},
	{"tag value too long", func(r *CreateRequest) { r.Tags = []Tag{{"a", strings.Repeat("值", 129)}} }, "Tag", Length{TagValue, 0, 128, 129}, true},
	{"tag key twice", func(r *CreateRequest) { r.Tags = []Tag{{"a", "1"}, {"b", "2"}, {"a", "3"}} }, "Tag", Unique{}, true},
	{"tag with a control character", func(r *CreateRequest) { r.Tags = []Tag{{"a", "b\u0085"}} }, "Tag", FormText, false},
}

func TestEveryRuleIsChecked(t *testing.T) {
	for _, b := range breaches {
		wantProblem(t, b.name, asking(b.change).Validate(false), b.parameter, b.rule)
	}
	for _, text := range []string{
		"notanip", "192.0.2", "192.0.2.256", "192.0.2.7/33", "192.0.2.7/", "/24", "192.0.2.07", "10.0.0.1-10.0.0.9", "10.0.0.1,10.0.0.2",
		"::/129", ":::", "2001:db8::g", "fe80::1%eth0", "fe80::1%eth0/64", "192.0.2.7 ", " ::1", "[::1]", "192.0.2.7:80", "192.0.2.7/+8", "::1/08",
	} {
		r := asking(func(r *CreateRequest) { r.IpAddressRange = text })
		wantProblem(t, text, r.Validate(false), "IpAddressRange", FormAddressRange)
	}
}

// wantProblem checks that there is exactly one problem, with this parameter and rule.
func wantProblem(t *testing.T, name string, problems Problems, parameter string, rule error) {
	t.Helper()
	if len(problems) != 1 || problems[0].Parameter != parameter || problems[0].Rule != rule { //nolint:errorlint // it is not wrapped
		t.Errorf("%s: %v; want one problem of %s with %#v", name, problems, parameter, rule)
	}
}

func TestLenientSkipsOnlyRulesOfTheService(t *testing.T) {
	for _, b := range breaches {
		if problems := asking(b.change).Validate(true); (len(problems) == 0) != b.judged {
			t.Errorf("%s: %q", b.name, problems)
		}
	}
	r := asking(func(r *CreateRequest) { r.IpAddressRange = "notanip" })
	if problems := r.Validate(true); len(problems) > 0 {
		t.Errorf("an address range is the service's to judge: %q", problems)
	}
}

func TestControlCharactersAreProblems(t *testing.T) {
	for _, text := range []string{"ab\n", "ab\x00", "\x1b[2J", "\u009b2J", "a\tb", "\x7f", "\xff\xfe"} {
		for name, r := range map[string]CreateRequest{
			"InstanceName":    {InstanceName: text},
			"Description":     {Description: text},
			"IpAddressRange":  {IpAddressRange: text},
			"ResourceGroupId": {ResourceGroupId: "rg-" + text},
			"ClientToken":     {ClientToken: text},
			"Tag":             {Tags: []Tag{{TagKey: "a", TagValue: text}, {TagKey: "b"}}},
		} {
			r.RegionId = "cn-hangzhou"
			if problems := r.Validate(true); len(problems) != 1 || problems[0].Parameter != name {
				t.Errorf("%s %q: %q", name, text, problems)
			}
		}
	}
}

func TestProblemsWithDocumentedRulesHaveASource(t *testing.T) {
	ours := []string{"resource group of another form", "token with a blank", "token with a control character"}
	for _, b := range breaches {
		want := Source{}
		if cited := b.judged || b.parameter == "ClientToken"; cited && !slices.Contains(ours, b.name) {
			want = Source{"CreateActivation", "2026-06-25"}
		}
		for _, problem := range asking(b.change).Validate(false) {
			if problem.Source != want {
				t.Errorf("%s: source %q, want %q", b.name, problem.Source, want)
			}
			if _, many := problem.Rule.(TooMany); problem.Value == "" && problem.Parameter != "RegionId" && !many { //nolint:errorlint // it is not wrapped
				t.Errorf("%s: the value is not named", b.name)
			}
		}
	}
}

func TestAllProblemsAreReportedAtOnce(t *testing.T) {
	r := CreateRequest{
		RegionId: "cn-hangzhou", InstanceName: "1bad", InstanceCount: 99999, TimeToLiveInHours: 77,
		IpAddressRange: "notanip", Tags: []Tag{{"aliyun:zz", "x"}},
	}
	problems := r.Validate(false)
	var parameters []string
	for _, p := range problems {
		parameters = append(parameters, p.Parameter)
	}
	if got := strings.Join(parameters, " "); got != "InstanceName InstanceCount TimeToLiveInHours IpAddressRange Tag" {
		t.Errorf("problems with %s", got)
	}
	for _, word := range []string{"1bad", "99999", "77", "notanip", "aliyun:zz=x"} {
		if !strings.Contains(problems.Error(), word) {
			t.Errorf("%s is not in %q", word, problems.Error())
		}
	}
}

func TestValidateList(t *testing.T) {
	empty, long := "", strings.Repeat("v", 129)
	for name, r := range map[string]ListRequest{
		"nothing":          {},
		"the smallest":     {PageNumber: 1, PageSize: 1, MaxResults: 1},
		"the largest":      {PageSize: 50, MaxResults: 50, PageNumber: 1<<31 - 1},
		"every filter":     {ActivationId: exampleId, InstanceName: "1 odd name", ResourceGroupId: "any", NextToken: "x/+="},
		"a tag of any":     {Tags: []TagFilter{{Key: "env"}}},
		"a tag of nothing": {Tags: []TagFilter{{Key: "env", Value: &empty}}},
	} {
		r.RegionId = "cn-hangzhou"
		if problems := r.Validate(); len(problems) > 0 {
			t.Errorf("%s: %q", name, problems)
		}
	}
	for _, test := range []struct {
		r         ListRequest
		parameter string
		rule      error
	}{
		{ListRequest{ActivationId: "a/b"}, "ActivationId", FormActivationId},
		{ListRequest{ActivationId: strings.Repeat("a", 65)}, "ActivationId", FormActivationId},
		{ListRequest{InstanceName: "a\x1b"}, "InstanceName", FormText},
		{ListRequest{ResourceGroupId: "\xff"}, "ResourceGroupId", FormText},
		{ListRequest{NextToken: "a\r\n"}, "NextToken", FormText},
		{ListRequest{PageNumber: -1}, "PageNumber", Range{1, 1<<31 - 1, ""}},
		{ListRequest{PageSize: 51}, "PageSize", Range{1, 50, ""}},
		{ListRequest{PageSize: -1}, "PageSize", Range{1, 50, ""}},
		{ListRequest{MaxResults: 51}, "MaxResults", Range{1, 50, ""}},
		{ListRequest{Tags: make21Filters()}, "Tag", TooMany{20, 21}},
		{ListRequest{Tags: []TagFilter{{Key: ""}}}, "Tag", Length{TagKey, 1, 64, 0}},
		{ListRequest{Tags: []TagFilter{{Key: "acs:x"}}}, "Tag", reserved},
		{ListRequest{Tags: []TagFilter{{Key: "a", Value: &long}}}, "Tag", Length{TagValue, 0, 128, 129}},
	} {
		test.r.RegionId = "cn-hangzhou"
		problems := test.r.Validate()
		wantProblem(t, fmt.Sprintf("%+v", test.r), problems, test.parameter, test.rule)
		if page := (Source{"DescribeActivations", "2024-01-17"}); problems[0].Source != page && problems[0].Judged {
			t.Errorf("%+v: source %q", test.r, problems[0].Source)
		}
	}
	wantProblem(t, "no region", ListRequest{}.Validate(), "RegionId", NotSet{})
}

func make21Filters() []TagFilter {
	list := make([]TagFilter, 21)
	for i := range list {
		list[i].Key = fmt.Sprintf("key-%d", i)
	}
	return list
}

func TestValidateRegion(t *testing.T) {
	if problems := ValidateRegion("cn-hangzhou"); len(problems) > 0 {
		t.Errorf("%q", problems)
	}
	wantProblem(t, "none", ValidateRegion(""), "RegionId", NotSet{})
	wantProblem(t, "near miss", ValidateRegion("cn_beijing"), "RegionId", NotRegion{"cn_beijing"})
}
