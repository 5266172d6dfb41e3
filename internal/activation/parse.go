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
