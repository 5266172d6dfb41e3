package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"ecs-activation/internal/tools/pty"
)

func TestTheCommittedPictureIsUpToDate(t *testing.T) {
	needsTerminal(t)
	folder := t.TempDir()
	binary := filepath.Join(folder, "ecs-activation")
	if out, err := exec.Command("go", "build", "-o", binary, "ecs-activation/cmd/ecs-activation").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for language, file := range map[string]string{"en": "terminal.svg", "zh": "terminal.zh-CN.svg"} {
		want, err := picture(t.Context(), binary, language)
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join("..", "..", "..", "docs", file))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("docs/%s is out of date: run make picture", file)
		}
	}
}

// needsTerminal skips the test if this machine has no pseudo-terminals.
func needsTerminal(t *testing.T) {
	t.Helper()
	control, device, err := pty.Open(columns)
	if err != nil {
		t.Skip("there is no pseudo-terminal: ", err)
	}
	if err := errors.Join(device.Close(), control.Close()); err != nil {
		t.Fatal(err)
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		text string
		want span // the last one
	}{
		{"ID", span{0, 2, "", "ID"}},
		{"ID   NAME", span{5, 4, "", "NAME"}},
		{"  web", span{2, 3, "", "web"}},
		{"a b", span{0, 3, "", "a b"}},
		{"\x1b[1mUSES\x1b[0m  0/10", span{6, 4, "", "0/10"}},
		{"x \x1b[31merror:\x1b[0m", span{2, 6, "r", "error:"}},
		{"激活码  █░", span{8, 2, "", "█░"}},
		{"x  激活码 ID", span{3, 9, "", "激活码 ID"}},
	} {
		lines, err := split(test.text + "\n")
		if err != nil || len(lines) != 1 || len(lines[0]) == 0 || lines[0][len(lines[0])-1] != test.want {
			t.Errorf("%q: %v %v, not %v", test.text, lines, err, test.want)
		}
	}
}

func TestSplitRefusesWhatAPictureCannotShow(t *testing.T) {
	for _, text := range []string{"\x1b[K", "\x1b[33mx", "\x1b[?25l", "\x1b[1", strings.Repeat("码", columns/2) + "x"} {
		if lines, err := split(text); err == nil {
			t.Errorf("%q is %v", text, lines)
		}
	}
}

func TestSample(t *testing.T) {
	a, b := "4ECEEE12-56F1-4FBC-9AB1-890F12345678", "00000000-56F1-4FBC-9AB1-890F12345678"
	got := strings.Fields(sample(a + " " + b + " " + a + " 2031-01-02T03:04:05Z"))
	if got[0] != got[2] || got[0] == got[1] || got[0] == a || len(got[0]) != len(a) || got[3] != "2026-11-22T22:10:40Z" {
		t.Error(got)
	}
}

func TestPlayReportsAHiddenStepThatFails(t *testing.T) {
	needsTerminal(t)
	if text, err := play(t.Context(), "/bin/false", "en"); err == nil {
		t.Error(text)
	}
}
