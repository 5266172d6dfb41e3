package ui

import "testing"

func TestTheSettingOfColourDecidesFirst(t *testing.T) {
	type env map[string]string
	for _, test := range []struct {
		word     string
		env      env
		terminal bool
		want     bool
	}{
		{"auto", nil, true, true},
		{"auto", nil, false, false},
		{"", nil, true, true},
		{"auto", env{"TERM": "dumb"}, true, false},
		{"auto", env{"TERM": "xterm-256color"}, true, true},
		{"auto", env{"NO_COLOR": "1"}, true, false},
		{"auto", env{"NO_COLOR": "0"}, true, false}, // no-color.org: whatever its value
		{"auto", env{"NO_COLOR": ""}, true, true},
		{"auto", env{"CLICOLOR_FORCE": "1"}, false, true},
		{"auto", env{"CLICOLOR_FORCE": "1", "TERM": "dumb"}, true, true},
		{"auto", env{"CLICOLOR_FORCE": ""}, false, false},
		{"auto", env{"CLICOLOR_FORCE": "0"}, false, false},
		{"auto", env{"CLICOLOR_FORCE": "0"}, true, true}, // bixense.com/clicolors: 0 forces nothing
		{"auto", env{"CLICOLOR_FORCE": "0", "TERM": "dumb"}, true, false},
		{"auto", env{"NO_COLOR": "1", "CLICOLOR_FORCE": "1"}, true, false},
		{"always", env{"NO_COLOR": "1", "TERM": "dumb"}, false, true},
		{"always", nil, false, true},
		{"never", env{"CLICOLOR_FORCE": "1"}, true, false},
		{"never", nil, true, false},
	} {
		lookup := func(name string) (string, bool) { value, set := test.env[name]; return value, set }
		if got := colorFor(test.word, lookup, test.terminal); got != test.want {
			t.Errorf("--color %s, %v, terminal %t: %t", test.word, test.env, test.terminal, got)
		}
	}
}

func TestOnlyAStreamWithColourIsPainted(t *testing.T) {
	coloured, plain := &Stream{Color: true}, &Stream{Terminal: true}
	if got := coloured.Paint(Red, "error:"); got != "\x1b[31merror:\x1b[0m" {
		t.Errorf("%q", got)
	}
	if got := plain.Paint(Red, "error:"); got != "error:" {
		t.Errorf("%q", got)
	}
	if got := coloured.Paint(Red, ""); got != "" {
		t.Errorf("nothing is painted as %q", got)
	}
}
