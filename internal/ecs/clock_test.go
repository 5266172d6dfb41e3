package ecs

import (
	"net/http"
	"regexp"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

func TestTheErrorSaysByHowMuchTheClockIsWrong(t *testing.T) {
	t.Parallel()
	for off, says := range map[time.Duration]string{
		20 * time.Minute:  `it is (19m5\d|20m\d+)s ahead`,
		-20 * time.Minute: `it is (19m5\d|20m\d+)s behind`,
		0:                 `by how much the service does not say`,
	} {
		headers := []string{"Date", ""}
		if off != 0 {
			headers[1] = time.Now().UTC().Add(-off).Format("Mon, 02 Jan 2006 15:04:05 GMT")
		}
		s, client := startServer(t, refusal(400, "InvalidTimeStamp.Expired", headers...))
		_, err := operations["list"](t.Context(), client)
		known := wantError(t, err)
		if known.Kind != activation.KindIdentity || !regexp.MustCompile(says).MatchString(known.Error()) || len(s.queries()) != 1 {
			t.Errorf("%s off: %v", off, known)
		}
	}
}

func TestTheDifferenceOfTheClocksIsInSeconds(t *testing.T) {
	date := time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)
	for off, want := range map[time.Duration]string{
		0: "it is 0s ahead", 400 * time.Millisecond: "it is 0s ahead", time.Second: "it is 1s ahead", -time.Second: "it is 1s behind", 1500 * time.Second: "it is 25m0s ahead",
	} {
		x := &exchange{at: date.Add(off), header: http.Header{"Date": {date.Format(http.TimeFormat)}}}
		if got := x.skew(); got.Error() != want {
			t.Errorf("%s: %q", off, got)
		}
	}
}
