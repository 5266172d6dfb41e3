package ui

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

func TestOnlyYAndYesMeanYes(t *testing.T) {
	for answer, want := range map[string]bool{
		"y\n": true, "yes\n": true, "Y\n": true, "YES\n": true, "Yes\r\n": true, "  y  \n": true, "y": true,
		"n\n": false, "no\n": false, "\n": false, "": false, "yy\n": false, "yess\n": false, "ja\n": false, "1\n": false, "y n\n": false,
		"n\ny\n": false, "\ny\n": false, "\x00y\n": false,
	} {
		stderr, asked := pipe()
		streams := &IO{In: strings.NewReader(answer), Err: stderr}
		got, err := streams.Confirm(t.Context(), "delete 2 codes?")
		if err != nil || got != want {
			t.Errorf("%q: %t, %v", answer, got, err)
		}
		if asked.String() != "delete 2 codes? [y/N] " {
			t.Errorf("asked %q", asked)
		}
	}
}

func TestYesOfTheLanguageMeansYes(t *testing.T) {
	for answer, want := range map[string]bool{"是\n": true, "是 \r\n": true, "y\n": true, "YES\n": true, "否\n": false, "是的\n": false, "\n": false} {
		stderr, _ := pipe()
		stderr.Language = func(english string) string { return map[string]string{"yes": "是"}[english] }
		if got, err := (&IO{In: strings.NewReader(answer), Err: stderr}).Confirm(t.Context(), "删除？"); err != nil || got != want {
			t.Errorf("%q: %t, %v", answer, got, err)
		}
	}
}

func TestTheEndOfTheInputEndsTheLine(t *testing.T) {
	for answer, want := range map[string]string{"n\n": "delete? [y/N] ", "": "delete? [y/N] \n", "y": "delete? [y/N] \n"} {
		stderr, asked := pipe()
		stderr.Terminal = true
		streams := &IO{In: strings.NewReader(answer), InTerminal: true, Err: stderr}
		if _, err := streams.Confirm(t.Context(), "delete?"); err != nil || asked.String() != want {
			t.Errorf("%q: %q, %v", answer, asked, err)
		}
	}
}

func TestAQuestionEndsWithItsContext(t *testing.T) {
	in, writer := io.Pipe()
	defer writer.Close() //nolint:errcheck // it ends the reader
	stderr, _ := pipe()
	enough := errors.New("that was enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	time.AfterFunc(20*time.Millisecond, func() { cancel(enough) })
	if got, err := (&IO{In: in, Err: stderr}).Confirm(ctx, "delete?"); got || !errors.Is(err, enough) {
		t.Errorf("%t, %v", got, err)
	}
}

func TestUnreadableAnswerMeansNo(t *testing.T) {
	stderr, _ := pipe()
	broken := io.MultiReader(strings.NewReader("y"), iotest.ErrReader(errFull))
	if got, err := (&IO{In: broken, Err: stderr}).Confirm(t.Context(), "delete?"); got || !errors.Is(err, errFull) {
		t.Errorf("%t, %v", got, err)
	}
}

func TestUnwritableQuestionMeansNo(t *testing.T) {
	streams := &IO{In: strings.NewReader("y\n"), Err: &Stream{Writer: &full{}}}
	if got, err := streams.Confirm(t.Context(), "delete?"); got || !errors.Is(err, errFull) {
		t.Errorf("%t, %v", got, err)
	}
}

func TestQuestionsNeedTerminals(t *testing.T) {
	for _, in := range []bool{true, false} {
		for _, seen := range []bool{true, false} {
			if got := (&IO{InTerminal: in, Err: &Stream{Terminal: seen}}).CanAsk(); got != (in && seen) {
				t.Errorf("input %t, error output %t: %t", in, seen, got)
			}
		}
	}
}
