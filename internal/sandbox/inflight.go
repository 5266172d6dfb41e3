package sandbox

import "sync"

// inFlight is the ClientTokens of the creates that are being carried out. A create holds its token from its
// arrival to its answer. Others with the token that arrive meanwhile are refused with IdempotentProcessing,
// after their signature was checked. It works within one server; the file does not contain it.
type inFlight struct{ keys sync.Map }

// hold takes the token of a create, and returns a function that releases it, once. If another create holds
// it, it marks the call as a duplicate.
func (f *inFlight) hold(c *call) (release func()) {
	key := c.TokenKey()
	if key == "" {
		return func() {}
	}
	if _, c.duplicate = f.keys.LoadOrStore(key, true); c.duplicate {
		return func() {}
	}
	return sync.OnceFunc(func() { f.keys.Delete(key) })
}
