package sandbox

import (
	"math"
	"slices"
)

// filter is what a DescribeActivations asks for; empty fields ask for nothing.
// Names and groups must be equal, not only begin alike: the page documents no
// wildcard.
type filter struct {
	ActivationId    string
	InstanceName    string
	ResourceGroupId string
	tags            []tagFilter
}

// tagFilter asks for a key with a value, or for a key with any value when none
// was given. An empty value that was given is a value.
type tagFilter struct {
	tag
	anyValue bool
}

func readFilter(c *call) (filter, error) {
	wanted := filter{
		ActivationId:    c.text("ActivationId"),
		InstanceName:    c.text("InstanceName"),
		ResourceGroupId: c.text("ResourceGroupId"),
	}
	tags, err := readTags(c)
	if err != nil {
		return wanted, err
	}
	numbers, err := tagNumbers(c)
	for i, n := range numbers {
		_, given := c.given[tagParameter(n, "Value")]
		wanted.tags = append(wanted.tags, tagFilter{tag: tags[i], anyValue: !given})
	}
	return wanted, err
}

func (f filter) isEmpty() bool {
	return f.ActivationId == "" && f.InstanceName == "" && f.ResourceGroupId == "" && len(f.tags) == 0
}

// ceiling is how many codes are answered in all: 1,000 for a filter by tags
// (DescribeActivations, 2024-01-17).
func (f filter) ceiling() int {
	if len(f.tags) > 0 {
		return tagFilterMax
	}
	return math.MaxInt
}

func (f filter) fits(row []byte) (bool, error) {
	if f.isEmpty() {
		return true, nil
	}
	var code activation
	if err := decode(row, &code); err != nil {
		return false, err
	}
	return (f.InstanceName == "" || f.InstanceName == code.InstanceName) &&
		(f.ResourceGroupId == "" || f.ResourceGroupId == code.ResourceGroupId) &&
		!slices.ContainsFunc(f.tags, func(t tagFilter) bool { return !t.isOn(code) }), nil
}

func (t tagFilter) isOn(code activation) bool {
	return slices.ContainsFunc(code.Tags, func(on tag) bool {
		return on.TagKey == t.TagKey && (t.anyValue || on.TagValue == t.TagValue)
	})
}
