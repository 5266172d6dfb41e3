package activation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// land is a Service with a shelf in each region.
type land struct {
	Service
	regions map[string]*shelf
	hold    map[string]chan struct{} // a region answers when its channel is closed

	mu    sync.Mutex
	asked []string // region and page number
}

func newLand(codes map[string]int) *land {
	l := &land{regions: map[string]*shelf{}, hold: map[string]chan struct{}{}}
	for region, n := range codes {
		l.regions[region] = newShelf(n)
	}
	return l
}

func (l *land) List(ctx context.Context, r ListRequest) (Page, error) {
	if ctx.Err() != nil {
		return Page{}, context.Cause(ctx)
	}
	l.mu.Lock()
	l.asked = append(l.asked, fmt.Sprintf("%s/%d", r.RegionId, r.PageNumber))
	l.mu.Unlock()
	if hold := l.hold[r.RegionId]; hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return Page{}, context.Cause(ctx)
		}
	}
	return l.regions[r.RegionId].List(ctx, r)
}

// told is what Regions yields, a word a part: "a50" for a page of 50 codes of region a, "a!" for
// an error, "a." for its end.
func told(r *Reader, ctx context.Context, enough int, regions ...string) (words []string) {
	for part := range r.Regions(ctx, regions, ListRequest{}, enough) {
		switch {
		case part.End:
			words = append(words, part.RegionId+".")
		case part.Err != nil:
			words = append(words, part.RegionId+"!")
		default:
			words = append(words, fmt.Sprintf("%s%d", part.RegionId, len(part.Page.ActivationList)))
		}
	}
	return words
}

func TestRegionsComeOneAfterTheOtherInTheOrderAskedFor(t *testing.T) {
	l := newLand(map[string]int{"a": 120, "b": 0, "c": 51})
	if got := strings.Join(told(NewReader(l), t.Context(), 0, "c", "a", "b"), " "); got != "c50 c1 c. a50 a50 a20 a. b0 b." {
		t.Error(got)
	}
	if got := strings.Join(told(NewReader(l), t.Context(), 3, "a", "c"), " "); got != "a3 a. c3 c." {
		t.Errorf("at most three of each: %s", got)
	}
}

func TestTheFirstPageOfEveryRegionIsAskedForBeforeOneIsTaken(t *testing.T) {
	codes := map[string]int{}
	var regions []string
	for i := range 3 * regionsAhead {
		region := fmt.Sprintf("r%02d", i)
		codes[region], regions = 100, append(regions, region)
	}
	l := newLand(codes)
	var asked []string // before the end of the loop, which cancels what is still being read
	for range NewReader(l).Regions(t.Context(), regions, ListRequest{}, 0) {
		time.Sleep(100 * time.Millisecond)
		l.mu.Lock()
		asked = slices.Clone(l.asked)
		l.mu.Unlock()
		break
	}
	for i, region := range regions {
		if !slices.Contains(asked, region+"/1") {
			t.Errorf("page 1 of %s was not asked for", region)
		}
		if second := slices.Contains(asked, region+"/2"); second != (i < regionsAhead) {
			t.Errorf("page 2 of %s, number %d, was asked for: %v", region, i+1, second)
		}
	}
}

func TestARegionThatHangsLosesItsPlaceAndNotItsRows(t *testing.T) {
	l := newLand(map[string]int{"a": 60, "b": 60, "c": 1})
	l.hold["a"] = make(chan struct{})
	r := NewReader(l)
	r.patience = 20 * time.Millisecond
	var got []string
	for part := range r.Regions(t.Context(), []string{"a", "b", "c"}, ListRequest{}, 0) {
		if got = append(got, part.RegionId); part.RegionId == "c" && part.End {
			close(l.hold["a"])
		}
	}
	if text := strings.Join(got, ""); text != "bbbccaaa" {
		t.Error(text)
	}
}

func TestARegionThatHangsForEverIsAnErrorWhenTheTimeIsUp(t *testing.T) {
	l := newLand(map[string]int{"a": 60, "b": 60})
	l.hold["a"] = make(chan struct{})
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	r := NewReader(l)
	r.patience = 20 * time.Millisecond
	if got := strings.Join(told(r, ctx, 0, "a", "b"), " "); got != "b50 b10 b. a! a." {
		t.Error(got)
	}
}

func TestARegionThatFailsCostsTheOthersNothing(t *testing.T) {
	l := newLand(map[string]int{"a": 60, "b": 120})
	l.regions["b"].before = func(_ *shelf, n int) error {
		if n > 1 {
			return errors.New("forbidden")
		}
		return nil
	}
	if got := strings.Join(told(NewReader(l), t.Context(), 0, "b", "a"), " "); got != "b50 b! b. a50 a10 a." {
		t.Error(got)
	}
}

func TestACallerWhoLeavesEndsTheReading(t *testing.T) {
	l := newLand(map[string]int{"a": 5000, "b": 5000})
	for range NewReader(l).Regions(t.Context(), []string{"a", "b"}, ListRequest{}, 0) {
		break
	}
	time.Sleep(50 * time.Millisecond)
	l.mu.Lock()
	before := len(l.asked)
	l.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	l.mu.Lock()
	defer l.mu.Unlock()
	if before != len(l.asked) || before > 2*readsAtMost {
		t.Errorf("%d requests, and later %d", before, len(l.asked))
	}
}
