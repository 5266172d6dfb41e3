//go:build linux && !race

package cli_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// A page of 50 codes with descriptions of 150,000 characters takes 7.5 MB, hundreds of times more than
// the documents allow. Such pages must not fill the memory, however many there are. (With the race
// detector a program takes several times as much.)
func TestLargePagesDoNotFillTheMemory(t *testing.T) {
	t.Parallel()
	const pages, limit = 5, 64 << 10 // KiB
	description := strings.Repeat("x", 150_000)
	u := newUser(t, keys(standInFor(t, func(w http.ResponseWriter, r *http.Request) {
		number := 1
		fmt.Sscan(r.FormValue("PageNumber"), &number)                                                                          //nolint:errcheck // it is 1 without one
		fmt.Fprintf(w, `{"RequestId":"R1","TotalCount":%d,"PageNumber":%d,"PageSize":50,"ActivationList":[`, 50*pages, number) //nolint:errcheck // the client may have gone
		for i := range 50 {
			comma := ","
			if i == 0 {
				comma = ""
			}
			fmt.Fprintf(w, `%s{"ActivationId":"ID-%d-%d","Description":%q,"InstanceCount":10,"TimeToLiveInHours":4,"CreationTime":"2021-01-20T06:00:00Z"}`, comma, number, i, description) //nolint:errcheck // as above
		}
		fmt.Fprint(w, "]}") //nolint:errcheck // as above
	}))...)
	u.extra = append(u.extra, "GOMAXPROCS=2") // each processor has memory of its own
	for format, most := range map[string]int64{"jsonl": limit, "csv": limit, "name": limit, "table": limit, "json": 3 * 50 * pages * 150} {
		cmd := u.command("list", "-o", format)
		var size counter
		cmd.Stdout, cmd.Stderr = &size, io.Discard
		used := peakOf(t, cmd)
		t.Logf("%s: %d KiB for %d bytes", format, used, size)
		if used == 0 || used > most {
			t.Errorf("%s: %d KiB, want at most %d", format, used, most)
		}
		if want := 50 * pages * 150_000; format != "table" && format != "name" && int(size) < want {
			t.Errorf("%s: %d bytes, want at least %d", format, size, want)
		}
	}
}

// peakOf runs a program and returns the most memory that it had, in KiB. The figure of wait4 would be that of
// this test, which the new process is copied from.
func peakOf(t *testing.T, cmd *exec.Cmd) (peak int64) {
	t.Helper()
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	status := fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatal(err)
			}
			return peak
		case <-time.After(2 * time.Millisecond):
			text, err := os.ReadFile(status)
			if err != nil {
				continue // it has ended
			}
			if _, after, found := strings.Cut(string(text), "VmHWM:"); found {
				fmt.Sscan(after, &peak) //nolint:errcheck // the kernel writes a number
			}
		}
	}
}

// counter counts what is written to it.
type counter int

func (c *counter) Write(b []byte) (int, error) { *c += counter(len(b)); return len(b), nil }
