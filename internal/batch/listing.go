package batch

import (
	"context"
	"errors"
	"sync"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
)

// tokenMemory is the age of the codes that are listed, at least. The service does not document how long it remembers a
// token. It may be longer than the lifetime of a code: then a batch that was run on another machine gets dead codes,
// which must not look new.
const tokenMemory = 48 * time.Hour

// mostPages is the maximum number of pages that are read of one region before the first create.
const mostPages = 100

// The reasons why a listing is not used, besides the errors of the service.
var (
	errTooMany = errors.New("the region has too many recent codes")
	errNoDate  = errors.New("the answer has no Date, so it is not known which codes have expired")
)

// listRegions lists the recent codes of each region of the batch. They show which codes of
// earlier runs are dead, and which answers are new codes. A region that cannot be listed is left out, with
// a note: then the files, the records and the ledger decide.
func (r *Run) listRegions(ctx context.Context) map[string]listing {
	ages := map[string]time.Duration{}
	for _, row := range r.Batch.Rows {
		region := row.Request.RegionId
		ages[region] = max(ages[region], tokenMemory, row.Request.Lifetime())
	}
	listed, reader := map[string]listing{}, fleet.NewReader(r.Account.Service)
	var mu sync.Mutex
	var group sync.WaitGroup
	for region, age := range ages {
		group.Go(func() {
			one, err := list(ctx, reader, region, age)
			if err != nil && ctx.Err() == nil {
				r.Issuer.Note(issuance.NotListed{RegionId: region, Err: err})
			}
			mu.Lock()
			defer mu.Unlock()
			listed[region] = one
		})
	}
	group.Wait()
	return listed
}

// list returns the codes of a region up to an age, and perhaps older ones. The service lists the newest first.
func list(ctx context.Context, reader *fleet.Reader, region string, age time.Duration) (listing, error) {
	found := listing{codes: issuance.Listed{}}
	pages := 0
	for page, err := range reader.Whole(ctx, activation.ListRequest{RegionId: region}) {
		if err != nil {
			return listing{}, err
		}
		if pages++; pages > mostPages {
			return listing{}, errTooMany
		}
		for _, code := range page.ActivationList {
			found.codes[code.ActivationId] = code
		}
		if found.date = page.Date; found.date.IsZero() {
			return listing{}, errNoDate
		}
		if isOld(page, age) {
			break
		}
	}
	return found, nil
}

// isOld reports whether the last code of a page is older than an age.
func isOld(page activation.Page, age time.Duration) bool {
	if len(page.ActivationList) == 0 {
		return false
	}
	created, known := page.ActivationList[len(page.ActivationList)-1].Created()
	return known && page.Date.Sub(created) > age+time.Minute
}
