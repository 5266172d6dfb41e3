package activation

import (
	"context"
	"iter"
	"slices"
	"sync"
	"time"
)

// How many pages are read at once: in one region at the beginning and at the most, and in all
// regions together. Measured with a prototype on two cores: more does not pay.
const (
	readsAtFirst = 8
	readsAtMost  = 16
	readsInAll   = 128

	// How many pages of a region are asked for beyond the one that the caller waits for: one
	// that takes them slowly is not to have the whole list in memory. The 100 pages that a region
	// has at most, as far as the documents go, are read before their turn comes.
	readsAhead = 8 * readsAtMost
)

// mostByNumber is the longest list that is read by page number. Official pages have allowed at
// most 5,000 codes in a region; a total far beyond is not believed.
const mostByNumber = 100_000

// Reader reads whole lists, many pages at once. It is safe for concurrent use: its bounds hold
// for all lists together.
type Reader struct {
	service  Service
	all      chan struct{}
	patience time.Duration // see Regions

	mu    sync.Mutex
	paces map[string]*pace // by region
}

// NewReader returns a reader of a service's lists.
func NewReader(s Service) *Reader {
	return &Reader{service: s, all: make(chan struct{}, readsInAll), patience: 2 * time.Second, paces: map[string]*pace{}}
}

// Throttled tells the reader that the service asked for fewer requests in a region: it halves
// what it reads there at once.
func (r *Reader) Throttled(region string) { r.pace(region).slower() }

// Pages yields every page of a list, the first one as soon as it is there, or no more than it
// takes for enough codes, where that is not 0. No code is yielded twice, and none that existed
// throughout is missing. The first error ends the pages.
//
// Where a filter by tags meets the service's ceiling, the region is read on without it and
// filtered here.
func (r *Reader) Pages(ctx context.Context, request ListRequest, enough int) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		defer cancel()
		if enough > 0 {
			yield = atMost(enough, yield)
		}
		if enough > 0 && (len(request.Tags) == 0 || enough <= TagCeiling) {
			request.MaxResults = PageFor(enough)
			Pages(ctx, r.service, request)(yield)
			return
		}
		met := map[string]bool{}
		if !r.whole(ctx, request, met, yield) || len(request.Tags) == 0 || len(met) < TagCeiling {
			return
		}
		tags := request.Tags
		request.Tags = nil
		r.whole(ctx, request, map[string]bool{}, func(page Page, err error) bool {
			page.ActivationList = slices.DeleteFunc(page.ActivationList, func(a Activation) bool { return met[a.ActivationId] || !a.has(tags) })
			return yield(page, err)
		})
	}
}

// atMost yields pages until they hold enough codes.
func atMost(enough int, yield func(Page, error) bool) func(Page, error) bool {
	return func(page Page, err error) bool {
		page.ActivationList = page.ActivationList[:min(enough, len(page.ActivationList))]
		enough -= len(page.ActivationList)
		return yield(page, err) && enough > 0
	}
}

// whole yields every page of a list and remembers its codes. It says whether the caller wants to
// go on.
//
// Pages are asked for by number, at once. Numbers shift when codes come and go meanwhile, so the
// pages are then judged: where they cannot be one state of the region, it is walked by NextToken,
// which does not shift, and what was not yielded yet follows.
func (r *Reader) whole(ctx context.Context, request ListRequest, seen map[string]bool, yield func(Page, error) bool) (goOn bool) {
	whole, goOn := r.byNumber(ctx, request, seen, yield)
	if whole || !goOn {
		return goOn
	}
	for page, err := range Pages(ctx, r.service, request) {
		page.ActivationList = unseen(page.ActivationList, seen)
		if !yield(page, err) || err != nil {
			return false
		}
	}
	return true
}

// byNumber yields the pages by number. It says whether they are the whole list, and whether
// the caller wants to go on.
func (r *Reader) byNumber(ctx context.Context, request ListRequest, seen map[string]bool, yield func(Page, error) bool) (whole, goOn bool) {
	request.PageNumber, request.PageSize, request.MaxResults, request.NextToken = 1, MaxPage, 0, ""
	first, err := r.service.List(ctx, request)
	if err != nil {
		yield(Page{}, err)
		return false, false
	}
	judged := judgement{total: first.TotalCount, since: first.Date, whole: true}
	judged.hear(first)
	first.ActivationList = unseen(first.ActivationList, seen)
	if !yield(first, nil) {
		return false, false
	}
	if single := first.TotalCount == len(first.ActivationList); single || first.TotalCount > mostByNumber {
		return single, true
	}
	for page := range r.rest(ctx, request, first.TotalCount) {
		if page.err != nil {
			yield(Page{}, page.err)
			return false, false
		}
		judged.hear(page.Page)
		page.ActivationList = unseen(page.ActivationList, seen)
		if !yield(page.Page, nil) {
			return false, false
		}
	}
	return judged.whole && len(seen) == judged.total, true
}

// answered is a page, or why there is none.
type answered struct {
	Page
	err error
}

// rest reads the pages after the first one, at once, and yields them in order. Once ctx has
// ended nothing waits for the caller: each page is an error then.
func (r *Reader) rest(ctx context.Context, request ListRequest, total int) iter.Seq[answered] {
	pages := make([]chan answered, max(0, total-1)/MaxPage)
	for i := range pages {
		pages[i] = make(chan answered, 1)
	}
	ahead := make(chan struct{}, readsAhead)
	go func() {
		pace := r.pace(request.RegionId)
		for i := range pages {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
			}
			pace.begin()
			r.all <- struct{}{}
			go func() {
				request := request
				request.PageNumber = i + 2
				page, err := r.service.List(ctx, request)
				<-r.all
				pace.end(err == nil)
				pages[i] <- answered{page, err}
			}()
		}
	}()
	return func(yield func(answered) bool) {
		for _, page := range pages {
			answer := <-page
			select {
			case <-ahead:
			default: // ctx has ended
			}
			if !yield(answer) {
				return
			}
		}
	}
}

// judgement decides whether pages that were read by number are one state of a region.
type judgement struct {
	total int       // of the first page
	since time.Time // the service's clock at the first page
	whole bool
}

// hear judges one more page: the total must not have moved, and no code may be younger than
// the first page. Times have whole seconds, so one of that very second counts as younger.
func (j *judgement) hear(page Page) {
	if page.TotalCount != j.total {
		j.whole = false
	}
	for _, a := range page.ActivationList {
		created, err := time.Parse(time.RFC3339, a.CreationTime)
		if err == nil && !j.since.IsZero() && !created.Before(j.since) {
			j.whole = false
		}
	}
}

// pace bounds what is read at once in one region.
type pace struct {
	mu             sync.Mutex
	room           *sync.Cond
	running, limit int
}

func (r *Reader) pace(region string) *pace {
	r.mu.Lock()
	defer r.mu.Unlock()
	p := r.paces[region]
	if p == nil {
		p = &pace{limit: readsAtFirst}
		p.room = sync.NewCond(&p.mu)
		r.paces[region] = p
	}
	return p
}

// begin waits for room.
func (p *pace) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.running >= p.limit {
		p.room.Wait()
	}
	p.running++
}

// end makes room, and a little more after a success.
func (p *pace) end(success bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
	if success {
		p.limit = min(p.limit+1, readsAtMost)
	}
	p.room.Broadcast()
}

func (p *pace) slower() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.limit = max(1, p.limit/2)
}
