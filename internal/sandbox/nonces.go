package sandbox

import (
	"hash/maphash"
	"sync"
	"time"
)

// nonces remembers which SignatureNonces were used. A request is accepted for
// at most twice skewMax (its Timestamp may lie ahead of the clock as well as
// behind), so two generations of that length are kept. Hashes stand for the
// texts to keep a busy server small: one false refusal in some 10^12 requests.
// Each server has its own memory; it is not shared between processes.
type nonces struct {
	mu     sync.Mutex
	seed   maphash.Seed
	since  time.Time // when the young generation began
	young  map[uint64]struct{}
	before map[uint64]struct{}
}

func newNonces() *nonces {
	return &nonces{seed: maphash.MakeSeed(), young: map[uint64]struct{}{}}
}

// use says whether a nonce is new, and remembers it.
func (n *nonces) use(nonce string, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if now.Sub(n.since) > 2*skewMax {
		n.since, n.before, n.young = now, n.young, map[uint64]struct{}{}
	}
	sum := maphash.String(n.seed, nonce)
	_, young := n.young[sum]
	_, before := n.before[sum]
	n.young[sum] = struct{}{}
	return !young && !before
}
