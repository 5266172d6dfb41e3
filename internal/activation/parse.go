package activation

import (
	"errors"
	"strconv"
	"strings"
	"time"
)

// ParseTimeToLive reads a lifetime in whole hours, at least one: "4" or "4h". It does not
// judge the documented range.
func ParseTimeToLive(text string) (int, error) {
	if hours, err := parseWhole(strings.TrimSuffix(text, "h")); err == nil {
		return hours, nil
	}
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, FormHours
	case d > 0 && d%time.Hour == 0:
		return 0, InHours{int(d / time.Hour)}
	}
	return 0, FormWholeHours
}

// ParseCount reads a whole number, at least 1, without sign: 0 would mean "not given". It
// does not judge the documented range.
func ParseCount(text string) (int, error) {
	n, err := parseWhole(text)
	if errors.Is(err, strconv.ErrRange) && strings.Trim(text, "0") != "" {
		return 0, TooLarge{}
	}
	if err != nil {
		return 0, FormCount
	}
	return n, nil
}

// parseWhole reads decimal digits, few enough to fit the service's integers.
func parseWhole(text string) (int, error) {
	n, err := strconv.ParseUint(text, 10, 31)
	if err == nil && n == 0 {
		err = strconv.ErrRange
	}
	return int(n), err
}

// ParseTag reads "key=value", cut at the first "=". The value may be empty.
func ParseTag(text string) (Tag, error) {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return Tag{}, KeyValue{text}
	}
	return Tag{TagKey: key, TagValue: value}, nil
}

// ParseTagFilter reads "key=value", or "key" alone for any value.
func ParseTagFilter(text string) TagFilter {
	key, value, found := strings.Cut(text, "=")
	if !found {
		return TagFilter{Key: key}
	}
	return TagFilter{Key: key, Value: &value}
}

// ParseAge reads a length of time, not negative: as Go writes it ("90m", "36h"), or in whole
// days ("30d").
func ParseAge(text string) (time.Duration, error) {
	const longest = 100 * 365 // in days; a Duration holds 292 years
	if days, err := parseWhole(strings.TrimSuffix(text, "d")); err == nil && strings.HasSuffix(text, "d") && days <= longest {
		return time.Duration(days) * 24 * time.Hour, nil
	}
	age, err := time.ParseDuration(text)
	if err != nil || age < 0 {
		return 0, FormAge
	}
	return age, nil
}

// CreateText is a request as texts, as a command line or a file has it. Empty ones were not given.
type CreateText struct {
	InstanceName, Description string
	InstanceCount, TimeToLive string
	IpAddressRange            string
	Tags                      []string // as key=value
	ResourceGroupId           string
}

// Request reads the texts, and returns every one that cannot be read. What was not given has its default.
func (c CreateText) Request() (r CreateRequest, problems Problems) {
	r = CreateRequest{
		InstanceName:      c.InstanceName,
		Description:       c.Description,
		InstanceCount:     DefaultInstanceCount,
		TimeToLiveInHours: DefaultTimeToLiveInHours,
		IpAddressRange:    c.IpAddressRange,
		ResourceGroupId:   c.ResourceGroupId,
	}
	problems.Read("InstanceCount", c.InstanceCount, &r.InstanceCount, ParseCount)
	problems.Read("TimeToLiveInHours", c.TimeToLive, &r.TimeToLiveInHours, ParseTimeToLive)
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

// Read parses a number that was given, and notes what is wrong with it.
func (p *Problems) Read(parameter, text string, into *int, parse func(string) (int, error)) {
	if text == "" {
		return
	}
	n, err := parse(text)
	if err != nil {
		p.Add(parameter, text, err)
	}
	*into = n
}
