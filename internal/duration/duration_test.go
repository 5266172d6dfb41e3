package duration

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]time.Duration{
		"0": 0, "0s": 0, "0d": 0, "30s": 30 * time.Second, "50ms": 50 * time.Millisecond, "90m": 90 * time.Minute,
		"2h": 2 * time.Hour, "36h": 36 * time.Hour, "1h30m": 90 * time.Minute, "1.5h": 90 * time.Minute,
		"1d": day, "01d": day, "1d12h": 36 * time.Hour, "1d36h": 60 * time.Hour, "1d0s": day, "30d": 30 * day,
		"36500d": 36500 * day, "876000h": 36500 * day,
	} {
		if got, err := Parse(text); err != nil || got != want {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
	for _, text := range []string{
		"", " ", "d", "7", "-1h", "+1h", "-1d", "+1d", "1d-1h", "1d+1h", "1.5d", "12h1d", "1d2d", "1d2", "7 d", " 1h", "1h ", "2h 5m", "7D", "2H",
		"1w", "week", "1h\n", "٤h", "36501d", "36500d1s", "65536d", "99999999999999999999d", "99999999999999999999h", "1d2562047h", "876001h",
	} {
		if got, err := Parse(text); !errors.Is(err, Form) || got != 0 {
			t.Errorf("%q: %s, %v", text, got, err)
		}
	}
}

func TestParsePositive(t *testing.T) {
	if d, err := ParsePositive("1s"); err != nil || d != time.Second {
		t.Errorf("1s: %s, %v", d, err)
	}
	if _, err := ParsePositive("0d"); !errors.Is(err, Positive) {
		t.Errorf("0d: %v", err)
	}
	if _, err := ParsePositive("x"); !errors.Is(err, Form) {
		t.Errorf("x: %v", err)
	}
}

func TestText(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", time.Second: "1s", 1500 * time.Millisecond: "1.5s", 50 * time.Millisecond: "50ms", time.Minute: "1m",
		90 * time.Minute: "1h30m", time.Hour: "1h", 5 * time.Hour: "5h", day: "1d", 36*time.Hour + time.Second: "1d12h1s",
	} {
		if got := Text(d); got != want {
			t.Errorf("%s: %s, want %s", d, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"30s", "90m", "1d12h", "1.5h", "36500d", "99999999999d", "-1h", "1d-1h", "", "0", "d", "1ns", "1µs", "9223372036854775807ns"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := Parse(text)
		if err != nil {
			if d != 0 || !errors.Is(err, Form) {
				t.Fatalf("%q: %s, %v", text, d, err)
			}
			return
		}
		if d < 0 || d > longest*day || strings.ContainsAny(text, "+- \n") {
			t.Fatalf("%q was read as %s", text, d)
		}
		if again, err := Parse(Text(d)); err != nil || again != d {
			t.Fatalf("%q is printed as %q, which is read as %s, %v", text, Text(d), again, err)
		}
		if same, err := time.ParseDuration(text); err == nil && same != d {
			t.Fatalf("%q is %s, and %s for Go", text, d, same)
		}
	})
}
