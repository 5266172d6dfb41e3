package sandbox

import (
	"crypto/tls"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"time"

	"ecs-activation/internal/sandbox/cloud"
)

// injector makes requests fail on purpose.
type injector struct {
	faults   Faults
	seed     uint64
	slowness time.Duration // how long faultSlow waits
	log      func(format string, args ...any)
	respond  *responder
}

// pickFault decides which fault a request gets. Every request has a random generator of its own, made of the
// seed and the request's number, because with --sandbox each command is a process of its own.
func (i *injector) pickFault(c *call, number int) {
	if i.faults == (Faults{}) {
		return
	}
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], i.seed)
	binary.BigEndian.PutUint64(key[8:], uint64(number))
	random := rand.New(rand.NewChaCha8(key))
	c.fault = i.faults.pick(random.Float64())
	if !c.fault.affects(c) {
		c.fault = faultNone
	}
	if c.fault == faultHTML {
		c.proxyStatus = [2]int{http.StatusForbidden, http.StatusBadGateway}[random.IntN(2)]
	}
	if c.fault != faultNone {
		i.log("fault %s: %s %.64s", c.fault, c.Action(), c.RegionId())
	}
}

// affects reports whether a fault makes a difference to a call.
func (f fault) affects(c *call) bool {
	switch f {
	case faultForgetToken, faultProcessing:
		return c.TokenKey() != ""
	case faultUnverified:
		return c.IsCreate()
	case faultOdd200:
		return c.IsCreate() && !c.XML
	}
	return true
}

// before does what a fault does before a call is carried out, and reports whether that ended the request.
func (i *injector) before(w http.ResponseWriter, r *http.Request, c *call) bool {
	switch c.fault {
	case faultForgetToken:
		c.ForgetToken = true
	case faultDropBefore:
		panic(http.ErrAbortHandler)
	case faultHTML:
		sendProxyPage(w, c.proxyStatus)
		return true
	case faultSlow:
		return !wait(r.Context(), i.slowness)
	}
	return false
}

// injectRefusal returns the refusal that a fault makes of a call. It comes after the signature was checked,
// so a wrong signature is still refused as one, and the nonce is used up. The messages of Throttling.User and
// ServiceUnavailable are those that people quote in public issues of the SDKs (2017 to 2025).
func injectRefusal(c *call) error {
	switch {
	case c.fault == faultThrottle:
		return cloud.Refuse("Throttling.User", "Request was denied due to user flow control.")
	case c.fault == faultUnavailable:
		return cloud.Refuse("ServiceUnavailable", "The request has failed due to a temporary failure of the server.")
	case c.fault == faultForbidden:
		return operationForbidden()
	case c.fault == faultUnverified:
		return cloud.Refuse("RealNameAuthenticationError", "Your account has not passed the real-name authentication yet.")
	case c.fault == faultBusy && c.TokenKey() != "":
		return cloud.TokenProcessing()
	case c.fault == faultBusy:
		return cloud.Refuse("InternalError.Dispatch", "An error occurred when you dispatched the request.")
	}
	return nil
}

func operationForbidden() *cloud.Error {
	return cloud.Refuse("Operation.Forbidden", "The operation is not permitted.")
}

// after does what a fault does to the answer of a call that was carried out, and reports whether that ended
// the request.
func (i *injector) after(w http.ResponseWriter, c *call, status int, body []byte) bool {
	switch c.fault {
	case faultDropAfter:
		panic(http.ErrAbortHandler)
	case faultEmpty:
		i.respond.send(w, c, http.StatusOK, nil)
		return true
	case faultProxyPage:
		sendPlain(w, http.StatusForbidden, "application/json", []byte(`{"code":403,"message":"blocked"}`))
		return true
	case faultUnknownCode:
		i.sendFalseRefusal(w, c, cloud.Refuse("Sandbox.UnknownCode", "No document names this code."))
		return true
	case faultProcessing:
		i.sendFalseRefusal(w, c, cloud.TokenProcessing())
		return true
	case faultRedirect:
		w.Header().Set("Location", "https://sandbox.invalid/")
		_, body := i.respond.compose(c, nil, operationForbidden())
		i.respond.send(w, c, http.StatusFound, body)
		return true
	case faultOdd200:
		if status == http.StatusOK {
			i.respond.send(w, c, status, oddAnswer(body))
			return true
		}
	case faultReset:
		i.respond.sendHead(w, c, status, len(body))
		_, _ = w.Write(body[:len(body)/2]) // the connection is reset anyway
		resetConnection(w)
		return true
	}
	return false
}

// sendFalseRefusal sends a refusal for a call that was carried out.
func (i *injector) sendFalseRefusal(w http.ResponseWriter, c *call, refused *cloud.Error) {
	status, body := i.respond.compose(c, nil, refused)
	i.respond.send(w, c, status, body)
}

// oddAnswer adds misleading fields to the answer of a create: a code that refuses, and the answer's own keys
// in lower case with other values, before and after it.
func oddAnswer(body []byte) []byte {
	odd := []byte(`{"code":200,"activationid":"none","activationcode":"none",`)
	odd = append(odd, body[1:len(body)-1]...)
	return append(odd, `,"Code":"Operation.Forbidden","Message":{},"requestid":0,"activationid":null,"activationcode":"none"}`...)
}

// resetConnection sends what was written and then a TCP reset. Without access to the TCP connection it only
// ends the answer early. Errors do not matter, because the connection is meant to fail.
func resetConnection(w http.ResponseWriter) {
	control := http.NewResponseController(w)
	_ = control.Flush()
	conn, _, err := control.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if encrypted, ok := conn.(*tls.Conn); ok {
		conn = encrypted.NetConn()
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // makes Close a reset
	}
	_ = conn.Close()
}

// sendProxyPage answers as a proxy between client and service would.
func sendProxyPage(w http.ResponseWriter, status int) {
	title := strconv.Itoa(status) + " " + http.StatusText(status)
	page := "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
		"</h1></center>\r\n<hr><center>proxy</center>\r\n</body>\r\n</html>\r\n"
	sendPlain(w, status, "text/html", []byte(page))
}
