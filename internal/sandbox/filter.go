package sandbox

import (
	"math"
	"slices"

	"ecs-activation/internal/sandbox/store"
)

// filter is what a DescribeActivations asks for; empty fields ask for nothing.
// Names and groups must be equal, not only begin alike: the page documents no
// wildcard.
type filter struct {
	ActivationId    string
	InstanceName    string
	ResourceGroupId string
	tags            tagFilters
}

// tagFilters ask for all of their tags.
type tagFilters []tagFilter

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
	var err error
	wanted.tags, err = readTagFilters(c)
	return wanted, err
}

func readTagFilters(c *call) (tagFilters, error) {
	tags, err := readTags(c)
	if err != nil {
		return nil, err
	}
	numbers, err := tagNumbers(c)
	var wanted tagFilters
	for i, n := range numbers {
		_, given := c.given[tagParameter(n, "Value")]
		wanted = append(wanted, tagFilter{tag: tags[i], anyValue: !given})
	}
	return wanted, err
}

func (f filter) isEmpty() bool {
	return f.ActivationId == "" && f.InstanceName == "" && f.ResourceGroupId == "" && len(f.tags) == 0
}

func (f filter) named() string { return f.ActivationId }

func (f filter) ceiling() int { return f.tags.ceiling() }

// show sends a code as it is stored.
func (f filter) show(row []byte) ([]byte, error) { return row, nil }

func (f filter) fits(row []byte) (bool, error) {
	if f.isEmpty() {
		return true, nil
	}
	var code activation
	if err := store.Decode(row, &code); err != nil {
		return false, err
	}
	return (f.InstanceName == "" || f.InstanceName == code.InstanceName) &&
		(f.ResourceGroupId == "" || f.ResourceGroupId == code.ResourceGroupId) &&
		f.tags.allOn(code.Tags), nil
}

// ceiling is how many rows are answered in all: 1,000 for a filter by tags
// (DescribeActivations, 2024-01-17).
func (f tagFilters) ceiling() int {
	if len(f) > 0 {
		return tagFilterMax
	}
	return math.MaxInt
}

func (f tagFilters) allOn(tags []tag) bool {
	return !slices.ContainsFunc(f, func(t tagFilter) bool { return !t.isOn(tags) })
}

func (t tagFilter) isOn(tags []tag) bool {
	return slices.ContainsFunc(tags, func(on tag) bool {
		return on.TagKey == t.TagKey && (t.anyValue || on.TagValue == t.TagValue)
	})
}
