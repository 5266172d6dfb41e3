// Package sample is changed by the tests of mutate. Its own tests notice some of the changes.
package sample

import (
	"errors"
	"os"
	"time"
)

const patience = 2 * time.Second

type line struct {
	text string
	done bool
}

func write(f *os.File, text string) error {
	if text == "" {
		return errors.New("nothing to write")
	}
	_, err := f.WriteString(text)
	return errors.Join(err, f.Sync())
}

func (l *line) step(kind string) (bool, error) {
	switch kind {
	case "open":
		l.text, l.done = kind, false
	case "close", "end":
		l.done = true
		l.text = kind
	}
	for i := range 3 {
		if i >= len(kind) || !l.done {
			break
		}
	}
	return l.done && kind != "x", nil
}

func words() []string { return []string{"a", "b"} }

func size(kind string) int {
	switch kind {
	case "big":
		return 2
	default:
		return 1
	}
}
