package wire

import (
	"hash/maphash"
	"sync"
	"time"
)

// nonces remembers which SignatureNonces were used, for at least a lifetime and at most two: it keeps two
// generations. To use little memory it keeps hashes instead of the texts: about one request in 10^12 is
// refused by mistake. Each server remembers its own nonces; processes do not share them.
type nonces struct {
	lifetime time.Duration
	mu       sync.Mutex
	seed     maphash.Seed
	since    time.Time // when the current generation began
	current  map[uint64]struct{}
	previous map[uint64]struct{}
}

func newNonces(lifetime time.Duration) *nonces {
	return &nonces{lifetime: lifetime, seed: maphash.MakeSeed(), current: map[uint64]struct{}{}}
}

// use reports whether a nonce is new, and remembers it.
func (n *nonces) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now.Sub(n.since) > n.lifetime {
		n.since, n.previous, n.current = now, n.current, map[uint64]struct{}{}
	}
	sum := maphash.String(n.seed, nonce)
	_, inCurrent := n.current[sum]
	_, inPrevious := n.previous[sum]
	n.current[sum] = struct{}{}
	return !inCurrent && !inPrevious
}
