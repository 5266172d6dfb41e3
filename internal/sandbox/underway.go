package sandbox

import "sync"

// A create holds its ClientToken from its arrival to its answer. Others with the token that
// arrive meanwhile are refused with IdempotentProcessing, once they have shown who they
// are. It works within one server; the file knows nothing of it.

// hold takes the token of a create, and returns what gives it back, once.
func (s *Sandbox) hold(c *call) (release func()) {
	if !c.hasToken() {
		return func() {}
	}
	key := tokenKey(c)
	if _, c.late = s.underWay.LoadOrStore(key, true); c.late {
		return func() {}
	}
	return sync.OnceFunc(func() { s.underWay.Delete(key) })
}

// hasToken says whether the call is a create with a ClientToken.
func (c *call) hasToken() bool {
	return c.text("Action") == "CreateActivation" && c.text("ClientToken") != ""
}

func (c *call) admitToken() error {
	if c.late {
		return tokenProcessing()
	}
	return nil
}
