package activation

import (
	"testing"
	"time"
)

func TestGoal(t *testing.T) {
	codes := map[string]Activation{}
	for _, status := range []Status{Active, Exhausted, Expired, Disabled, Unknown} {
		a := Activation{CreationTime: "2026-06-25T06:00:00Z", TimeToLiveInHours: 4, InstanceCount: 3, RegisteredCount: 1}
		switch status {
		case Exhausted:
			a.RegisteredCount = 3
		case Expired:
			a.TimeToLiveInHours = 1
		case Disabled:
			a.Disabled = true
		case Unknown:
			a.CreationTime = "yesterday"
		}
		codes[string(status)] = a
	}
	stopped := codes["Unknown"]
	stopped.Disabled = true
	codes["Unknown and disabled"] = stopped
	const reached, ahead = "reached", "ahead"
	for _, test := range []struct {
		code string
		goal Goal
		want string
	}{
		{"Active", Goal{Registered: 1}, reached},
		{"Expired", Goal{Registered: 1}, reached},
		{"Unknown and disabled", Goal{Registered: 1}, reached},
		{"Exhausted", Goal{Registered: 3}, reached},
		{"Active", Goal{Registered: 2}, ahead},
		{"Unknown", Goal{Registered: 2}, ahead},
		{"Expired", Goal{Registered: 2}, "the code is Expired, and 1 of 2 machines have registered"},
		{"Disabled", Goal{Registered: 3}, "the code is Disabled, and 1 of 3 machines have registered"},
		{"Unknown and disabled", Goal{Registered: 2}, "the code is Unknown, and 1 of 2 machines have registered"},
		{"Active", Goal{Registered: 4}, "the code allows 3 registrations, and 4 were requested"},
		{"Exhausted", Goal{Registered: 4}, "the code allows 3 registrations, and 4 were requested"},

		{"Active", Goal{Status: Active}, reached},
		{"Disabled", Goal{Status: Disabled}, reached},
		{"Active", Goal{Status: Exhausted}, ahead},
		{"Active", Goal{Status: Expired}, ahead},
		{"Active", Goal{Status: Disabled}, ahead},
		{"Exhausted", Goal{Status: Expired}, ahead},
		{"Expired", Goal{Status: Disabled}, ahead},
		{"Exhausted", Goal{Status: Active}, "the code is Exhausted and can never become Active"},
		{"Expired", Goal{Status: Exhausted}, "the code is Expired and can never become Exhausted"},
		{"Disabled", Goal{Status: Expired}, "the code is Disabled and can never become Expired"},
		{"Unknown", Goal{Status: Expired}, "the code is Unknown and can never become Expired"},
		{"Active", Goal{Status: Unknown}, "the code is Active and can never become Unknown"},
	} {
		got := ahead
		if why := test.goal.Unreachable(codes[test.code], at("07:30:00")); why != nil {
			got = why.Error()
		}
		if test.goal.Reached(codes[test.code], at("07:30:00")) {
			got = reached
		}
		if got != test.want {
			t.Errorf("%s waited for %+v: %s, want %s", test.code, test.goal, got, test.want)
		}
	}
}

func TestAGoalOfOneMoreStartsFromTheCode(t *testing.T) {
	code := Activation{InstanceCount: 3, RegisteredCount: 2, TimeToLiveInHours: 4, CreationTime: "2026-06-25T12:00:00Z"}
	now := time.Date(2026, 6, 25, 13, 0, 0, 0, time.UTC)
	goal := Goal{OneMore: true}.From(code)
	if err := goal.Unreachable(code, now); goal.Reached(code, now) || err != nil {
		t.Errorf("%+v is reached at the start, or %v", goal, err)
	}
	code.RegisteredCount = 3
	if !goal.Reached(code, now) {
		t.Errorf("%+v is not reached", goal)
	}
	if err := (Goal{OneMore: true}).From(code).Unreachable(code, now); err == nil || err.Error() != "the code is Exhausted, so no more machines can register" {
		t.Errorf("at the end: %v", err)
	}
	if goal := (Goal{Status: Expired}).From(code); goal != (Goal{Status: Expired}) {
		t.Errorf("%+v", goal)
	}
}
