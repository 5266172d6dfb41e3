package activation

import (
	"testing"
	"time"
)

func TestOutlook(t *testing.T) {
	made := time.Date(2026, 6, 25, 10, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		count, registered int
		after             time.Duration
		want              Outlook
	}{
		"never used":         {10, 0, time.Hour, Outlook{10, 3 * time.Hour, EndsByTime}},
		"one an hour":        {10, 1, time.Hour, Outlook{9, 3 * time.Hour, EndsByTime}},
		"just at the end":    {4, 1, time.Hour, Outlook{3, 3 * time.Hour, EndsByTime}},
		"sooner than time":   {3, 1, time.Hour, Outlook{2, 3 * time.Hour, EndsByUses}},
		"all but one at":     {10, 9, time.Minute, Outlook{1, 4*time.Hour - time.Minute, EndsByUses}},
		"a clock that lags":  {10, 9, -time.Minute, Outlook{1, 4*time.Hour + time.Minute, EndsByUses}},
		"expired":            {10, 1, 4 * time.Hour, Outlook{}},
		"exhausted":          {1, 1, time.Hour, Outlook{}},
		"used more than may": {1, 5, time.Hour, Outlook{}},
	} {
		code := Activation{InstanceCount: c.count, RegisteredCount: c.registered, TimeToLiveInHours: 4, CreationTime: made.Format(time.RFC3339)}
		if got := code.Outlook(made.Add(c.after)); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
	if got := (Activation{InstanceCount: 1, TimeToLiveInHours: 4, CreationTime: "?"}).Outlook(made); got != (Outlook{}) {
		t.Errorf("a code whose age cannot be read: %+v", got)
	}
}
