package cloud

import (
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Tag is a key with a value, as codes and machines have it.
type Tag struct {
	TagKey   string
	TagValue string
}

// TagInput is Tag.N.Key and Tag.N.Value of a request. A value that is not given is an empty one, except in a
// filter.
type TagInput struct {
	N          int
	Key        string
	Value      string
	ValueGiven bool
}

// readTags checks the tags of a request and returns them in their order.
func readTags(given []TagInput) ([]Tag, error) {
	tags := []Tag{}
	for _, t := range given {
		if t.N < 1 || t.N > tagsMax {
			return nil, tooManyTags()
		}
		tags = append(tags, Tag{TagKey: t.Key, TagValue: t.Value})
	}
	return tags, checkTags(tags)
}

func checkTags(tags []Tag) error {
	if len(tags) > tagsMax {
		return tooManyTags()
	}
	for i, t := range tags {
		if err := t.check(); err != nil {
			return err
		}
		if slices.ContainsFunc(tags[:i], func(other Tag) bool { return other.TagKey == t.TagKey }) {
			return Refuse("Duplicate.TagKey", "The Tag.N.Key contain duplicate key.")
		}
	}
	return nil
}

func tooManyTags() *Error {
	return Refuse("NumberExceed.Tags", "The Tags parameter number is exceed.")
}

func (t Tag) check() error {
	if t.TagKey == "" {
		return Refuse("MissingParameter.TagKey", "You must specify Tag.N.Key.")
	}
	if utf8.RuneCountInString(t.TagKey) > tagKeyMax || strings.HasPrefix(t.TagKey, "aliyun") ||
		strings.HasPrefix(t.TagKey, "acs:") || containsURL(t.TagKey) {
		return Refuse("InvalidTagKey.Malformed", "The specified Tag.n.Key is not valid.")
	}
	if utf8.RuneCountInString(t.TagValue) > tagValueMax || containsURL(t.TagValue) {
		return Refuse("InvalidTagValue.Malformed", "The specified Tag.n.Value is not valid.")
	}
	return nil
}

// tagFilters match what has all of their tags.
type tagFilters []tagFilter

// tagFilter matches a key with a value, or a key with any value if none was given. An empty value that was
// given is a value.
type tagFilter struct {
	Tag
	anyValue bool
}

func readTagFilters(given []TagInput) (tagFilters, error) {
	tags, err := readTags(given)
	if err != nil {
		return nil, err
	}
	var filters tagFilters
	for i, t := range tags {
		filters = append(filters, tagFilter{Tag: t, anyValue: !given[i].ValueGiven})
	}
	return filters, nil
}

// most returns how many rows are returned in all: 1,000 for a filter by tags (DescribeActivations,
// 2024-01-17).
func (f tagFilters) most() int {
	if len(f) > 0 {
		return tagFilterMax
	}
	return math.MaxInt
}

func (f tagFilters) matchAll(tags []Tag) bool {
	return !slices.ContainsFunc(f, func(t tagFilter) bool { return !t.isIn(tags) })
}

func (t tagFilter) isIn(tags []Tag) bool {
	return slices.ContainsFunc(tags, func(other Tag) bool {
		return other.TagKey == t.TagKey && (t.anyValue || other.TagValue == t.TagValue)
	})
}
