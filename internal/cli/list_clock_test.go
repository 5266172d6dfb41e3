package cli

import (
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

var noon = time.Date(2026, 6, 25, 12, 0, 0, 0, time.UTC)

func TestTheClockFollowsTheAnswersWithoutJumpingBack(t *testing.T) {
	at := noon.Add
	for _, test := range []struct {
		name    string
		answers [][2]time.Time // the service's Date, and when it was read here
		want    time.Time      // of the service, a minute after noon here
	}{
		{"no answer: ours", nil, at(60 * time.Second)},
		{"behind us", [][2]time.Time{{at(-90 * time.Second), noon}}, at(-30 * time.Second)},
		{"a slow answer does not turn it back", [][2]time.Time{{noon, noon}, {at(5 * time.Second), at(8 * time.Second)}}, at(60 * time.Second)},
		{"a fast one sets it forward", [][2]time.Time{{noon, at(3 * time.Second)}, {at(5 * time.Second), at(5 * time.Second)}}, at(60 * time.Second)},
		{"parts of a second are cut off", [][2]time.Time{{noon, at(200 * time.Millisecond)}}, at(59 * time.Second)},
		{"a clock that was set anew", [][2]time.Time{{at(time.Hour), noon}, {noon, noon}}, at(60 * time.Second)},
	} {
		var c clock
		for _, answer := range test.answers {
			c.hear(answer[0], answer[1])
		}
		if got := c.at(at(60 * time.Second)); !got.Equal(test.want) {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

// A region that hangs keeps the whole look waiting, and its first answer is old then.
func TestALongLookDoesNotTurnTheClockBack(t *testing.T) {
	w := &watch{}
	for _, took := range []time.Duration{0, 20 * time.Second} {
		w.hear(look{found{answer: activation.Answer{Date: noon, Heard: noon}}, nil, noon.Add(took)})
		if got := w.clock.at(noon.Add(time.Minute)); !got.Equal(noon.Add(time.Minute)) {
			t.Errorf("after a look of %s it is %s", took, got)
		}
	}
}

func TestTheNextSecondIsThatOfTheService(t *testing.T) {
	var c clock
	c.hear(noon, noon.Add(300*time.Millisecond))
	for here, want := range map[time.Duration]time.Duration{
		300 * time.Millisecond: time.Second, 800 * time.Millisecond: 500 * time.Millisecond, 1299 * time.Millisecond: time.Millisecond,
	} {
		if got := c.untilNext(noon.Add(here)); got != want {
			t.Errorf("after %s: %s, want %s", here, got, want)
		}
	}
}
