package fleet

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ecs-activation/internal/activation"
)

// This file compares what the service returned with what was requested and with what the service
// itself says about its list.

// Incomplete is the error of a list that ended before all the codes came that the service had
// announced in TotalCount.
type Incomplete struct{ Announced, Returned int }

// Error returns both numbers.
func (e *Incomplete) Error() string {
	return fmt.Sprintf("the service announced %d codes and returned %d", e.Announced, e.Returned)
}

// incomplete is the error of a region's list. It may be complete at another time.
func incomplete(op string, ref activation.Ref, requestID string, e *Incomplete) error {
	return &activation.Error{Kind: activation.KindUnavailable, Op: op, ID: ref, RequestID: requestID, Err: e}
}

// consistency decides whether pages that were read by number are one state of a region.
type consistency struct {
	total      int       // of the first page
	since      time.Time // the service's clock at the first page
	consistent bool
}

// add takes one more page into account: the total must not have changed, and no code may be younger
// than the first page. Times have whole seconds, so a code of that very second counts as younger.
func (c *consistency) add(page activation.Page) {
	if page.TotalCount != c.total {
		c.consistent = false
	}
	for _, a := range page.ActivationList {
		created, _ := a.Created() // an unknown time is before every other
		if !c.since.IsZero() && !created.Before(c.since) {
			c.consistent = false
		}
	}
}

// tokenWalk is what one reading by NextToken brought.
type tokenWalk struct {
	codes map[string]bool // by ActivationId
	since time.Time       // the service's clock at its first page; zero: it sent none
}

// missing requests page 1 by number once more, whose TotalCount counts, and returns an error when the
// service has more codes than a reading by NextToken brought. Codes that were created since do not
// count: the service lists the newest first, so they are on page 1. Codes that were deleted since make
// the total smaller. err is why the page could not be read.
func (w tokenWalk) missing(ctx context.Context, s activation.Service, request activation.ListRequest) (missing, err error) {
	request.PageNumber, request.PageSize = 1, activation.MaxPage
	page, err := s.List(ctx, request)
	if err != nil {
		return nil, err
	}
	added := 0
	for _, a := range page.ActivationList {
		if created, _ := a.Created(); !w.codes[a.ActivationId] && !created.Before(w.since) {
			added++
		}
	}
	if page.TotalCount <= len(w.codes)+added || added == activation.MaxPage { // a whole page is new: there may be more
		return nil, nil
	}
	return incomplete("list", activation.Ref{RegionId: request.RegionId}, page.RequestId, &Incomplete{page.TotalCount, len(w.codes)}), nil
}

// Ignored counts the codes that the service returned although they do not match a filter.
type Ignored struct {
	Parameter string // of the API, such as InstanceName: the first filter that was ignored
	Codes     int
}

// Add adds another count.
func (i *Ignored) Add(more Ignored) {
	if i.Codes == 0 {
		i.Parameter = more.Parameter
	}
	i.Codes += more.Codes
}

// Err returns an error that says which filter the service ignored; nil when it ignored none.
func (i Ignored) Err() error {
	if i.Codes == 0 {
		return nil
	}
	return &FilterIgnored{i}
}

// FilterIgnored is the error of a command that does nothing, because the service returned codes that
// were not requested.
type FilterIgnored struct{ Ignored }

// Error names the filter.
func (e *FilterIgnored) Error() string {
	return fmt.Sprintf("the service ignored the filter %s: it returned codes that do not match (%d)", e.Parameter, e.Codes)
}

// mismatch returns the parameter of the first filter that a code does not match, or "". The service
// documents InstanceName as the prefix of the machines' names, and does not say whether the filter
// compares the whole name or its beginning: both match here (DescribeActivations, 2024-01-17).
func mismatch(r activation.ListRequest, a activation.Activation) (parameter string) {
	switch {
	case r.ActivationId != "" && a.ActivationId != r.ActivationId:
		return "ActivationId"
	case !strings.HasPrefix(a.InstanceName, r.InstanceName):
		return "InstanceName"
	case r.ResourceGroupId != "" && a.ResourceGroupId != r.ResourceGroupId:
		return "ResourceGroupId"
	case !a.HasTags(r.Tags):
		return "Tag"
	}
	return ""
}
