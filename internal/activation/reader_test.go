package activation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"
)

// shelf is a Service of which only the lists matter: newest codes first, pages by number or by
// token. before is called with the number of the request, from 1, before it is answered.
type shelf struct {
	Service
	mu      sync.Mutex
	codes   []Activation
	clock   time.Time
	asked   int
	at      int // requests under way
	most    int // at once
	byToken int
	before  func(s *shelf, n int) error
}

func newShelf(n int) *shelf {
	s := &shelf{clock: time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)}
	for i := range n {
		s.put(fmt.Sprintf("old-%d", i), s.clock.Add(-time.Hour))
	}
	return s
}

func (s *shelf) put(id string, created time.Time) {
	s.codes = slices.Insert(s.codes, 0, Activation{ActivationId: id, CreationTime: created.Format(time.RFC3339), TimeToLiveInHours: 4})
}

func (s *shelf) drop(id string) {
	s.codes = slices.DeleteFunc(s.codes, func(a Activation) bool { return a.ActivationId == id })
}

func (s *shelf) List(ctx context.Context, r ListRequest) (Page, error) {
	s.enter(1)
	defer s.enter(-1)
	time.Sleep(time.Millisecond)
	if ctx.Err() != nil {
		return Page{}, &Error{Kind: KindInterrupted, Op: "list", Err: context.Cause(ctx)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	if s.before != nil {
		if err := s.before(s, s.asked); err != nil {
			return Page{}, err
		}
	}
	if r.MaxResults > 0 {
		return s.byTokens(r)
	}
	from := min((r.PageNumber-1)*r.PageSize, len(s.codes))
	page := Page{TotalCount: len(s.codes), PageNumber: r.PageNumber, PageSize: r.PageSize, Answer: Answer{Date: s.clock}}
	page.ActivationList = slices.Clone(s.codes[from:min(from+r.PageSize, len(s.codes))])
	return page, nil
}

// byTokens pages as a service may whose tokens name the last code of a page.
func (s *shelf) byTokens(r ListRequest) (Page, error) {
	s.byToken++
	from := 0
	if r.NextToken != "" {
		from = slices.IndexFunc(s.codes, func(a Activation) bool { return a.ActivationId == r.NextToken }) + 1
	}
	end := min(from+r.MaxResults, len(s.codes))
	page := Page{ActivationList: slices.Clone(s.codes[from:end]), Answer: Answer{Date: s.clock}}
	if end < len(s.codes) {
		page.NextToken = s.codes[end-1].ActivationId
	}
	return page, nil
}

func (s *shelf) enter(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at += n
	s.most = max(s.most, s.at)
}

// read returns the IDs that a reader yields, and its error.
func read(t *testing.T, s *shelf) ([]string, error) {
	t.Helper()
	var ids []string
	for page, err := range NewReader(s).Pages(t.Context(), ListRequest{RegionId: "r"}, 0) {
		if err != nil {
			return ids, err
		}
		for _, a := range page.ActivationList {
			ids = append(ids, a.ActivationId)
		}
	}
	return ids, nil
}

// holdsAll checks that every old code is there, and none twice.
func holdsAll(t *testing.T, ids []string, old int) {
	t.Helper()
	seen := map[string]int{}
	for _, id := range ids {
		if seen[id]++; seen[id] > 1 {
			t.Errorf("%s was yielded twice", id)
		}
	}
	for i := range old {
		if id := "old-" + strconv.Itoa(i); seen[id] == 0 {
			t.Errorf("%s is missing", id)
		}
	}
}

func TestAListIsReadWholeInOrderAndManyPagesAtOnce(t *testing.T) {
	for _, n := range []int{0, 1, 49, 50, 51, 100, 101, 2000} {
		s := newShelf(n)
		ids, err := read(t, s)
		holdsAll(t, ids, n)
		if err != nil || len(ids) != n || n > 0 && (ids[0] != fmt.Sprintf("old-%d", n-1) || ids[n-1] != "old-0") {
			t.Errorf("%d codes: %d were yielded, %v", n, len(ids), err)
		}
		if pages := max(1, (n+MaxPage-1)/MaxPage); s.asked != pages || s.byToken != 0 {
			t.Errorf("%d codes took %d requests, %d by token, want %d", n, s.asked, s.byToken, pages)
		}
		if n == 2000 && (s.most < 4 || s.most > readsAtMost) {
			t.Errorf("%d requests at once, want 4 to %d", s.most, readsAtMost)
		}
	}
}

func TestNothingIsMissingOrTwiceWhileCodesComeAndGo(t *testing.T) {
	changes := map[string]func(s *shelf, n int){
		"created":             func(s *shelf, n int) { s.put(fmt.Sprintf("new-%d", n), s.clock) },
		"deleted":             func(s *shelf, n int) { s.drop(fmt.Sprintf("old-%d", 1000+n)) },
		"created and deleted": func(s *shelf, n int) { s.put(fmt.Sprintf("new-%d", n), s.clock); s.drop(fmt.Sprintf("old-%d", 1000+n)) },
	}
	for name, change := range changes {
		s := newShelf(1500)
		s.before = func(s *shelf, n int) error {
			if n > 1 && n < 20 {
				change(s, n)
			}
			return nil
		}
		ids, err := read(t, s)
		if err != nil || s.byToken == 0 {
			t.Errorf("%s: %v, %d requests by token", name, err, s.byToken)
		}
		holdsAll(t, ids, 1000) // the others may have been deleted
	}
}

func TestAnErrorEndsTheList(t *testing.T) {
	for _, at := range []int{1, 2, 7} {
		s := newShelf(500)
		s.before = func(_ *shelf, n int) error {
			if n == at {
				return errTorn
			}
			return nil
		}
		if ids, err := read(t, s); !errors.Is(err, errTorn) || len(ids) > (at-1)*MaxPage+readsAtMost*MaxPage {
			t.Errorf("at request %d: %d codes, %v", at, len(ids), err)
		}
	}
}

func TestTheFirstPageIsThereBeforeTheLastIsAsked(t *testing.T) {
	s := newShelf(5000)
	for page, err := range NewReader(s).Pages(t.Context(), ListRequest{RegionId: "r"}, 0) {
		s.mu.Lock()
		asked := s.asked
		s.mu.Unlock()
		if err != nil || len(page.ActivationList) != MaxPage || asked != 1 {
			t.Errorf("after %d requests: %d codes, %v", asked, len(page.ActivationList), err)
		}
		break
	}
}

func TestASlowCallerDoesNotGetTheWholeListIntoMemory(t *testing.T) {
	s := newShelf(200 * MaxPage)
	pages := 0
	for _, err := range NewReader(s).Pages(t.Context(), ListRequest{RegionId: "cn-hangzhou"}, 0) {
		if err != nil {
			t.Fatal(err)
		}
		if pages++; pages == 2 {
			time.Sleep(200 * time.Millisecond)
			s.mu.Lock()
			if s.asked > pages+readsAhead {
				t.Errorf("%d pages were asked for, and %d taken", s.asked, pages)
			}
			s.mu.Unlock()
		}
	}
	if pages != 200 {
		t.Errorf("%d pages", pages)
	}
}

func TestAListWhoseContextEndsEndsAsWell(t *testing.T) {
	s := newShelf(200 * MaxPage)
	ctx, cancel := context.WithCancel(t.Context())
	pages := 0
	for _, err := range NewReader(s).Pages(ctx, ListRequest{RegionId: "cn-hangzhou"}, 0) {
		if pages++; err != nil {
			break
		}
		if pages == 2 {
			time.Sleep(100 * time.Millisecond)
			cancel()
		}
	}
	cancel()
	if pages == 200 {
		t.Error("the list went on")
	}
}

func TestThrottlingHalvesWhatIsReadAtOnceAndSuccessesMakeItGrow(t *testing.T) {
	r := NewReader(nil)
	p := r.pace("r")
	for range 100 {
		p.begin()
		p.end(true)
	}
	if p.limit != readsAtMost {
		t.Errorf("it grew to %d, want %d", p.limit, readsAtMost)
	}
	for _, want := range []int{8, 4, 2, 1, 1} {
		if r.Throttled("r"); p.limit != want {
			t.Errorf("halved to %d, want %d", p.limit, want)
		}
	}
	if other := r.pace("other").limit; other != readsAtFirst {
		t.Errorf("another region has %d, want %d", other, readsAtFirst)
	}
}

func TestATotalThatCannotBeIsNotBelieved(t *testing.T) {
	for _, total := range []int{1 << 40, 0, -1, -1 << 40} {
		s := newShelf(120)
		n := 0
		for page, err := range NewReader(&liar{s, total}).Pages(t.Context(), ListRequest{RegionId: "r"}, 0) {
			if err != nil {
				t.Fatal(err)
			}
			n += len(page.ActivationList)
		}
		if n != 120 || s.byToken == 0 {
			t.Errorf("a total of %d: %d codes, %d requests by token", total, n, s.byToken)
		}
	}
}

// liar tells of more codes than a region can hold, or fewer than none.
type liar struct {
	*shelf
	total int
}

func (l *liar) List(ctx context.Context, r ListRequest) (Page, error) {
	page, err := l.shelf.List(ctx, r)
	page.TotalCount = l.total
	return page, err
}
