package fleet

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ecs-activation/internal/activation"
)

// service is a Service in memory of which the lists work: one region, the newest codes first, pages
// by number or by token. Its other fields make it change, fail or contradict itself.
type service struct {
	activation.Service
	delay  time.Duration // of an answer
	cap    int           // the most codes on a page, whatever was requested; 0: no cap
	ignore bool          // the filters
	total  func(n int) int
	tokens func(token string) string // what is sent as NextToken
	alter  func(activation.ListRequest, *activation.Page)
	before func(s *service, n int, r activation.ListRequest) error // called with the number of the request, from 1

	mu       sync.Mutex
	codes    []activation.Activation
	clock    time.Time
	requests []activation.ListRequest
	running  int
	most     int // requests at once
}

var start = time.Date(2026, 6, 25, 6, 0, 0, 0, time.UTC)

// errTorn is why a request failed.
var errTorn = errors.New("torn")

// torn is the service's error for it.
func torn() error {
	return &activation.Error{Kind: activation.KindUnavailable, Op: "list", Err: errTorn}
}

// with returns a service with codes old-0, old-1, …, the last one the newest.
func with(n int) *service {
	s := &service{clock: start}
	for i := range n {
		s.codes = append(s.codes, codeOf(fmt.Sprint("old-", n-1-i), start.Add(-time.Hour)))
	}
	return s
}

func (s *service) put(id string, created time.Time) {
	s.codes = slices.Insert(s.codes, 0, codeOf(id, created))
}

func codeOf(id string, created time.Time) activation.Activation {
	return activation.Activation{ActivationId: id, InstanceCount: 10, CreationTime: created.Format(time.RFC3339), TimeToLiveInHours: 4}
}

func (s *service) drop(id string) {
	s.codes = slices.DeleteFunc(s.codes, func(a activation.Activation) bool { return a.ActivationId == id })
}

func (s *service) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	s.enter(1)
	defer s.enter(-1)
	if sleep(ctx, max(s.delay, time.Millisecond)) != nil {
		return activation.Page{}, &activation.Error{Kind: activation.KindInterrupted, Op: "list", ID: activation.Ref{RegionId: r.RegionId}, Err: context.Cause(ctx)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = append(s.requests, r)
	if s.before != nil {
		if err := s.before(s, len(s.requests), r); err != nil {
			return activation.Page{}, err
		}
	}
	found := s.codes
	if filtered := r.ActivationId+r.InstanceName+r.ResourceGroupId != "" || len(r.Tags) > 0; filtered && !s.ignore {
		found = slices.DeleteFunc(slices.Clone(s.codes), func(a activation.Activation) bool { return mismatch(r, a) != "" })
	}
	page := s.page(found, r)
	for i := range page.ActivationList {
		page.ActivationList[i].RegionId = r.RegionId
	}
	if s.alter != nil {
		s.alter(r, &page)
	}
	page.Answer = activation.Answer{RequestId: fmt.Sprint("request-", len(s.requests)), Date: s.clock, ReceivedAt: time.Now()}
	return page, nil
}

// page is a page of the codes that were found.
func (s *service) page(found []activation.Activation, r activation.ListRequest) activation.Page {
	size := cmp.Or(max(r.PageSize, r.MaxResults), 10)
	if s.cap > 0 {
		size = min(size, s.cap)
	}
	from := (max(r.PageNumber, 1) - 1) * size
	if r.MaxResults > 0 {
		from = slices.IndexFunc(found, func(a activation.Activation) bool { return a.ActivationId == r.NextToken }) + 1
	}
	from = max(0, min(from, len(found)))
	end := min(from+size, len(found))
	page := activation.Page{ActivationList: slices.Clone(found[from:end])}
	if r.MaxResults > 0 {
		if end < len(found) {
			page.NextToken = found[end-1].ActivationId
		}
		if s.tokens != nil {
			page.NextToken = s.tokens(page.NextToken)
		}
		return page
	}
	page.TotalCount, page.PageNumber, page.PageSize = len(found), r.PageNumber, size
	if s.total != nil {
		page.TotalCount = s.total(page.TotalCount)
	}
	return page
}

func (s *service) enter(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running += n
	s.most = max(s.most, s.running)
}

// asked returns how many requests there were, and how many of them by token.
func (s *service) asked() (all, byToken int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.requests {
		if r.MaxResults > 0 {
			byToken++
		}
	}
	return len(s.requests), byToken
}

// services is a Service with a service in each region.
type services struct {
	activation.Service
	regions map[string]*service
	hold    map[string]chan struct{} // a region answers when its channel is closed
}

func (s *services) List(ctx context.Context, r activation.ListRequest) (activation.Page, error) {
	if hold := s.hold[r.RegionId]; hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return activation.Page{}, &activation.Error{Kind: activation.KindUnavailable, Op: "list", ID: activation.Ref{RegionId: r.RegionId}, Err: context.Cause(ctx)}
		}
	}
	return s.regions[r.RegionId].List(ctx, r)
}

// asked returns how many requests there were in all regions.
func (s *services) asked() (n int) {
	for _, region := range s.regions {
		all, _ := region.asked()
		n += all
	}
	return n
}

// inRegions returns services with so many codes in each region.
func inRegions(codes map[string]int) *services {
	s := &services{regions: map[string]*service{}, hold: map[string]chan struct{}{}}
	for region, n := range codes {
		s.regions[region] = with(n)
	}
	return s
}

// one is the query for all codes of one region.
func one() Query { return Query{Regions: []string{"cn-hangzhou"}} }

// idsOf returns the IDs of a listing and its only error.
func idsOf(l Listing) ([]string, error) {
	var ids []string
	for _, a := range l.Codes {
		ids = append(ids, a.ActivationId)
	}
	if len(l.Failed()) > 0 {
		return ids, l.Failed()[0]
	}
	return ids, nil
}

// words returns what Read yields, a word a part: "a50" for a page of 50 codes of region a, "a!" for
// an error, "a." for its end.
func words(ctx context.Context, r *Reader, q Query) string {
	var words []string
	for part := range r.Read(ctx, q) {
		switch {
		case part.End:
			words = append(words, part.RegionId+".")
		case part.Err != nil:
			words = append(words, part.RegionId+"!")
		default:
			words = append(words, fmt.Sprintf("%s%d", part.RegionId, len(part.Page.ActivationList)))
		}
	}
	return strings.Join(words, " ")
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
		if id := fmt.Sprint("old-", i); seen[id] == 0 {
			t.Errorf("%s is missing", id)
		}
	}
}
