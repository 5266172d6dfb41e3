package cli

import (
	"fmt"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// The views are what JSON output holds. Their keys are the API's words; keys are only ever
// added.

// core is what every answer of the service tells about a code, and what follows from it.
type core struct {
	ActivationId      string
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int
	RegisteredCount   int
	DeregisteredCount int
	RemainingCount    int
	TimeToLiveInHours int64
	IpAddressRange    string
	CreationTime      string
	ExpirationTime    string // "" when it cannot be computed
}

// listed is a code in a list.
type listed struct {
	core
	Status          activation.Status
	Disabled        bool
	ResourceGroupId string
	Tags            []activation.Tag
}

func coreOf(a activation.Activation) core {
	return core{
		ActivationId: a.ActivationId, RegionId: a.RegionId, InstanceName: a.InstanceName, Description: a.Description,
		InstanceCount: a.InstanceCount, RegisteredCount: a.RegisteredCount, DeregisteredCount: a.DeregisteredCount,
		RemainingCount: a.RemainingCount(), TimeToLiveInHours: a.TimeToLiveInHours, IpAddressRange: a.IpAddressRange,
		CreationTime: a.CreationTime, ExpirationTime: a.ExpirationText(),
	}
}

func listedOf(a activation.Activation, now time.Time) listed {
	tags := a.Tags
	if tags == nil {
		tags = []activation.Tag{}
	}
	return listed{core: coreOf(a), Status: a.Status(now), Disabled: a.Disabled, ResourceGroupId: a.ResourceGroupId, Tags: tags}
}

// moment words a time: relative for a person, RFC 3339 in a pipe.
func moment(s *ui.Stream, now time.Time, rfc3339 string) string {
	t, err := time.Parse(time.RFC3339, rfc3339)
	if err != nil || !s.Terminal {
		return ui.Clean(rfc3339)
	}
	return ui.Relative(now, t)
}

// uses words how much of a code is used.
func uses(a activation.Activation) string {
	return fmt.Sprintf("%d/%d", a.RegisteredCount, a.InstanceCount)
}

// statusText colours a status for a person.
func statusText(s *ui.Stream, status activation.Status) string {
	styles := map[activation.Status]ui.Style{
		activation.Active: ui.Green, activation.Exhausted: ui.Magenta,
		activation.Expired: ui.Faint, activation.Disabled: ui.Red, activation.Unknown: ui.Magenta,
	}
	return s.Paint(styles[status], string(status))
}

// tagTexts are tags as they are given on a command line.
func tagTexts(tags []activation.Tag) []string {
	texts := make([]string, len(tags))
	for i, t := range tags {
		texts[i] = t.TagKey + "=" + t.TagValue
	}
	return texts
}

func tagsText(tags []activation.Tag) string { return ui.Clean(strings.Join(tagTexts(tags), ",")) }

// forPrograms says whether the result is printed in a format for programs.
func (s *session) forPrograms() bool { return ui.ForPrograms(s.output) && !s.quiet }

// printOne prints the result in the format for programs that was asked for.
func (s *session) printOne(value any) error { return ui.One(s.IO.Out, s.output, value) }

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
