package fleet

import "testing"

func TestThrottlingHalvesWhatIsReadAtOnceAndSuccessesMakeItGrow(t *testing.T) {
	r := NewReader(nil)
	p := r.pace("r")
	if r.Throttled("r") || r.takeThrottled() || p.limit != readsAtFirst {
		t.Error("a region that is not read was slowed down")
	}
	end := r.begins("r")
	for range 100 {
		p.begin()
		p.end(true)
	}
	if p.limit != readsAtMost {
		t.Errorf("it grew to %d, want %d", p.limit, readsAtMost)
	}
	p.begin()
	p.end(false)
	for _, want := range []int{8, 4, 2, 1, 1} {
		if !r.Throttled("r") || p.limit != want {
			t.Errorf("halved to %d, want %d", p.limit, want)
		}
	}
	p.begin()
	if p.end(false); p.limit != 1 {
		t.Errorf("a failure made it grow to %d", p.limit)
	}
	if other := r.pace("other").limit; other != readsAtFirst {
		t.Errorf("another region has %d, want %d", other, readsAtFirst)
	}
	if r.Throttled("other") || !r.takeThrottled() || r.takeThrottled() {
		t.Error("throttling is not reported once")
	}
	if end(); r.Throttled("r") {
		t.Error("a region that is no longer read is slowed down")
	}
}

func TestMemoryForPagesBeforeTheirTurnIsBounded(t *testing.T) {
	r := NewReader(nil)
	a, b := &holding{reader: r}, &holding{reader: r}
	for taken := 0; taken < bytesAhead; taken += largePage {
		if !r.mayReadAhead() || r.regionsToRead() != regionsAhead {
			t.Fatalf("nothing is read ahead with %d bytes", taken)
		}
		if h := map[bool]*holding{true: a, false: b}[taken%2 == 0]; !h.take(largePage) {
			t.Fatalf("there is no memory after %d bytes", taken)
		}
	}
	if a.take(1) || b.take(1) || r.mayReadAhead() || r.regionsToRead() != 1 || r.ahead != bytesAhead {
		t.Errorf("%d bytes are taken", r.ahead)
	}
	a.give(largePage)
	if r.ahead != bytesAhead-largePage || !b.take(largePage) || b.take(1) {
		t.Errorf("%d bytes are taken", r.ahead)
	}
	a.end()
	b.end()
	if r.ahead != 0 || a.take(1) || r.large {
		t.Errorf("%d bytes are taken in the end", r.ahead)
	}
}

func TestAfterALargePageNothingIsReadAhead(t *testing.T) {
	r := NewReader(nil)
	h := &holding{reader: r}
	if !h.take(largePage) || !r.mayReadAhead() || r.regionsToRead() != regionsAhead {
		t.Error("a page of the largest size is too large")
	}
	if h.take(largePage+1) || h.take(1) || r.mayReadAhead() || r.regionsToRead() != 1 {
		t.Error("a large page is kept, or pages are read ahead after it")
	}
	if h.end(); r.mayReadAhead() || (&holding{reader: r}).take(1) {
		t.Error("pages are read ahead after a large one")
	}
}
