package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// The clock is compared even if the service refuses the request, because a wrong clock can be the reason.
func TestStatusReportsTheDifferenceOfTheClocks(t *testing.T) {
	for _, test := range []struct {
		ahead  time.Duration // of the service
		refuse bool
		want   string
		exit   int
	}{
		{75 * time.Second, false, "behind", 0},
		{-75 * time.Second, false, "ahead of", 0},
		{-time.Hour, true, "ahead of", 4},
	} {
		var s service
		u := s.serve(t, func(w http.ResponseWriter, _ *http.Request, _ int) {
			w.Header().Set("Date", time.Now().UTC().Add(test.ahead).Format(http.TimeFormat))
			if test.refuse {
				refuse(w, http.StatusBadRequest, "InvalidTimeStamp.Expired")
				return
			}
			say200(w, `{"RequestId":"R1","TotalCount":0,"ActivationList":[]}`)
		})
		o, status := u.run("status")
		if !strings.Contains(o.stdout, " s "+test.want+" the service\n") || status != test.exit {
			t.Errorf("%s: exit status %d, %s%s", test.ahead, status, o.stdout, o.stderr)
		}
		o, _ = u.run("status", "-o", "json")
		var found struct{ ClockDifferenceSeconds int }
		if err := json.Unmarshal([]byte(o.stdout), &found); err != nil {
			t.Fatal(err)
		}
		if off := found.ClockDifferenceSeconds + int(test.ahead.Seconds()); off < -2 || off > 2 {
			t.Errorf("%s: %d", test.ahead, found.ClockDifferenceSeconds)
		}
	}
}

// All regions are read at the same time, and only lists of codes are requested.
func TestStatusTakesAsLongAsTheSlowestRegion(t *testing.T) {
	t.Parallel()
	const slowest = 1500 * time.Millisecond
	regions := activation.Regions()[:16]
	var s service
	u := s.serve(t, func(w http.ResponseWriter, r *http.Request, _ int) {
		time.Sleep(slowest / 3)
		if r.URL.Query().Get("RegionId") == regions[7] {
			time.Sleep(slowest * 2 / 3)
		}
		say200(w, fmt.Sprintf(`{"RequestId":"R1","TotalCount":1,"ActivationList":[{"ActivationId":"A","InstanceCount":10,"TimeToLiveInHours":1,"CreationTime":%q}]}`,
			time.Now().UTC().Format(time.RFC3339)))
	})
	begun := time.Now()
	o, status := u.run("status", "--region", strings.Join(regions, ","))
	if took := time.Since(begun); took > slowest*12/10 {
		t.Errorf("took %s", took)
	}
	if status != 0 || strings.Count(o.stdout, "  1      1       0          0        0         1         0\n") != 16 {
		t.Errorf("exit status %d, %s%s", status, o.stdout, o.stderr)
	}
	for _, action := range s.sent("Action") {
		if action != "DescribeActivations" {
			t.Errorf("%s was sent", action)
		}
	}
	if n := len(s.requests); n != 16 {
		t.Errorf("%d requests", n)
	}
}
