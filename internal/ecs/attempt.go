package ecs

import (
	"fmt"
	"time"

	"ecs-activation/internal/activation"
)

// String returns the attempt in one line, for a log. It may hold text of the service.
func (a Attempt) String() string {
	text := fmt.Sprintf("%s %s %s attempt %d: HTTP %d in %s", a.Action, a.RegionId, a.Host, a.Number, a.Status, a.Took.Round(time.Millisecond))
	if a.RequestID != "" {
		text += ", request " + a.RequestID
	}
	if a.Err != nil {
		text += fmt.Sprintf(", %v", a.why())
	}
	if a.Wait > 0 {
		text += ", next in " + a.Wait.Round(time.Millisecond).String()
	}
	return text
}

// Retry returns why the attempt failed and when the next one is made, in one line.
func (a Attempt) Retry() *activation.Text {
	return activation.Textf("%s %s: %s; attempt %d in %s", a.Action, a.RegionId, a.why(), a.Number+1, a.Wait.Round(10*time.Millisecond))
}

// why returns the error code of the attempt, or its error.
func (a Attempt) why() any {
	if a.Code != "" {
		return a.Code
	}
	return a.Err
}
