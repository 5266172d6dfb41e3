package cloud

import (
	"slices"
	"strconv"
)

// Attribute is a name and a value of DescribeAccountAttributes.
type Attribute struct{ Name, Value string }

// DescribeAccountAttributes returns the two attributes that concern codes: the quota, and that the name is
// verified, which the Chinese mainland requires. It leaves out all others, even if they are asked for. No
// names ask for all.
func (a *Account) DescribeAccountAttributes(names []string) []Attribute {
	attributes := []Attribute{
		{"max-cloud-assistant-activation-count", strconv.Itoa(a.limits.quota)},
		{"real-name-authentication", "yes"},
	}
	if len(names) == 0 {
		return attributes
	}
	return slices.DeleteFunc(attributes, func(a Attribute) bool { return !slices.Contains(names, a.Name) })
}
