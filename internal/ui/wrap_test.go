package ui

import (
	"strings"
	"testing"
)

func TestLinesAreBrokenAtWords(t *testing.T) {
	for text, want := range map[string]string{
		"":                                      "",
		"fits in twenty cols.":                  "fits in twenty cols.",
		"does not fit in twenty":                "does not fit in\n  twenty",
		"a line\n  an indented one is too long": "a line\n  an indented one is\n    too long",
		"one, 4ECEEE12-56F1-4FBC-9AB1-890F12345678, two":        "one,\n  4ECEEE12-56F1-4FBC-9AB1-890F12345678,\n  two",
		"to stop it:  disable A":                                "to stop it:\n  disable A",
		"stop it:  disable A":                                   "stop it:  disable A",
		"this is how to stop it:  ecs-activation disable A B C": "this is how to stop\n  it:\n  ecs-activation disable A B C",
		"  columns  keep  their  gaps":                          "  columns  keep\n    their  gaps",
		"\x1b[31merror:\x1b[0m has no width":                    "\x1b[31merror:\x1b[0m has no width",
		"服务暂时不可用，请稍后再重复命令。":                                     "服务暂时不可用，请稍\n  后再重复命令。",
		"一二三四五六七八九十。":                                           "一二三四五六七八九\n  十。",
		"格式：table、wide、json、yaml":                               "格式：table、wide、\n  json、yaml",
		"一二三四五六七八九（默认）":                                         "一二三四五六七八九\n  （默认）",
		"IPv4、IPv6 或 CIDR（默认不限）":                                "IPv4、IPv6 或 CIDR\n  （默认不限）",
	} {
		if got := Wrap(text, 20, "  "); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

func TestNothingIsBrokenInAPipe(t *testing.T) {
	long := strings.Repeat("word ", 100)
	if got := (&Stream{}).Wrapped(long); got != long {
		t.Errorf("got %q", got)
	}
	if got := (&Stream{Width: 80}).Wrapped(long); got == long {
		t.Error("a terminal gets one long line")
	}
}

func FuzzWrappedLinesFitAndKeepTheirWords(f *testing.F) {
	f.Add("ecs-activation: error: cannot list: no credentials", uint8(20))
	f.Add("warning: a NEW code; to stop it:  ecs-activation disable cn-hangzhou/A", uint8(30))
	f.Add("  名称 \x1b[31m服务\x1b[0m 不可用，x:  y  z", uint8(9))
	f.Fuzz(func(t *testing.T, text string, columns uint8) {
		width := 1 + int(columns)
		wrapped := Wrap(text, width, "  ")
		if packed := strings.NewReplacer(" ", "", "\n", ""); packed.Replace(wrapped) != packed.Replace(text) {
			t.Fatalf("%q becomes %q", text, wrapped)
		}
		for line := range strings.SplitSeq(text, "\n") {
			_, command, _ := strings.Cut(line, ":  ")
			if !strings.Contains(wrapped, command) {
				t.Errorf("%q is broken: %q", command, wrapped)
			}
			for part := range strings.SplitSeq(Wrap(line, width, "  "), "\n") {
				tooWide, words := Width(part) > width, splitWords(strings.TrimLeft(part, " "))
				if tooWide && len(words) > 1 && strings.TrimSpace(words[1]) != "" && !strings.HasSuffix(part, command) {
					t.Errorf("%q has %d columns, more than %d", part, Width(part), width)
				}
			}
		}
	})
}
