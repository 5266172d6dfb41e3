package sandbox

import (
	"slices"
	"strconv"
	"strings"
)

// attributesAnswer is what DescribeAccountAttributes answers: the plural elements wrap the
// singular ones, as in the older parts of the API.
type attributesAnswer struct {
	RequestId             string
	AccountAttributeItems struct{ AccountAttributeItem []attribute }
}

type attribute struct {
	AttributeName   string
	AttributeValues struct{ ValueItem []attributeValue }
}

type attributeValue struct{ Value string }

// describeAccount is DescribeAccountAttributes, for the two attributes that concern codes:
// the quota, and the name that must be verified in the Chinese mainland. Others are left
// out of the answer, also when they are asked for.
func (s *Sandbox) describeAccount(c *call, _ *state) (any, error) {
	known := []struct{ name, value string }{
		{"max-cloud-assistant-activation-count", strconv.Itoa(s.limits.quota)},
		{"real-name-authentication", "yes"},
	}
	asked := attributesAsked(c)
	answer := attributesAnswer{RequestId: c.RequestId}
	items := &answer.AccountAttributeItems.AccountAttributeItem
	*items = []attribute{}
	for _, k := range known {
		if len(asked) == 0 || slices.Contains(asked, k.name) {
			a := attribute{AttributeName: k.name}
			a.AttributeValues.ValueItem = []attributeValue{{k.value}}
			*items = append(*items, a)
		}
	}
	return answer, nil
}

// attributesAsked are the values of AttributeName.N.
func attributesAsked(c *call) []string {
	var names []string
	for parameter, name := range c.given {
		if strings.HasPrefix(parameter, "AttributeName.") {
			names = append(names, name)
		}
	}
	return names
}
