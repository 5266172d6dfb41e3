package ui

import (
	"errors"
	"strings"
	"testing"

	"github.com/olekukonko/tablewriter/pkg/twwidth"
)

// display is a screen of that size, and what was written to it.
func display(width, height int) (*Screen, *counting) {
	out := &counting{}
	streams := &IO{Out: &Stream{Writer: out, Terminal: true, Size: func() (int, int) { return width, height }}}
	screen := streams.Screen()
	screen.Measure()
	return screen, out
}

func TestAFrameIsDrawnFromTheTopInOneWrite(t *testing.T) {
	screen, out := display(40, 5)
	if err := errors.Join(screen.Draw([]string{"one", "two"}), screen.Draw([]string{"three"}), screen.End()); err != nil {
		t.Fatal(err)
	}
	const begin, end = "\x1b[?25l\x1b[H", "\x1b[J\x1b[?25h"
	want := strings.Repeat("\n", 4) + begin + "\x1b[Kone\n\x1b[Ktwo\n" + end + begin + "\x1b[Kthree\n" + end + "\r\x1b[J"
	if out.String() != want || out.calls != 3 {
		t.Errorf("%d writes\n got %q\nwant %q", out.calls, out, want)
	}
}

func TestAFrameLeavesTheLastLineOfTheTerminalFree(t *testing.T) {
	for height, want := range map[int]int{24: 23, 5: 4, 2: 1, 1: 1} {
		screen, out := display(40, height)
		if room := screen.Measure(); room != want {
			t.Errorf("%d lines have room for %d, want %d", height, room, want)
		}
		if err := screen.Draw(make([]string, 30)); err != nil || strings.Count(out.String(), clearLine) != want {
			t.Errorf("%d lines: %v, %q", height, err, out)
		}
	}
}

func TestAScreenFollowsTheSizeOfItsTerminal(t *testing.T) {
	width := 80
	screen, out := display(80, 24)
	screen.out.Size = func() (int, int) { return width, 24 }
	for _, width = range []int{80, 4} {
		screen.Measure()
		if err := screen.Draw([]string{"a line"}); err != nil {
			t.Fatal(err)
		}
	}
	if !strings.Contains(out.String(), "a line\n") || !strings.Contains(out.String(), "a l…\n") {
		t.Errorf("%q", out)
	}
}

func TestALineIsTruncatedToItsColumns(t *testing.T) {
	red := func(text string) string { return "\x1b[31m" + text + sgrReset }
	for _, test := range []struct {
		line  string
		width int
		want  string
	}{
		{"", 3, ""}, {"abc", 3, "abc"}, {"abcd", 3, "ab…"}, {"abcd", 1, "…"},
		{"网页服务器", 10, "网页服务器"}, {"网页服务器", 9, "网页服务…"}, {"网页服务器", 4, "网…"},
		{red("abc"), 3, red("abc")}, {red("abcd"), 3, "\x1b[31mab…" + sgrReset}, {"ab" + red("cd"), 3, "ab" + red("…")},
		{red("ab") + "cdef", 4, red("ab") + "c…" + sgrReset},
	} {
		if got := truncate(test.line, test.width); got != test.want {
			t.Errorf("%q to %d: %q, want %q", test.line, test.width, got, test.want)
		}
	}
}

func FuzzALineIsNeverWiderThanItsTerminal(f *testing.F) {
	f.Add("网页服务器 of the web", uint8(7))
	f.Add("\x1b[31mred\x1b[0m and more", uint8(5))
	f.Fuzz(func(t *testing.T, text string, width uint8) {
		columns := int(width)%200 + 1
		line := (&Stream{Color: true}).Paint(Red, Clean(text))
		if got := truncate(line, columns); twwidth.WidthNoCache(got) > columns {
			t.Fatalf("%q has %d columns, want at most %d", got, twwidth.WidthNoCache(got), columns)
		}
	})
}

func TestAFrameThatCannotBeDrawnIsAnError(t *testing.T) {
	screen, _ := display(40, 5)
	screen.out.Writer = &full{0}
	if err := screen.Draw([]string{"one"}); !errors.Is(err, errFull) {
		t.Error(err)
	}
}
