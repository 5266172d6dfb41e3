package cli_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
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

// All regions are read at the same time: the service answers none before it has the requests for all. Only
// lists of codes are requested.
func TestStatusReadsAllRegionsAtOnce(t *testing.T) {
	regions := activation.Regions()[:16]
	all := make(chan struct{})
	var s service
	u := s.serve(t, func(w http.ResponseWriter, r *http.Request, n int) {
		if n == len(regions) {
			close(all)
		}
		select {
		case <-all:
		case <-r.Context().Done():
		}
		say200(w, fmt.Sprintf(`{"RequestId":"R1","TotalCount":1,"ActivationList":[{"ActivationId":"A","InstanceCount":10,"TimeToLiveInHours":1,"CreationTime":%q}]}`,
			time.Now().UTC().Format(time.RFC3339)))
	})
	o, status := u.run("status", "--region", strings.Join(regions, ","))
	if status != 0 || strings.Count(o.stdout, "  1      1       0          0        0         1         0\n") != 16 {
		t.Errorf("exit status %d, %s%s", status, o.stdout, o.stderr)
	}
	sent := s.sent("Action")
	if len(sent) != 16 || slices.ContainsFunc(sent, func(action string) bool { return action != "DescribeActivations" }) {
		t.Errorf("%q", sent)
	}
}
