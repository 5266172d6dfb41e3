package sandbox

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// abortIfGone closes the connection of a client that disconnected while its call waited for the file: nothing
// was carried out.
func abortIfGone(r *http.Request, err error) {
	if gone := context.Cause(r.Context()); gone != nil && errors.Is(err, gone) {
		panic(http.ErrAbortHandler)
	}
}

// wait sleeps, and returns false if the client disconnected meanwhile.
func wait(ctx context.Context, latency time.Duration) bool {
	if latency == 0 {
		return true
	}
	timer := time.NewTimer(latency)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// sendPlain answers without the headers of the API.
func sendPlain(w http.ResponseWriter, status int, kind string, body []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body) // a failed write means that the client has disconnected
}
