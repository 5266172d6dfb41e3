package ui

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// screen is both streams on one terminal, and what was written to it.
func screen() (*IO, *locked) {
	out := &locked{}
	return &IO{Err: &Stream{Writer: out, Terminal: true, Width: 40}, Out: &Stream{Writer: out, Terminal: true, Width: 40}}, out
}

// locked is a buffer for concurrent use.
type locked struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.Write(b)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buffer.String()
}

func line(text string) func() string { return func() string { return text } }

func TestProgressIsShownAfterAWhileRewrittenAndErased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out := screen()
		p := streams.Progress()
		p.Update(line("1 code"))
		time.Sleep(showAfter - time.Millisecond)
		synctest.Wait()
		if out.String() != "" {
			t.Errorf("too early: %q", out)
		}
		time.Sleep(2 * time.Millisecond)
		synctest.Wait()
		time.Sleep(minInterval)
		p.Update(line("2 codes"))
		fmt.Fprintln(streams.Out, "a result") //nolint:errcheck // it is a buffer
		fmt.Fprintln(streams.Err, "a note")   //nolint:errcheck // it is a buffer
		p.Stop()
		fmt.Fprintln(streams.Err, "the end") //nolint:errcheck // it is a buffer
		const e = eraseLine
		if want := e + "1 code" + e + "2 codes" + e + "a result\n" + e + "2 codes" + e + "a note\n" + e + "2 codes" + e + "the end\n"; out.String() != want {
			t.Errorf("\n got %q\nwant %q", out, want)
		}
	})
}

func TestTheLastUpdateIsShown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out := screen()
		p := streams.Progress()
		time.Sleep(showAfter)
		synctest.Wait()
		for i := range 8 {
			p.Update(line(fmt.Sprint("step ", i+1)))
		}
		time.Sleep(minInterval)
		synctest.Wait()
		if want := eraseLine + "step 1" + eraseLine + "step 8"; out.String() != want {
			t.Errorf("\n got %q\nwant %q", out, want)
		}
		p.Stop()
	})
}

func TestWorkThatIsDoneAtOnceShowsNoProgress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out := screen()
		p := streams.Progress()
		p.Update(line("1 code"))
		p.Stop()
		p.Update(line("2 codes"))
		time.Sleep(time.Hour)
		synctest.Wait()
		if out.String() != "" {
			t.Errorf("%q", out)
		}
	})
}

func TestProgressIsForTerminalsOnlyAndFitsThem(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		errs, out := pipe()
		p := (&IO{Err: errs, Out: errs}).Progress()
		p.Update(func() string { t.Error("the text is not shown"); return "" })
		time.Sleep(time.Hour)
		p.Stop()
		if out.Len() > 0 {
			t.Errorf("%q", out)
		}
		streams, shown := screen()
		p = streams.Progress()
		p.Update(line(strings.Repeat("long ", 20)))
		time.Sleep(time.Hour)
		synctest.Wait()
		p.Stop()
		if got := strings.ReplaceAll(shown.String(), eraseLine, ""); len([]rune(got)) > 39 || !strings.HasSuffix(got, "…") {
			t.Errorf("%q", got)
		}
	})
}

// A line that is wider than the terminal would be drawn on two lines, of which only the last is erased.
func TestProgressFitsATerminalThatBecameNarrower(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out := screen()
		width := 40
		streams.Err.Size = func() (int, int) { return width, 24 }
		p := streams.Progress()
		width = 10
		p.Update(line("12 of 16 regions"))
		time.Sleep(showAfter)
		synctest.Wait()
		p.Stop()
		if want := eraseLine + "12 of 16…" + eraseLine; out.String() != want {
			t.Errorf("%q, want %q", out, want)
		}
	})
}

func TestProgressStaysAwayFromALineThatIsNotFinished(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		streams, out := screen()
		p := streams.Progress()
		p.Update(line("1 code"))
		fmt.Fprint(streams.Out, "sure? ") //nolint:errcheck // it is a buffer
		time.Sleep(time.Hour)
		synctest.Wait()
		p.Stop()
		if out.String() != "sure? " {
			t.Errorf("%q", out)
		}
	})
}

func TestManyMayUpdateAndPrintAtOnce(t *testing.T) {
	streams, out := screen()
	p := streams.Progress()
	p.timerFired()
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			p.Update(line(fmt.Sprint("step ", i)))
			fmt.Fprintln(streams.Out, "result") //nolint:errcheck // it is a buffer
			fmt.Fprintln(streams.Err, "note")   //nolint:errcheck // it is a buffer
		})
	}
	all.Wait()
	p.Stop()
	p.Stop()
	if results := strings.Count(out.String(), eraseLine+"result\n") + strings.Count(out.String(), "\nresult\n"); !strings.HasSuffix(out.String(), eraseLine) || results == 0 {
		t.Errorf("%q", out)
	}
}
