package cli_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The second question is never answered here: what the watch tells, it knows by itself.
func TestACodeExpiresUnderWatchWithoutBeingAskedFor(t *testing.T) {
	needSignals(t)
	t.Parallel()
	soon := time.Now().Add(4*time.Second - 4*time.Hour).UTC().Format(time.RFC3339)
	var asked atomic.Int32
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) > 1 {
			<-r.Context().Done()
			return
		}
		say200(w, `{"RequestId":"R","TotalCount":1,"ActivationList":[{"ActivationId":"A","TimeToLiveInHours":4,"CreationTime":"`+soon+`"}]}`)
	}))...)
	p := u.start("list", "--watch", "-o", "jsonl", "--timeout", "20s") // the end of a test that fails
	for _, want := range []string{`{"Change":"is","ActivationId":"A",`, `{"Change":"changed","ActivationId":"A",`} {
		if line := p.line(); !strings.HasPrefix(line, want) || strings.Contains(want, "changed") != strings.Contains(line, `"Status":"Expired"`) {
			t.Errorf("%s, want %s", line, want)
		}
	}
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 || !strings.Contains(p.stderr.String(), `"ExitCode":130`) {
		t.Errorf("exit status %d, want 130:\n%s", status, p.stderr.String())
	}
}

func TestACodeThatCouldNotBeReadAtFirstIsNotNewUnderWatch(t *testing.T) {
	needSignals(t)
	t.Parallel()
	var asked atomic.Int32 // of cn-beijing
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("RegionId") == "cn-beijing" && asked.Add(1) == 1 {
			refuse(w, http.StatusForbidden, "NoPermission")
			return
		}
		say200(w, activeCode(0))
	}))...)
	p := u.start("list", "--watch", "--region", "cn-hangzhou,cn-beijing", "-o", "jsonl", "--timeout", "30s")
	for _, region := range []string{"cn-hangzhou", "cn-beijing"} {
		if line := p.line(); !strings.HasPrefix(line, `{"Change":"is","ActivationId":"A","RegionId":"`+region) {
			t.Error(line)
		}
	}
	p.signal(syscall.SIGINT)
	if status := p.wait(); status != 130 {
		t.Errorf("exit status %d, want 130", status)
	}
}

func TestAWatchKeepsWhatItKnowsWhileItCannotRead(t *testing.T) {
	needSignals(t)
	t.Parallel()
	var asked atomic.Int32
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, _ *http.Request) {
		switch asked.Add(1) {
		case 1:
			say200(w, activeCode(0))
		case 2:
			refuse(w, http.StatusForbidden, "NoPermission")
		default:
			say200(w, activeCode(1))
		}
	}))...)
	p := u.start("list", "--watch")
	for _, want := range []string{"CHANGE ", "is ", "changed "} {
		if line := p.line(); !strings.HasPrefix(line, want) {
			t.Errorf("%q, want %q", line, want)
		}
	}
	p.signal(syscall.SIGTERM)
	if status := p.wait(); status != 143 {
		t.Errorf("exit status %d, want 143", status)
	}
	told := p.stderr.String()
	for _, want := range []string{"error: cannot list: the account or role may not do this (No); trying again\n", "note: all regions are readable again\n", "watched for "} {
		if strings.Count(told, want) != 1 {
			t.Errorf("it is not told once that %q:\n%s", want, told)
		}
	}
	if strings.Contains(p.read.String(), "gone") || strings.Count(told, "error:") != 1 {
		t.Errorf("%s%s", p.read.String(), told)
	}
}
