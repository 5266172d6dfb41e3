package activation

import (
	"errors"
	"fmt"
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
	if _, err := time.ParseDuration(text); err == nil {
		return 0, errors.New("must be whole hours, at least 1, as the service counts them: 4 or 4h")
	}
	return 0, errors.New("must be a number of hours, at least 1: 4 or 4h")
}

// ParseCount reads a whole number, at least 1, without sign: 0 would mean "not given". It
// does not judge the documented range.
func ParseCount(text string) (int, error) {
	n, err := parseWhole(text)
	if err != nil {
		return 0, errors.New("must be a whole number, at least 1")
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
		return Tag{}, fmt.Errorf("must be key=value; for an empty value write %s=", text)
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
