package batch

import (
	"context"
	"errors"
	"sync"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/issuance"
)

// mostPages is the maximum number of pages that are read of one region before the first create.
const mostPages = 100

var errTooMany = errors.New("the region has too many recent codes")

// listRegions lists the codes of each region of the batch that can still be used. They show which codes of
// earlier runs are dead, and which answers are new codes. A region that cannot be listed is left out, with
// a note: then the files, the records and the ledger decide.
func (r *Run) listRegions(ctx context.Context) map[string]listing {
	longest := map[string]int{}
	for _, row := range r.Batch.Rows {
		region := row.Request.RegionId
		longest[region] = max(longest[region], row.Request.TimeToLiveInHours)
	}
	listed := map[string]listing{}
	var mu sync.Mutex
	var group sync.WaitGroup
	service := newLimits(r.Account.Service)
	for region, hours := range longest {
		group.Go(func() {
			one, err := list(ctx, service, region, time.Duration(hours)*time.Hour)
			if err != nil && ctx.Err() == nil {
				r.Note(NotListed{region, err})
			}
			mu.Lock()
			defer mu.Unlock()
			listed[region] = one
		})
	}
	group.Wait()
	return listed
}

// list returns the codes of a region that were created within a lifetime. The service lists the newest
// first.
func list(ctx context.Context, service activation.Service, region string, lifetime time.Duration) (listing, error) {
	codes, token := issuance.Listed{}, ""
	for range mostPages {
		page, err := service.List(ctx, activation.ListRequest{RegionId: region, MaxResults: activation.MaxPage, NextToken: token})
		if err != nil {
			return listing{}, err
		}
		for _, code := range page.ActivationList {
			codes[code.ActivationId] = code
		}
		if page.NextToken == "" || isOld(page, lifetime) {
			return listing{codes, page.Date}, noDate(page)
		}
		token = page.NextToken
	}
	return listing{}, errTooMany
}

// noDate returns an error for an answer without the time of the service: it cannot be said then which codes
// have expired.
func noDate(page activation.Page) error {
	if page.Date.IsZero() {
		return errors.New("the answer has no Date")
	}
	return nil
}

// isOld reports whether the last code of a page was created before the lifetime of a code of the batch began.
func isOld(page activation.Page, lifetime time.Duration) bool {
	if len(page.ActivationList) == 0 || page.Date.IsZero() {
		return false
	}
	created, known := page.ActivationList[len(page.ActivationList)-1].Created()
	return known && page.Date.Sub(created) > lifetime+time.Minute
}

// NotListed is the note about a region whose codes could not be listed.
type NotListed struct {
	RegionId string
	Err      error
}
