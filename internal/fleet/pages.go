package fleet

import (
	"cmp"
	"context"
	"errors"
	"iter"

	"ecs-activation/internal/activation"
)

// This file requests pages: many at once by number, or one after the other by NextToken.

// mostByNumber is the longest list that is read by page number. Official pages have allowed at most
// 5,000 codes in a region; a total far beyond is not believed.
const mostByNumber = 100_000

// pageSize returns the size of the pages for a list of which so many codes are enough; 0: all are
// read. It takes as few pages as possible, none larger than necessary, and all of one size, because no
// document says that it may change between two pages.
func pageSize(enough int) int {
	if enough == 0 {
		return activation.MaxPage
	}
	pages := (enough-1)/activation.MaxPage + 1
	return (enough-1)/pages + 1
}

// answered is a page, or why there is none.
type answered struct {
	activation.Page
	err     error
	bytes   int  // about the size of the page in memory
	dropped bool // there was no memory for the page before its turn
}

// pages reads the pages after the first one, many at once, and yields them in order, as many as it
// takes for so many codes. Once ctx has ended nothing waits for the caller: each page is an error
// then.
func (r *Reader) pages(ctx context.Context, request activation.ListRequest, codes int) iter.Seq[answered] {
	pages := make([]chan answered, max(0, codes-1)/request.PageSize)
	for i := range pages {
		pages[i] = make(chan answered, 1)
	}
	ahead, memory := make(chan struct{}, readsAhead), &holding{reader: r}
	go func() {
		pace := r.pace(request.RegionId)
		for i := range pages {
			select {
			case ahead <- struct{}{}:
			case <-ctx.Done():
			}
			if !r.mayReadAhead() {
				pages[i] <- answered{dropped: true}
				continue
			}
			pace.begin()
			r.running <- struct{}{}
			go func() {
				answer := requestPage(ctx, r.service, request, i+2)
				<-r.running
				pace.end(answer.err == nil)
				if !memory.take(answer.bytes) { // an error takes none
					answer = answered{dropped: true}
				}
				pages[i] <- answer
			}()
		}
	}()
	return func(yield func(answered) bool) {
		defer memory.end()
		for i, page := range pages {
			answer := <-page
			if answer.dropped {
				answer = requestPage(ctx, r.service, request, i+2)
			} else {
				memory.give(answer.bytes)
			}
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

// requestPage requests one page by its number.
func requestPage(ctx context.Context, s activation.Service, request activation.ListRequest, number int) answered {
	request.PageNumber = number
	page, err := s.List(ctx, request)
	if err != nil {
		return answered{err: err}
	}
	return answered{Page: page, bytes: sizeOf(page)}
}

// sizeOf is about how many bytes a page takes in memory.
func sizeOf(page activation.Page) (bytes int) {
	const perCode, perTag = 256, 32
	for i := range page.ActivationList {
		a := &page.ActivationList[i]
		bytes += perCode + len(a.ActivationId) + len(a.InstanceName) + len(a.Description) + len(a.IpAddressRange) + len(a.CreationTime) + len(a.ResourceGroupId)
		for _, tag := range a.Tags {
			bytes += perTag + len(tag.TagKey) + len(tag.TagValue)
		}
	}
	return bytes
}

// byToken reads all pages of a list by NextToken, MaxResults codes a page, or as many as the service
// allows when it is 0. It ends at the first error, which comes with an empty page.
func byToken(ctx context.Context, s activation.Service, r activation.ListRequest) iter.Seq2[activation.Page, error] {
	return func(yield func(activation.Page, error) bool) {
		r.MaxResults, r.PageNumber, r.PageSize = cmp.Or(r.MaxResults, activation.MaxPage), 0, 0
		var tokens tokens
		for {
			page, err := s.List(ctx, r)
			if err == nil {
				err = tokens.follow(page.NextToken, "list", activation.Ref{RegionId: r.RegionId}, page.RequestId)
			}
			if err != nil {
				yield(activation.Page{}, err)
				return
			}
			if !yield(page, nil) || page.NextToken == "" {
				return
			}
			r.NextToken = page.NextToken
		}
	}
}

// Machines returns the machines that registered with a code and still exist, from all pages. It leaves
// out machines of other codes, which were not requested, and those that an earlier page had.
func Machines(ctx context.Context, s activation.Service, ref activation.Ref) ([]activation.Machine, error) {
	machines := []activation.Machine{}
	seen := map[string]bool{}
	var tokens tokens
	for r := (activation.MachinesRequest{Ref: ref, MaxResults: activation.MaxPage}); ; {
		page, err := s.Machines(ctx, r)
		if err == nil {
			err = tokens.follow(page.NextToken, "list the machines of", ref, page.RequestId)
		}
		if err != nil {
			return nil, err
		}
		for _, m := range page.Instances {
			if m.ActivationId == ref.ActivationId && !seen[m.InstanceId] {
				seen[m.InstanceId] = true
				machines = append(machines, m)
			}
		}
		if page.NextToken == "" {
			return machines, nil
		}
		r.NextToken = page.NextToken
	}
}

// tokens are the page tokens of one list so far.
type tokens struct{ seen map[string]bool }

// follow notes the token of the next page. Its error says that the list would never end.
func (t *tokens) follow(token, op string, id activation.Ref, requestID string) error {
	if t.seen[token] {
		return &activation.Error{Kind: activation.KindOther, Op: op, ID: id, RequestID: requestID,
			Err: errors.New("the service repeated a page token, so the list would never end")}
	}
	if t.seen == nil {
		t.seen = map[string]bool{}
	}
	t.seen[token] = true
	return nil
}
