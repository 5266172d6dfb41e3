package cli

import (
	"testing"
	"time"
)

func TestAPaceStaysWithinItsBoundsAndComesBackSlowly(t *testing.T) {
	p := pace{5 * time.Second, 5 * time.Second, time.Minute}
	for _, want := range []time.Duration{10, 20, 40, 60, 60} {
		if p.stretch(2, 1); p.pause != want*time.Second {
			t.Errorf("throttled: %s, want %ds", p.pause, want)
		}
	}
	steps := 0
	for ; p.pause > p.least; steps++ {
		p.stretch(3, 4)
	}
	if steps != 9 {
		t.Errorf("it is back after %d looks", steps)
	}
	for range 100 {
		if next := p.next(); next < 4*time.Second || next > 6*time.Second {
			t.Fatal(next)
		}
	}
}
