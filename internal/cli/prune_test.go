package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// dead is the list of a fake service: two codes that expired long ago.
const dead = `{"RequestId":"R1","ActivationList":[
	{"ActivationId":"GONE","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"2021-01-20T06:00:00Z"},
	{"ActivationId":"USED","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"2021-01-20T06:00:00Z"}]}`

func TestPruneReportsCodesThatChangedAfterTheList(t *testing.T) {
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		body, status := dead, http.StatusOK
		switch r.FormValue("ActivationId") {
		case "GONE":
			body, status = `{"RequestId":"R2","Code":"ActivationId.NotFound","Message":"no"}`, http.StatusNotFound
		case "USED":
			body, status = `{"RequestId":"R3","Code":"ActivationId.InUse","Message":"no"}`, http.StatusForbidden
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body) //nolint:errcheck // the client may have gone
	}))...)
	o, status := u.run("prune", "--yes")
	if status != 3 || !strings.HasPrefix(o.stdout, "missing GONE ") || !strings.Contains(o.stderr, "cannot delete USED: machines have registered with it") {
		t.Errorf("exit status %d, want 3:\n%s%s", status, o.stdout, o.stderr)
	}
}

func TestPruneReportsFailedRegionsAndFailedCodes(t *testing.T) {
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		body, status := dead, http.StatusOK
		switch {
		case r.FormValue("RegionId") == "cn-nowhere-1":
			body, status = `{"RequestId":"R2","Code":"InvalidRegionId.NotFound","Message":"no"}`, http.StatusNotFound
		case r.FormValue("ActivationId") != "":
			body, status = `{"RequestId":"R3","Code":"ActivationId.InUse","Message":"no"}`, http.StatusForbidden
		}
		w.WriteHeader(status)
		fmt.Fprint(w, body) //nolint:errcheck // the client may have gone
	}))...)
	args := []string{"prune", "--yes", "--region", "cn-hangzhou,cn-nowhere-1"}
	o, status := u.run(args...)
	for _, want := range []string{"cannot list cn-nowhere-1: ", "cannot delete GONE: ", "cannot delete USED: ", "cannot prune 2 of 2 codes\n"} {
		if status != 3 || strings.Count(o.stderr, want) != 1 {
			t.Errorf("exit status %d, want 3, and once %q:\n%s", status, want, o.stderr)
		}
	}
	o, status = u.run(append(args, "-o", "json")...)
	if status != 3 || strings.Count(o.stdout, `"Result": "failed"`) != 2 || !strings.Contains(o.stderr, "there is no region cn-nowhere-1") {
		t.Errorf("exit status %d, want 3:\n%s%s", status, o.stdout, o.stderr)
	}
}

func TestPruneDoesNotUseTheClockOfThisMachine(t *testing.T) {
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Date"] = nil
		fmt.Fprint(w, dead) //nolint:errcheck // the client may have gone
	}))...)
	o, status := u.run("prune", "--dry-run")
	if status != 1 || o.stdout != "" || !strings.Contains(o.stderr, "the service sent no time") {
		t.Errorf("exit status %d, want 1:\n%s%s", status, o.stdout, o.stderr)
	}
}
