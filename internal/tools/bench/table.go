package main

import (
	"bytes"
	"fmt"
	"os/exec"
	"runtime"
	"time"
)

// heading returns the date and the system, and the head of the table.
func heading() string {
	revision, err := exec.Command("git", "describe", "--always", "--dirty").Output()
	if err != nil { // this is not a git clone
		revision = []byte("unknown")
	}
	return fmt.Sprintf("%s, %s/%s, %d cores, %s, revision %s\n\n", time.Now().UTC().Format(time.DateOnly),
		runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), bytes.TrimSpace(revision)) +
		"| work | compared with | wall | its wall | ratio | target | CPU ratio | target | memory |\n|---|---|---|---|---|---|---|---|---|\n"
}

// row is a row of the table.
type row struct {
	work, reference string
	comparison
	wallTarget, cpuTarget float64 // 0: none
	note                  string  // shown instead of the memory
}

func (r row) String() string {
	if r.theirs == (cost{}) {
		return fmt.Sprintf("| %s | %s | – | – | – | – | – | – | %s |", r.work, r.reference, r.note)
	}
	memory := r.note
	if memory == "" {
		memory = fmt.Sprintf("%.1f MB", float64(r.ours.memory)/1e6)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %.2f× | %s | %.2f× | %s | %s |", r.work, r.reference, short(r.ours.wall), short(r.theirs.wall),
		r.wall, target(r.wallTarget), r.cpu, target(r.cpuTarget), memory)
}

// target returns the text of a target.
func target(limit float64) string {
	if limit == 0 {
		return "–"
	}
	return fmt.Sprintf("%.3g×", limit)
}

// short returns a duration with three significant digits.
func short(d time.Duration) string {
	switch {
	case d < 10*time.Millisecond:
		return fmt.Sprintf("%.2f ms", d.Seconds()*1e3)
	case d < time.Second:
		return fmt.Sprintf("%.0f ms", d.Seconds()*1e3)
	default:
		return fmt.Sprintf("%.2f s", d.Seconds())
	}
}
