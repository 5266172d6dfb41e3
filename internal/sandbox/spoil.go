package sandbox

import (
	"crypto/tls"
	"encoding/binary"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
)

// draw decides which fault a request suffers. Every request has a generator of
// its own, made of the seed and the request's number, because with --sandbox
// each command is a process of its own.
func (s *Sandbox) draw(c *call, number int) {
	if s.options.Faults == (Faults{}) {
		return
	}
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], s.options.Seed)
	binary.BigEndian.PutUint64(key[8:], uint64(number))
	luck := rand.New(rand.NewChaCha8(key))
	c.fault = s.options.Faults.pick(luck.Float64())
	if !c.canSuffer(c.fault) {
		c.fault = faultNone
	}
	if c.fault == faultHTML {
		c.proxy = [2]int{http.StatusForbidden, http.StatusBadGateway}[luck.IntN(2)]
	}
	if c.fault != faultNone {
		s.options.Log("fault %s: %s %.64s", c.fault, c.text("Action"), c.region())
	}
}

// canSuffer says whether a fault makes a difference to the call.
func (c *call) canSuffer(f fault) bool {
	switch f {
	case faultForgetToken, faultProcessing:
		return c.hasToken()
	case faultUnverified:
		return c.text("Action") == "CreateActivation"
	case faultOdd200:
		return c.text("Action") == "CreateActivation" && !c.xml
	}
	return true
}

// spoilBefore does what a fault does before a call is carried out, and says
// whether the request has ended with that.
func (s *Sandbox) spoilBefore(w http.ResponseWriter, r *http.Request, c *call) bool {
	switch c.fault {
	case faultDropBefore:
		panic(http.ErrAbortHandler)
	case faultHTML:
		sendProxyPage(w, c.proxy)
		return true
	case faultSlow:
		return !wait(r.Context(), s.slowness)
	}
	return false
}

// spoilRefusal is the refusal that a fault makes of a call. It comes after the
// call was admitted, so a wrong signature stays one and the nonce is used up.
func (s *Sandbox) spoilRefusal(c *call) error {
	switch {
	case c.fault == faultThrottle:
		return throttled()
	case c.fault == faultUnavailable:
		return unavailable()
	case c.fault == faultForbidden:
		return operationForbidden()
	case c.fault == faultUnverified:
		return nameUnverified()
	case c.fault == faultBusy && c.hasToken():
		return tokenProcessing()
	case c.fault == faultBusy:
		return dispatchFailed()
	}
	return nil
}

// spoilAfter does what a fault does to the answer of a call that was carried
// out, and says whether the request has ended with that.
func (s *Sandbox) spoilAfter(w http.ResponseWriter, c *call, status int, body []byte) bool {
	switch c.fault {
	case faultDropAfter:
		panic(http.ErrAbortHandler)
	case faultEmpty:
		c.send(w, s.options.Now(), http.StatusOK, nil)
		return true
	case faultProxyPage:
		sendPage(w, http.StatusForbidden, "application/json", `{"code":403,"message":"blocked"}`)
		return true
	case faultUnknownCode, faultRedirect, faultProcessing:
		if c.fault == faultRedirect {
			w.Header().Set("Location", "https://sandbox.invalid/")
		}
		status, body = s.compose(c, nil, falseRefusal(c.fault))
		c.send(w, s.options.Now(), status, body)
		return true
	case faultOdd200:
		if status == http.StatusOK {
			c.send(w, s.options.Now(), status, oddAnswer(body))
			return true
		}
	case faultReset:
		c.sendHead(w, s.options.Now(), status, len(body))
		_, _ = w.Write(body[:len(body)/2]) // it ends badly in any case
		resetConnection(w)
		return true
	}
	return false
}

// falseRefusal is a refusal that a fault sends for a call that was carried out.
func falseRefusal(f fault) *Error {
	switch f {
	case faultRedirect:
		return refuse(http.StatusFound, "Operation.Forbidden", "The operation is not permitted.")
	case faultProcessing:
		return tokenProcessing()
	}
	return refuse(http.StatusBadRequest, "Sandbox.UnknownCode", "No document names this code.")
}

// oddAnswer is the answer of a create with what misleads beside it: a code that
// refuses, and its own keys in lower case with other values, before and after.
func oddAnswer(body []byte) []byte {
	odd := []byte(`{"code":200,"activationid":"none","activationcode":"none",`)
	odd = append(odd, body[1:len(body)-1]...)
	return append(odd, `,"Code":"Operation.Forbidden","Message":{},"requestid":0,"activationid":null,"activationcode":"none"}`...)
}

// resetConnection sends what was written and then a TCP reset. Where there is
// no TCP connection to be had, the answer just breaks off.
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
	sendPage(w, status, "text/html", page)
}

// sendPage answers without anything of the service's.
func sendPage(w http.ResponseWriter, status int, kind, page string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	_, _ = w.Write([]byte(page)) // as in send
}
