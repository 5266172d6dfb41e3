package process

import (
	"os"
	"runtime/debug"
)

// limitMemory makes the garbage collector keep the process small: a list of 80,000 codes takes 54 MB
// instead of 65 MB, in the same time. It waits until the heap is four times as large as what is in use,
// but collects as often as needed to stay below 44 MiB. What is in use may be larger, as with -o json,
// which costs at most a third more time (measured, docs/performance.md). GOGC and GOMEMLIMIT still work.
func limitMemory() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(300)
		debug.SetMemoryLimit(44 << 20)
	}
}
