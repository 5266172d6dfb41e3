package cli_test

import (
	"bufio"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// The fake service returns the second page only after the first row has been read, so the first row must be
// printed before the last page is requested.
func TestFirstRowIsPrintedBeforeTheLastPageIsRequested(t *testing.T) {
	for form, lines := range map[string]int{"-o jsonl": 100, "-o csv --no-headers": 100, "-o csv": 101, "-o name": 100, "-q": 100, "-o jsonl --jq .ActivationId": 100} {
		t.Run(form, func(t *testing.T) { firstRowIsPrintedEarly(t, form, lines) })
	}
}

func firstRowIsPrintedEarly(t *testing.T, form string, want int) {
	read := make(chan struct{})
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		page := r.URL.Query().Get("PageNumber")
		if page != "1" {
			select {
			case <-read:
			case <-r.Context().Done():
				return
			}
		}
		say200(w, pageOfCodes(page, 100))
	}))...)
	cmd := u.command(append([]string{"list", "--region", "cn-hangzhou"}, strings.Fields(form)...)...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(stdout)
	n := 0
	for ; lines.Scan(); n++ {
		if n == 0 {
			close(read)
		}
	}
	if err := cmd.Wait(); err != nil || n != want {
		t.Errorf("%d rows, %v", n, err)
	}
}

// pageOfCodes returns a response with 50 codes and this TotalCount.
func pageOfCodes(page string, total int) string {
	codes := make([]string, 50)
	for i := range codes {
		codes[i] = fmt.Sprintf(`{"ActivationId":"P%s-%d","CreationTime":"2021-01-20T06:00:00Z","TimeToLiveInHours":4}`, page, i)
	}
	return fmt.Sprintf(`{"RequestId":"R","TotalCount":%d,"PageNumber":%s,"PageSize":50,"ActivationList":[%s]}`, total, page, strings.Join(codes, ","))
}
