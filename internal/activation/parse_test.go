package activation

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParseTimeToLive(t *testing.T) {
	for text, want := range map[string]int{"4": 4, "4h": 4, "1": 1, "24h": 24, "04": 4, "876576": 876576, "2147483647h": 2147483647} {
		if got, err := ParseTimeToLive(text); err != nil || got != want {
			t.Errorf("%q: %d, %v", text, got, err)
		}
	}
	for _, test := range []struct{ text, says string }{
		{"90m", "whole hours"}, {"1h30m", "whole hours"}, {"1.5h", "whole hours"}, {"60m", "whole hours"},
		{"-4h", "whole hours"}, {"0h", "at least 1"}, {"0", "at least 1"}, {"-1", "at least 1"}, {"+4", "at least 1"},
		{"", "number of hours"}, {"h", "number of hours"}, {"4hh", "number of hours"}, {"4 h", "number of hours"},
		{"4H", "number of hours"}, {"4d", "number of hours"}, {"four", "number of hours"}, {"0x4", "number of hours"},
		{"1_0", "number of hours"}, {"٤", "number of hours"}, {"2147483648", "number of hours"},
		{"99999999999999999999h", "number of hours"}, {"1e3", "number of hours"},
	} {
		got, err := ParseTimeToLive(test.text)
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

func TestParseAge(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0s": 0, "0": 0, "90m": 90 * time.Minute, "36h": 36 * time.Hour, "1h30m": 90 * time.Minute,
		"1d": 24 * time.Hour, "30d": 720 * time.Hour, "36500d": 36500 * 24 * time.Hour,
	} {
		if got, err := ParseAge(text); err != nil || got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "d", "7", "-1h", "-1d", "0d", "1.5d", "7 d", "7D", "1d12h", "36501d", "99999999999999999999d", "week"} {
		if got, err := ParseAge(text); err == nil || got != 0 {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}
