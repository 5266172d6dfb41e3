package activation

import (
	"errors"
	"strings"
	"testing"
)

func TestParseTimeToLive(t *testing.T) {
	for text, want := range map[string]int{"4": 4, "4h": 4, "1": 1, "24h": 24, "04": 4, "876576": 876576, "2147483647h": 2147483647} {
		if got, err := parseTimeToLive(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, test := range []struct{ text, says string }{
		{"90m", "whole hours"}, {"1h30m", "whole hours"}, {"1.5h", "whole hours"}, {"60m", "whole hours"},
		{"1d", "whole hours: 24h"}, {"1d12h", "whole hours: 36h"}, {"-4h", "number of hours"}, {"0h", "at least 1"}, {"0", "at least 1"}, {"-1", "at least 1"}, {"+4", "at least 1"},
		{"", "number of hours"}, {"h", "number of hours"}, {"4hh", "number of hours"}, {"4 h", "number of hours"},
		{"4H", "number of hours"}, {"4d", "whole hours: 96h"}, {"four", "number of hours"}, {"0x4", "number of hours"},
		{"1_0", "number of hours"}, {"٤", "number of hours"}, {"2147483648", "too large"},
		{"99999999999999999999h", "too large"}, {"1e3", "number of hours"},
	} {
		got, err := parseTimeToLive(test.text)
		if err == nil || got != 0 || !strings.Contains(err.Error(), test.says) {
			t.Errorf("%q: %d, %v; the error must say %q", test.text, got, err, test.says)
		}
	}
}

func TestParseCount(t *testing.T) {
	for text, want := range map[string]int{"1": 1, "10": 10, "010": 10, "1000": 1000, "2147483647": 2147483647} {
		if got, err := ParseCount(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "0", "00", "-1", "+1", "1.0", "1e3", "1,000", " 1", "1 ", "ten", "0x10", "2147483648", "18446744073709551617"} {
		if got, err := ParseCount(text); err == nil || got != 0 {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
}

func TestParseTag(t *testing.T) {
	for text, want := range map[string]Tag{
		"env=prod":       {"env", "prod"},
		"env=":           {"env", ""},
		"query=a=b=c":    {"query", "a=b=c"},
		"k==":            {"k", "="},
		"=v":             {"", "v"}, // Validate refuses the key, with its rule
		"部门=研发":          {"部门", "研发"},
		" env = prod ":   {" env ", " prod "},
		"a:b/c.d=e f\"g": {"a:b/c.d", "e f\"g"},
	} {
		if got, err := ParseTag(text); err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "env", "env:prod"} {
		got, err := ParseTag(text)
		if err == nil || got != (Tag{}) || !errors.Is(err, KeyValue{text}) {
			t.Errorf("%q: %+v, %v; the error must show how an empty value is written", text, got, err)
		}
	}
}

func TestParseTagFilter(t *testing.T) {
	for _, test := range []struct{ text, key, value string }{
		{"env=prod", "env", "prod"}, {"env=", "env", ""}, {"a=b=c", "a", "b=c"}, {"=v", "", "v"},
	} {
		got := ParseTagFilter(test.text)
		if got.Key != test.key || got.Value == nil || *got.Value != test.value {
			t.Errorf("%q: %+v", test.text, got)
		}
	}
	for _, text := range []string{"env", ""} {
		if got := ParseTagFilter(text); got.Key != text || got.Value != nil {
			t.Errorf("%q: %+v", text, got)
		}
	}
}
