package cli_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// listedCodes returns the JSON of codes that expired long ago, with consecutive numbers.
func listedCodes(from, n int) string {
	var codes []string
	for i := range n {
		codes = append(codes, fmt.Sprintf(`{"ActivationId":"ID-%d","InstanceName":"prod","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"2021-01-20T06:00:00Z"}`, from+i))
	}
	return strings.Join(codes, ",")
}

// shortList has a TotalCount of 120 and returns 50 codes.
func shortList(w http.ResponseWriter, r *http.Request) {
	codes := listedCodes(0, 50)
	if n := r.FormValue("PageNumber"); n != "" && n != "1" {
		codes = ""
	}
	say200(w, `{"RequestId":"R1","TotalCount":120,"PageNumber":1,"PageSize":50,"ActivationList":[`+codes+`]}`)
}

func TestListWithFewerCodesThanTotalCountIsIncomplete(t *testing.T) {
	t.Parallel()
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.FormValue("RegionId") {
		case "cn-beijing":
			say200(w, `{"RequestId":"R1","TotalCount":1,"PageNumber":1,"PageSize":50,"ActivationList":[`+listedCodes(900, 1)+`]}`)
		case "cn-shanghai":
			say200(w, `{"RequestId":"R1","TotalCount":5,"PageNumber":1,"PageSize":50,"ActivationList":[]}`)
		default:
			shortList(w, r)
		}
	}))...)
	const short, empty = "cannot list: the service announced 120 codes and returned 50\n", "cannot list: the service announced 5 codes and returned 0\n"
	for _, test := range []struct {
		line   string
		status int
		stdout bool
		want   string
	}{
		{"list --region cn-hangzhou", 7, false, short},
		{"list --region cn-hangzhou -o json", 7, false, "the service announced 120 codes and returned 50"},
		{"list --region cn-hangzhou -q", 7, true, short},
		{"list --region cn-shanghai", 7, false, empty},
		{"list --region cn-shanghai -o json", 7, false, "the service announced 5 codes and returned 0"},
		{"list --region cn-hangzhou --limit 100", 7, false, short},
		{"list --region cn-hangzhou --limit 50", 0, true, ""},
		{"list --region cn-hangzhou,cn-beijing", 3, true, "cannot list cn-hangzhou: the service announced 120 codes and returned 50\n"},
		{"prune --region cn-hangzhou --yes", 7, false, "the service announced 120 codes and returned 50\n"},
		{"prune --region cn-shanghai --yes", 7, false, "the service announced 5 codes and returned 0\n"},
	} {
		o, status := u.run(strings.Fields(test.line)...)
		if status != test.status || (o.stdout != "") != test.stdout || !strings.Contains(o.stderr, test.want) {
			t.Errorf("%s: exit status %d, want %d and %q:\n%s%s", test.line, status, test.status, test.want, o.stdout, o.stderr)
		}
		if strings.Contains(o.stderr, "nothing to prune") || strings.Contains(o.stderr, "no activation codes found") {
			t.Errorf("%s: %s", test.line, o.stderr)
		}
	}
	o, _ := u.run("list", "--region", "cn-hangzhou,cn-beijing")
	if strings.Count(o.stdout, "ID-") != 1 || !strings.Contains(o.stdout, "ID-900") {
		t.Errorf("the rows of the region that failed are printed, or the others are not:\n%s", o.stdout)
	}
}

func TestSmallPagesAreReadCompletely(t *testing.T) {
	t.Parallel()
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		number := 1
		fmt.Sscan(r.FormValue("PageNumber"), &number) //nolint:errcheck // it is 1 without one
		say200(w, fmt.Sprintf(`{"RequestId":"R1","TotalCount":100,"PageNumber":%d,"PageSize":10,"ActivationList":[%s]}`, number, listedCodes(10*(number-1), 10)))
	}))...)
	if o, status := u.run("list", "-q"); status != 0 || strings.Count(o.stdout, "\n") != 100 {
		t.Errorf("exit status %d, %d codes: %s", status, strings.Count(o.stdout, "\n"), o.stderr)
	}
}

// The service ignores the filter and returns all codes.
func TestIgnoredFilterDoesNotPruneOtherCodes(t *testing.T) {
	t.Parallel()
	var changes atomic.Int32
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("Action") != "DescribeActivations" {
			changes.Add(1)
		}
		say200(w, `{"RequestId":"R1","TotalCount":3,"PageNumber":1,"PageSize":50,"ActivationList":[`+listedCodes(0, 3)+`]}`)
	}))...)
	for _, test := range []struct {
		line   string
		status int
		stdout string
		stderr string
	}{
		{"list -q --activation-id ID-1", 0, "ID-1\n", "warning: the service ignored --activation-id; 2 codes that did not match it omitted\n"},
		{"list --activation-id B -o json", 0, "[]\n", "warning: the service ignored --activation-id; 3 codes that did not match it omitted\n"},
		{"list -q --instance-name test", 0, "", "warning: the service ignored --instance-name; 3 codes"},
		{"list -q --instance-name pro", 0, "ID-0\nID-1\nID-2\n", ""},
		{"list -q --tag env", 0, "", "warning: the service ignored --tag; 3 codes"},
		{"list -q --resource-group-id rg-1", 0, "", "warning: the service ignored --resource-group-id; 3 codes"},
		{"prune --yes --instance-name test", 1, "", "cannot prune: the service ignored the filter InstanceName"},
		{"prune --dry-run --tag env=test", 1, "", "cannot prune: the service ignored the filter Tag"},
		{"show B", 1, "", "cannot show B: the service ignored the filter ActivationId"},
		{"delete --dry-run B", 1, "", "cannot delete B: the service ignored the filter ActivationId"},
	} {
		o, status := u.run(strings.Fields(test.line)...)
		if status != test.status || o.stdout != test.stdout || !strings.Contains(o.stderr, test.stderr) || test.stderr == "" && o.stderr != "" {
			t.Errorf("%s: exit status %d, want %d, %q and %q:\n%s%s", test.line, status, test.status, test.stdout, test.stderr, o.stdout, o.stderr)
		}
	}
	if changes.Load() > 0 {
		t.Errorf("%d codes were changed", changes.Load())
	}
}

func TestPageWithoutAMatchDoesNotReportAnEmptyList(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Format(time.RFC3339)
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, _ *http.Request) {
		say200(w, `{"RequestId":"R1","NextToken":"T2","ActivationList":[{"ActivationId":"A","InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"`+now+`"}]}`)
	}))...)
	o, status := u.run("list", "--status", "disabled", "--max-results", "1")
	if want := "no code on this page has the status disabled\nnext page: --next-token T2\n"; status != 0 || o.stdout != "" || o.stderr != want {
		t.Errorf("exit status %d: %q, want %q", status, o.stderr, want)
	}
}
