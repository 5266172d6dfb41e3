package cli

import (
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// now is the service's clock if it told it, otherwise ours.
func (s *session) now(answer activation.Answer) time.Time {
	if answer.Date.IsZero() {
		return s.Now()
	}
	return answer.Date
}

// mentionClock tells of a local clock that was more than a minute off when the answer came.
func (s *session) mentionClock(answer activation.Answer) {
	off := answer.Heard.Sub(answer.Date)
	if !answer.Date.IsZero() && off.Abs() > time.Minute {
		word := "ahead of"
		if off < 0 {
			word = "behind"
		}
		s.say("note: this machine's clock is %s %s the service's; times are the service's", ui.Span(off), word)
	}
}
