package sandbox

import (
	"net/http"
	"strconv"
	"time"

	"ecs-activation/internal/sandbox/cloud"
	"ecs-activation/internal/sandbox/wire"
)

// call is one request of the API while it is carried out.
type call struct {
	*wire.Request
	fault       fault
	proxyStatus int  // of the page that faultHTML sends
	duplicate   bool // another create with its ClientToken is in flight
}

// responder writes the answers to requests of the API.
type responder struct {
	now func() time.Time
	log func(format string, args ...any)
}

// compose returns status and body of the answer to a call.
func (r *responder) compose(c *call, answer any, err error) (int, []byte) {
	if err == nil {
		var body []byte
		if body, err = c.Encode(answer); err == nil {
			return http.StatusOK, body
		}
	}
	refused := cloud.AsError(err)
	if refused.Code == cloud.InternalError { // only the client receives what is wrong with the file
		r.log("sandbox: %s", refused.Message)
	}
	body, err := c.EncodeError(refused)
	if err != nil {
		r.log("sandbox: cannot write the answer: %v", err)
		return http.StatusInternalServerError, nil
	}
	return wire.Status(refused), body
}

// send writes the answer.
func (r *responder) send(w http.ResponseWriter, c *call, status int, body []byte) {
	r.sendHead(w, c, status, len(body))
	// A failed write means that the client has disconnected. Nothing is left to do, and net/http drops the
	// connection.
	_, _ = w.Write(body)
}

// sendHead writes the headers of an answer of size bytes. Date is the sandbox's clock, because clients use it
// as the current time.
func (r *responder) sendHead(w http.ResponseWriter, c *call, status, size int) {
	header := w.Header()
	header.Set("Content-Type", c.ContentType())
	header.Set("Content-Length", strconv.Itoa(size))
	header.Set("Date", r.now().UTC().Format(http.TimeFormat))
	header.Set("x-acs-request-id", c.RequestId)
	w.WriteHeader(status)
}
