package fleet

import (
	"errors"
	"slices"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// aged returns a code with a lifetime of 4 hours that was created so long ago.
func aged(id string, age time.Duration, used int, disabled bool) activation.Activation {
	a := codeOf(id, start.Add(-age))
	a.InstanceCount, a.RegisteredCount, a.Disabled = 2, used, disabled
	return a
}

func TestConditionsSelectCodesByTheTimeOfTheService(t *testing.T) {
	codes := []activation.Activation{
		aged("new", 0, 0, false), aged("hour", 3*time.Hour, 1, false), aged("full", 3*time.Hour, 2, false),
		aged("off", 3*time.Hour, 0, true), aged("now", 4*time.Hour, 0, false), aged("dead", 5*time.Hour, 1, false), {ActivationId: "unknown"},
	}
	for _, test := range []struct {
		name  string
		where []Condition
		want  string
	}{
		{"within an hour", []Condition{ExpiresWithin(time.Hour)}, "hour "},
		{"within less", []Condition{ExpiresWithin(time.Hour - time.Second)}, ""},
		{"within four hours", []Condition{ExpiresWithin(4 * time.Hour)}, "new hour "},
		{"dead", []Condition{OlderThan(0)}, "off now dead "},
		{"dead for an hour", []Condition{OlderThan(time.Hour)}, "off dead "},
		{"dead for more", []Condition{OlderThan(time.Hour + time.Second)}, "off "},
		{"dead for longer than all", []Condition{OlderThan(36500 * 24 * time.Hour)}, ""},
		{"unused", []Condition{Unused}, "new off now unknown "},
		{"two", []Condition{Unused, OlderThan(time.Hour)}, "off "},
	} {
		got := ""
		for _, code := range (Selection{Where: test.where}).Apply(codes, start) {
			got += code.ActivationId + " "
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	if enough := (Selection{Where: []Condition{Unused}, Most: 2}).Enough(); enough != 0 {
		t.Errorf("a list with a condition is read to its end, not to %d codes", enough)
	}
}

func TestCountLeavesOutRegionsThatFailed(t *testing.T) {
	page := func(codes ...activation.Activation) activation.Page {
		return activation.Page{Answer: activation.Answer{Date: start}, ActivationList: codes}
	}
	q := Query{Regions: []string{"a", "b", "c"}}
	parts := []Part{
		{RegionId: "a", Page: page(aged("1", 0, 0, false), aged("2", 0, 1, false))},
		{RegionId: "b", Page: page(aged("3", 0, 0, false))},
		{RegionId: "b", Err: errors.New("torn")},
		{RegionId: "c", Page: page(aged("4", 0, 0, false)), End: true},
	}
	for _, test := range []struct {
		selection Selection
		want      int
	}{
		{Selection{}, 3}, {Selection{Where: []Condition{Unused}}, 2}, {Selection{Most: 2}, 2}, {Selection{Most: 9}, 3},
		{Selection{Statuses: []activation.Status{activation.Expired}}, 0},
	} {
		seen := 0
		sum, got := test.selection.Count(q, slices.Values(parts), func(a activation.Answer) time.Time { return a.Date }, func(Part) { seen++ })
		if got != test.want || len(sum.Failed()) != 1 || sum.None() || seen != len(parts) {
			t.Errorf("%+v: %d, want %d; %v; %d parts", test.selection, got, test.want, sum.Failed(), seen)
		}
	}
}
