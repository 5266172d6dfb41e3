package activation

import (
	"testing"
	"time"
)

func TestNeedUnmet(t *testing.T) {
	made := time.Date(2026, 6, 25, 10, 0, 0, 0, time.UTC)
	code := Activation{InstanceCount: 10, RegisteredCount: 7, TimeToLiveInHours: 4, CreationTime: made.Format(time.RFC3339)}
	with := func(change func(*Activation)) Activation { a := code; change(&a); return a }
	for name, c := range map[string]struct {
		need  Need
		code  Activation
		after time.Duration
		want  error
	}{
		"nothing is needed": {Need{}, code, 4*time.Hour - 1, nil},
		"just enough uses":  {Need{Uses: 3}, code, 0, nil},
		"a use too few":     {Need{Uses: 4}, code, 0, TooFewUses{3, 10, 4}},
		"just enough time":  {Need{Left: time.Hour}, code, 3 * time.Hour, nil},
		"a second too few":  {Need{Left: time.Hour}, code, 3*time.Hour + time.Second, TooLittleTime{time.Hour - time.Second, time.Hour}},
		"expired":           {Need{}, code, 4 * time.Hour, NotActive{Expired}},
		"disabled":          {Need{}, with(func(a *Activation) { a.Disabled = true }), 0, NotActive{Disabled}},
		"exhausted":         {Need{}, with(func(a *Activation) { a.RegisteredCount = 10 }), 0, NotActive{Exhausted}},
		"unreadable":        {Need{}, with(func(a *Activation) { a.CreationTime = "yesterday" }), 0, NotActive{Unknown}},
	} {
		if got := c.need.Unmet(c.code, made.Add(c.after)); got != c.want { //nolint:errorlint // it is not wrapped
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestNeedThatNoNewCodeMeetsIsAProblem(t *testing.T) {
	request := CreateRequest{InstanceCount: 3, TimeToLiveInHours: 1}
	for _, c := range []struct {
		need Need
		r    CreateRequest
		want int
	}{
		{Need{3, time.Hour - 1}, request, 0},
		{Need{4, 0}, request, 1},
		{Need{1, time.Hour}, request, 1},
		{Need{4, time.Hour}, request, 2},
		{Need{4, time.Hour}, CreateRequest{}, 0},
	} {
		if got := c.need.Validate(c.r); len(got) != c.want {
			t.Errorf("%+v of %+v: %v, want %d problems", c.need, c.r, got, c.want)
		}
	}
}
