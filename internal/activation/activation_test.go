package activation

import (
	"math"
	"testing"
	"time"
)

// at returns a time on the day of these tests.
func at(clock string) time.Time {
	t, err := time.Parse(time.RFC3339, "2026-06-25T"+clock+"Z")
	if err != nil {
		panic(err)
	}
	return t
}

func TestStatus(t *testing.T) {
	fresh := Activation{CreationTime: "2026-06-25T06:00:00Z", TimeToLiveInHours: 4, InstanceCount: 10}
	with := func(change func(*Activation)) Activation {
		a := fresh
		change(&a)
		return a
	}
	used := func(a *Activation) { a.RegisteredCount = 10 }
	disabled := func(a *Activation) { a.Disabled = true }
	undated := func(a *Activation) { a.CreationTime = "yesterday" }
	both := func(a *Activation) { used(a); disabled(a) }
	all := func(a *Activation) { both(a); undated(a) }
	for _, test := range []struct {
		name string
		code Activation
		now  time.Time
		want Status
	}{
		{"new", fresh, at("06:00:00"), Active},
		{"made in the future", fresh, at("05:00:00"), Active},
		{"one use left", with(func(a *Activation) { a.RegisteredCount = 9 }), at("07:00:00"), Active},
		{"a deregistered machine gives no use back", with(func(a *Activation) { used(a); a.DeregisteredCount = 10 }), at("07:00:00"), Exhausted},
		{"last second", fresh, at("09:59:59"), Active},
		{"last nanosecond", fresh, at("10:00:00").Add(-1), Active},
		{"exactly its lifetime", fresh, at("10:00:00"), Expired},
		{"long past", fresh, at("23:00:00"), Expired},
		{"used up", with(used), at("07:00:00"), Exhausted},
		{"used more than it may", with(func(a *Activation) { a.RegisteredCount = 11 }), at("07:00:00"), Exhausted},
		{"used up and expired", with(used), at("11:00:00"), Expired},
		{"disabled", with(disabled), at("07:00:00"), Disabled},
		{"disabled and used up", with(both), at("07:00:00"), Disabled},
		{"disabled, used up and expired", with(both), at("11:00:00"), Disabled},
		{"undated", with(undated), at("07:00:00"), Unknown},
		{"undated, disabled and used up", with(all), at("07:00:00"), Unknown},
		{"without a lifetime", with(func(a *Activation) { a.TimeToLiveInHours = 0 }), at("07:00:00"), Unknown},
		{"nothing known at all", Activation{}, at("07:00:00"), Unknown},
	} {
		if got := test.code.Status(test.now); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
		elsewhere := test.now.In(time.FixedZone("elsewhere", -7*3600))
		if got := test.code.Status(elsewhere); got != test.want {
			t.Errorf("%s, with a time in another time zone: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestExpires(t *testing.T) {
	for _, test := range []struct {
		created string
		hours   int64
		want    string // empty: cannot be read
	}{
		{"2026-06-25T06:00:00Z", 4, "2026-06-25T10:00:00Z"},
		{"2026-06-25T23:30:00Z", 1, "2026-06-26T00:30:00Z"},
		{"2024-02-28T22:00:00Z", 4, "2024-02-29T02:00:00Z"},
		{"2026-06-25T14:00:00+08:00", 4, "2026-06-25T10:00:00Z"},
		{"2021-01-20T06:00:00Z", 876576, "2121-01-20T06:00:00Z"},
		{"2026-06-25T06:00:00Z", 876577, ""},
		{"2026-06-25T06:00:00Z", math.MaxInt64, ""},
		{"2026-06-25T06:00:00Z", 0, ""},
		{"2026-06-25T06:00:00Z", -4, ""},
		{"2026-06-25T06:00:00Z", math.MinInt64, ""},
		{"", 4, ""},
		{"0", 4, ""},
		{"1782367200", 4, ""},
		{"2026-06-25", 4, ""},
		{"2026-06-25 06:00:00", 4, ""},
		{"2026-06-25T06:00:00", 4, ""},
		{"2026-13-25T06:00:00Z", 4, ""},
		{"2026-06-25T06:00:00Z\n", 4, ""},
		{"soon", 4, ""},
	} {
		code := Activation{CreationTime: test.created, TimeToLiveInHours: test.hours}
		if got := code.ExpirationText(); got != test.want {
			t.Errorf("%q and %d hours: %q, want %q", test.created, test.hours, got, test.want)
		}
	}
}

func TestRemainingCountIsNotNegative(t *testing.T) {
	for _, test := range []struct{ count, registered, want int }{
		{10, 0, 10}, {10, 3, 7}, {10, 10, 0}, {10, 11, 0}, {0, 0, 0}, {1000, 1, 999},
		{-5, 0, 0}, {0, math.MaxInt, 0}, {math.MinInt, 0, 0}, {math.MaxInt, 0, math.MaxInt32},
	} {
		a := Activation{InstanceCount: test.count, RegisteredCount: test.registered}
		if got := a.RemainingCount(); got != test.want {
			t.Errorf("%d of %d used: %d left, want %d", test.registered, test.count, got, test.want)
		}
	}
}

func TestRefOfACode(t *testing.T) {
	a := Activation{ActivationId: "4ECEEE12", RegionId: "cn-beijing"}
	if got := a.Ref().String(); got != "cn-beijing/4ECEEE12" {
		t.Errorf("named %q", got)
	}
}

func TestDeadSince(t *testing.T) {
	fresh := Activation{CreationTime: "2026-06-25T14:00:00+08:00", TimeToLiveInHours: 4, InstanceCount: 1}
	disabled, used, undated := fresh, fresh, fresh
	disabled.Disabled, used.RegisteredCount = true, 1
	undated.CreationTime, undated.Disabled = "yesterday", true
	for _, test := range []struct {
		name string
		code Activation
		now  time.Time
		want string
	}{
		{"active", fresh, at("09:59:59"), ""},
		{"exhausted", used, at("09:59:59"), ""},
		{"expired", fresh, at("10:00:00"), "10:00:00"},
		{"exhausted and expired", used, at("12:00:00"), "10:00:00"},
		{"disabled", disabled, at("07:00:00"), "06:00:00"},
		{"disabled and expired", disabled, at("12:00:00"), "06:00:00"},
		{"undated and disabled", undated, at("12:00:00"), ""},
	} {
		since, dead := test.code.DeadSince(test.now)
		if alive := test.code.IsAlive(test.now); alive == (dead || test.code.Disabled) {
			t.Errorf("%s: alive %v", test.name, alive)
		}
		if dead != (test.want != "") || dead && since != at(test.want) {
			t.Errorf("%s: %s, %v, want %q", test.name, since, dead, test.want)
		}
	}
}
