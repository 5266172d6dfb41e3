package sandbox

import (
	"encoding/xml"
	"strings"
	"testing"
)

func TestDescribeRegionsListsThoseOfTheLimitsWithThisSandboxAsEndpoint(t *testing.T) {
	for limits, number := range map[string]int{"2021": 3, "2024": 16, "2026": 25} {
		inBothDialects(t, Options{Limits: limits}, func(t *testing.T, _ *Sandbox, c *client) {
			regions := c.ok("DescribeRegions").fields["Regions"].(map[string]any)["Region"].([]any)
			if len(regions) != number {
				t.Errorf("%s: %d regions, want %d", limits, len(regions), number)
			}
			for _, r := range regions {
				r := r.(map[string]any)
				if "http://"+r["RegionEndpoint"].(string) != c.url || r["LocalName"] == "" || r["Status"] != "available" {
					t.Errorf("%v", r)
				}
				c.ok("DescribeActivations", "RegionId", r["RegionId"].(string))
			}
		})
	}
}

func TestDescribeAccountAttributesTellsTheQuota(t *testing.T) {
	inBothDialects(t, Options{Quota: 7}, func(t *testing.T, _ *Sandbox, c *client) {
		ask := func(names ...string) string {
			t.Helper()
			business := params("RegionId", "cn-hangzhou", "Format", "XML")
			for i, name := range names {
				business = with(business, "AttributeName."+string(rune('1'+i)), name)
			}
			var got struct {
				XMLName xml.Name `xml:"DescribeAccountAttributesResponse"`
				Items   []struct {
					AttributeName string
					Values        []string `xml:"AttributeValues>ValueItem>Value"`
				} `xml:"AccountAttributeItems>AccountAttributeItem"`
			}
			parseXML(t, c.ok("DescribeAccountAttributes", business...), &got)
			var pairs []string
			for _, item := range got.Items {
				pairs = append(pairs, item.AttributeName+"="+strings.Join(item.Values, "+"))
			}
			return strings.Join(pairs, " ")
		}
		for _, test := range []struct{ asked, want string }{
			{"", "max-cloud-assistant-activation-count=7 real-name-authentication=yes"},
			{"max-security-groups max-cloud-assistant-activation-count", "max-cloud-assistant-activation-count=7"},
			{"max-security-groups", ""},
		} {
			if got := ask(strings.Fields(test.asked)...); got != test.want {
				t.Errorf("%q: got %q, want %q", test.asked, got, test.want)
			}
		}
		c.refused(400, "MissingParameter", "DescribeAccountAttributes")
	})
}
