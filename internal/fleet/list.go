package fleet

import (
	"cmp"
	"context"
	"iter"

	"ecs-activation/internal/activation"
)

// Whole yields every page of one region's list, as Read does for several regions: no code twice, and
// none that existed throughout is missing. The first error ends the pages; a list that is not
// complete ends with an *Incomplete.
func (r *Reader) Whole(ctx context.Context, request activation.ListRequest) iter.Seq2[activation.Page, error] {
	return func(yield func(activation.Page, error) bool) {
		l := &list{reader: r, request: request, yield: func(page activation.Page, _ Ignored, err error) bool { return yield(page, err) }}
		l.read(ctx)
	}
}

// list is one region's list while it is read.
type list struct {
	reader  *Reader
	request activation.ListRequest // of page 1, without paging parameters
	enough  int                    // codes; 0: all
	yield   yield

	seen    map[string]bool // by ActivationId: every code that the service returned
	yielded int             // the codes that the caller got
	left    bool            // the caller wants no more, or got an error
}

// yield passes a page to the caller, with the number of its rows that do not match the filter. It
// returns whether the caller wants more.
type yield func(activation.Page, Ignored, error) bool

// read yields the pages of the list, the first one as soon as it comes, and no more than it takes
// for enough codes. Pages that were requested and are not needed any more are given up.
//
// A list by tags ends at TagCeiling codes, however many there are. At that number the region is read
// once more without the tags, which are compared here.
func (l *list) read(ctx context.Context) {
	defer l.reader.begins(l.request.RegionId)()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.readOnce(ctx)
	if l.left || len(l.request.Tags) == 0 || len(l.seen) < activation.TagCeiling {
		return
	}
	all := &list{reader: l.reader, request: l.request}
	all.request.Tags = nil
	all.yield = func(page activation.Page, ignored Ignored, err error) bool {
		if err != nil {
			l.fail(page.Answer, err)
			return false
		}
		page.ActivationList = keep(page.ActivationList, func(a activation.Activation) bool { return a.HasTags(l.request.Tags) })
		l.hand(page, ignored)
		return !l.left
	}
	all.readOnce(ctx)
}

// readOnce yields the pages of the list as one request for it would.
//
// Pages are requested by number, several at once. Numbers shift when codes come and go meanwhile, so
// the pages are then compared: where they cannot be one state of the region, it is read by
// NextToken, which does not shift, and the codes that were not yielded yet are. That reading is checked
// against the service's own total, and repeated once where the two disagree.
func (l *list) readOnce(ctx context.Context) {
	l.seen = map[string]bool{}
	if complete := l.byNumber(ctx); complete || l.left {
		return
	}
	for attempt := 1; ; attempt++ {
		w := l.byToken(ctx)
		if l.left {
			return
		}
		missing, err := w.missing(ctx, l.reader.service, l.request)
		if err == nil && missing == nil {
			return
		}
		if err != nil || attempt == 2 {
			l.fail(activation.Answer{}, cmp.Or(err, missing))
			return
		}
	}
}

// byNumber yields the pages by number, and reports whether they are the complete list.
func (l *list) byNumber(ctx context.Context) (complete bool) {
	request := l.request
	request.PageNumber, request.PageSize, request.MaxResults, request.NextToken = 1, pageSize(l.enough), 0, ""
	first, err := l.reader.service.List(ctx, request)
	if err != nil {
		l.fail(first.Answer, err)
		return false
	}
	same := consistency{total: first.TotalCount, since: first.Date, consistent: true}
	same.add(first)
	wanted := first.TotalCount
	if l.enough > 0 {
		wanted = min(wanted, l.enough)
	}
	l.hand(first, Ignored{})
	if l.left {
		return false
	}
	if len(l.seen) == first.TotalCount || first.TotalCount > mostByNumber || len(first.ActivationList) == 0 {
		return len(l.seen) == first.TotalCount
	}
	request.PageSize = min(request.PageSize, len(first.ActivationList)) // the service may allow fewer than were requested
	for page := range l.reader.pages(ctx, request, wanted) {
		if page.err != nil {
			l.fail(page.Answer, page.err)
			return false
		}
		same.add(page.Page)
		l.hand(page.Page, Ignored{})
		if l.left {
			return false
		}
	}
	return same.consistent && len(l.seen) == same.total
}

// byToken yields the pages by NextToken, as far as they bring codes that were not yielded yet.
func (l *list) byToken(ctx context.Context) (w tokenWalk) {
	request := l.request
	request.MaxResults = pageSize(l.enough)
	w.codes = map[string]bool{}
	for page, err := range byToken(ctx, l.reader.service, request) {
		if err != nil {
			l.fail(page.Answer, err)
			return w
		}
		if w.since.IsZero() {
			w.since = page.Date
		}
		for _, a := range page.ActivationList {
			w.codes[a.ActivationId] = true
		}
		l.hand(page, Ignored{})
		if l.left {
			return w
		}
	}
	return w
}

// hand yields a page without the codes that an earlier page had, without those that do not match the
// filter, and without those beyond enough.
func (l *list) hand(page activation.Page, ignored Ignored) {
	page.ActivationList = keep(page.ActivationList, func(a activation.Activation) bool {
		repeated := l.seen[a.ActivationId]
		l.seen[a.ActivationId] = true
		return !repeated
	})
	page.ActivationList = keep(page.ActivationList, func(a activation.Activation) bool {
		parameter := mismatch(l.request, a)
		if parameter != "" {
			ignored.Add(Ignored{parameter, 1})
		}
		return parameter == ""
	})
	if l.enough > 0 {
		page.ActivationList = page.ActivationList[:min(len(page.ActivationList), l.enough-l.yielded)]
	}
	l.yielded += len(page.ActivationList)
	l.left = !l.yield(page, ignored, nil) || l.enough > 0 && l.yielded == l.enough
}

// fail yields an error, which ends the list, with the answer that it came with, if there was one.
func (l *list) fail(answer activation.Answer, err error) {
	l.yield(activation.Page{Answer: answer}, Ignored{}, err)
	l.left = true
}

// keep removes the codes of a page that keep refuses, in place.
func keep(codes []activation.Activation, keep func(activation.Activation) bool) []activation.Activation {
	kept := codes[:0]
	for _, a := range codes {
		if keep(a) {
			kept = append(kept, a)
		}
	}
	return kept
}
