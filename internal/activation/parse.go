package activation

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/duration"
)

// parseTimeToLive returns a lifetime in whole hours, at least 1, from a text such as "4" or "4h". It does not
// check the documented range.
func parseTimeToLive(text string) (int, error) {
	if hours, err := ParseCount(strings.TrimSuffix(text, "h")); err == nil || errors.Is(err, TooLarge{}) {
		return hours, err
	}
	d, err := duration.Parse(text)
	switch {
	case err != nil:
		return 0, FormHours
	case d > 0 && d%time.Hour == 0:
		return 0, InHours{int(d / time.Hour)}
	}
	return 0, FormWholeHours
}

// ParseCount returns a whole number, at least 1, from a text without a sign. (0 would mean "not given".) It
// does not check the documented range.
func ParseCount(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31) // the integers of the service
	switch {
	case errors.Is(err, strconv.ErrRange):
		return 0, TooLarge{}
	case err != nil || n == 0:
		return 0, FormCount
	}
	return int(n), nil
}

// ParseTag returns a tag from a text such as "key=value". The first "=" ends the key. The value may be
// empty.
func ParseTag(text string) (Tag, error) {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return Tag{}, KeyValue{text}
	}
	return Tag{TagKey: key, TagValue: value}, nil
}

// ParseTagFilter returns a filter from a text such as "key=value", or "key" for any value.
func ParseTagFilter(text string) TagFilter {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return TagFilter{Key: key}
	}
	return TagFilter{Key: key, Value: &value}
}

// CreateText is a request as it is written on a command line or in a file. A value that is empty was not
// given.
type CreateText struct {
	InstanceName, Description string
	InstanceCount, TimeToLive string
	IpAddressRange            string
	Tags                      []string // as key=value
	ResourceGroupId           string
}

// Request returns the texts as a request, and a problem for each text that is not valid. A value that was not
// given has its default.
func (c CreateText) Request() (r CreateRequest, problems Problems) {
	r = CreateRequest{
		InstanceName:      c.InstanceName,
		Description:       c.Description,
		InstanceCount:     DefaultInstanceCount,
		TimeToLiveInHours: DefaultTimeToLiveInHours,
		IpAddressRange:    c.IpAddressRange,
		ResourceGroupId:   c.ResourceGroupId,
	}
	Read(&problems, "InstanceCount", c.InstanceCount, &r.InstanceCount, ParseCount)
	Read(&problems, "TimeToLiveInHours", c.TimeToLive, &r.TimeToLiveInHours, parseTimeToLive)
	for _, text := range c.Tags {
		tag, err := ParseTag(text)
		if err != nil {
			problems.Add("Tag", text, err)
			continue
		}
		r.Tags = append(r.Tags, tag)
	}
	return r, problems
}

// Read parses a value into a variable if it was given, and adds a problem if it is not valid.
func Read[T any](p *Problems, parameter, text string, into *T, parse func(string) (T, error)) {
	if text == "" {
		return
	}
	value, err := parse(text)
	if err != nil {
		p.Add(parameter, text, err)
	}
	*into = value
}
