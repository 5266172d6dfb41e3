package ui

import (
	"math"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"
)

func TestTextFromOtherSourcesCannotControlATerminal(t *testing.T) {
	for text, want := range map[string]string{
		"":                             "",
		"web server":                   "web server",
		"网页服务器 café 😀":                 "网页服务器 café 😀",
		`quotes " ' and \ backslashes`: `quotes " ' and \ backslashes`,
		"\x1b[31mred\x1b[0m":           `\x1b[31mred\x1b[0m`,
		"\u009b31mred":                 `\u009b31mred`,
		"\x1b]0;title\x07":             `\x1b]0;title\a`,
		"\x1b]8;;http://evil\x1b\\x":   `\x1b]8;;http://evil\x1b\x`,
		"two\nlines\r\n":               `two\nlines\r\n`,
		"a\tb":                         `a\tb`,
		"back\b\b":                     `back\b\b`,
		"nul\x00del\x7f":               `nul\x00del\x7f`,
		"next\u0085line":               `next\u0085line`,
		"left\u202eright\u2066x\u2069": `left\u202eright\u2066x\u2069`,
		"zero\u200bwidth\ufeff":        `zero\u200bwidth\ufeff`,
		"line\u2028par\u2029":          `line\u2028par\u2029`,
		"soft\u00adhyphen":             `soft\u00adhyphen`,
		"tag\U000e0041":                `tag\U000e0041`,
		"bad\xff\xfeutf8":              `bad\xff\xfeutf8`,
		"cut\xe6\xbf":                  `cut\xe6\xbf`,
		"a replacement \ufffd":         "a replacement \ufffd",
	} {
		if got := Clean(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestLinesAreCleanedOneByOne(t *testing.T) {
	if got := CleanLines("one\x1b[2J\n  two\t\r\nthree\n"); got != "one\\x1b[2J\n  two\\t\\r\nthree\n" {
		t.Errorf("%q", got)
	}
}

func FuzzCleanTextHoldsNoControlCharacters(f *testing.F) {
	for _, seed := range []string{"", "web", "\x1b[31m", "\u202e", "\xff", "a\nb", "\u2028", "网", "\U000e0041", `\x1b`, "\xed\xa0\x80"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := Clean(text)
		for _, r := range clean {
			if unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp) {
				t.Fatalf("%q becomes %q", text, clean)
			}
		}
		if !utf8.ValidString(clean) || Clean(clean) != clean {
			t.Fatalf("%q becomes %q, and that %q", text, clean, Clean(clean))
		}
		if (text == "") != (clean == "") || strings.Count(CleanLines(text), "\n") != strings.Count(text, "\n") {
			t.Fatalf("%q becomes %q", text, clean)
		}
	})
}

func TestASpanHasItsTwoLargestUnits(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 400 * time.Millisecond: "0s", 500 * time.Millisecond: "1s", 40 * time.Second: "40s", 59 * time.Second: "59s",
		59600 * time.Millisecond: "1m 0s", time.Minute: "1m 0s", 65 * time.Second: "1m 5s", time.Hour - time.Second: "59m 59s",
		time.Hour: "1h 0m", 2*time.Hour + 5*time.Minute + 59*time.Second: "2h 5m", 24*time.Hour - time.Second: "23h 59m",
		24 * time.Hour: "1d 0h", 76*time.Hour + 59*time.Minute: "3d 4h", 876576 * time.Hour: "36524d 0h",
		-90 * time.Second: "1m 30s", math.MinInt64: "106751d 23h",
	} {
		if got := Span(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestATimeIsRelativeToNow(t *testing.T) {
	now := time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		2*time.Hour + 5*time.Minute: "in 2h 5m", -5 * time.Minute: "5m 0s ago", 0: "0s ago", time.Second: "in 1s", -26 * time.Hour: "1d 2h ago",
	} {
		if got := Language(nil).Relative(now, now.Add(d).In(time.FixedZone("", 3600))); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestACountdownShowsEverySecondOfTheLastDay(t *testing.T) {
	now := time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)
	for d, want := range map[time.Duration]string{
		24*time.Hour + time.Second: "in 1d 0h", 24 * time.Hour: "in 1d 0h", 24*time.Hour - time.Second: "in 23:59:59",
		2*time.Hour + 5*time.Minute + 9*time.Second: "in 2:05:09", 61 * time.Second: "in 0:01:01", time.Second: "in 0:00:01",
		0: "0s ago", -61 * time.Second: "1m 1s ago",
	} {
		if got := Language(nil).Countdown(now, now.Add(d)); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

func TestABarIsFilledAsFarAsTheWholeIsUsed(t *testing.T) {
	for _, test := range []struct {
		used, whole, width int
		want               string
	}{
		{0, 10, 6, "░░░░░░"}, {5, 10, 6, "███░░░"}, {10, 10, 6, "██████"}, {1, 1000, 6, "█░░░░░"}, {3, 10, 6, "██░░░░"},
		{20, 10, 6, "██████"}, {-1, 10, 6, "░░░░░░"}, {0, 0, 6, "░░░░░░"}, {5, 0, 6, "░░░░░░"}, {5, 10, 0, ""},
	} {
		if got := Bar(test.used, test.whole, test.width); got != test.want {
			t.Errorf("%d of %d: %s, want %s", test.used, test.whole, got, test.want)
		}
	}
}

func TestANumberHasItsNoun(t *testing.T) {
	for n, want := range map[int]string{
		0: "0 codes", 1: "1 code", 2: "2 codes", 999: "999 codes", 1000: "1,000 codes", 12345: "12,345 codes", 80000: "80,000 codes",
		1234567: "1,234,567 codes", 1000000000: "1,000,000,000 codes",
	} {
		if got := Language(nil).Count(n, "%s code", "%s codes"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}

func TestSafeCleansForATerminalOnly(t *testing.T) {
	const text = "a\x1b[31mb"
	for terminal, want := range map[bool]string{true: `a\x1b[31mb`, false: text} {
		if got := (&Stream{Terminal: terminal}).Safe(text); got != want {
			t.Errorf("terminal %v: %q", terminal, got)
		}
	}
}

func TestSafeTextKeepsLineBreaksAndTabs(t *testing.T) {
	const text = "a\tb\nred\x1b[31m\r"
	if got := (&Stream{Terminal: true}).SafeText(text); got != "a\tb\nred\\x1b[31m\\r" {
		t.Errorf("%q", got)
	}
	if got := (&Stream{}).SafeText(text); got != text {
		t.Errorf("%q in a pipe", got)
	}
}
