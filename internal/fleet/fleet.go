// Package fleet works on many activation codes in many regions: it reads every page of a list and
// checks that the list is complete, selects and sorts, compares two readings, changes and deletes many
// codes at once, plans a prune, and repeats a reading until a code or a list has changed.
//
// It imports only package activation. It prints nothing and knows no flags: callers get pages and
// results as values, one after the other.
//
// This file has what callers need for reading: a Query, and its result as Parts or as a Listing.
// regions.go reads several regions at once, list.go reads one of them, complete.go decides whether its
// list is complete, pages.go reads many pages at once, and bounds.go limits how many.
package fleet

import (
	"context"
	"errors"
	"iter"

	"ecs-activation/internal/activation"
)

// Query says which codes to read.
type Query struct {
	Regions []string // at least one
	Filter  activation.ListRequest

	// Enough is how many codes of each region are enough; 0: all of them.
	Enough int

	// Unserved says that a region without this service is left out, and is no error.
	Unserved bool
}

// Part is one step of reading: a page of a region, an error that ends the region, or its end.
type Part struct {
	RegionId string
	Page     activation.Page // without the rows that do not match the filter
	Ignored  Ignored         // the rows of the page that do not match the filter
	Err      error           // the Page has then only the Answer, if there was one
	Unserved bool            // the region does not have this service, see Query
	End      bool

	large bool // the page is larger than largePage
}

// Read yields the codes of the regions of a query, region after region, each with its End. A region
// whose list is not complete has an Err of type *Incomplete.
//
// Page 1 of every region is requested at once. A region that sends nothing for 2 s while the others
// wait for it is yielded after them.
func (r *Reader) Read(ctx context.Context, q Query) iter.Seq[Part] {
	return func(yield func(Part) bool) {
		for part := range r.regions(ctx, q) {
			if !yield(q.part(part)) {
				return
			}
		}
	}
}

// part returns a part without the error of a region that does not have the service, if Unserved is set.
func (q Query) part(p Part) Part {
	if q.Unserved && unserved(p.Err) {
		p.Err, p.Unserved = nil, true
	}
	return p
}

// unserved reports whether an error says that a region does not have the service.
func unserved(err error) bool {
	return activation.HasCode(err, "RegionId.ApiNotSupported") || activation.HasCode(err, "InvalidRegionId.NotFound")
}

// Summary is the result of a reading without its codes.
type Summary struct {
	Answer  activation.Answer // the first one that is no error, for the service's clock
	Ignored Ignored

	regions []string
	failed  map[string]error // by region
}

// NewSummary returns the summary of a reading that begins.
func NewSummary(q Query) *Summary { return &Summary{regions: q.Regions, failed: map[string]error{}} }

// Add takes one more part into account. With several regions its error says which one it is about.
func (s *Summary) Add(part Part) {
	if (s.Answer == activation.Answer{}) && part.Err == nil {
		s.Answer = part.Page.Answer
	}
	s.Ignored.Add(part.Ignored)
	if part.Err == nil {
		return
	}
	var known *activation.Error
	if errors.As(part.Err, &known) && len(s.regions) > 1 {
		known.ID.RegionId, known.InRegion = part.RegionId, true
	}
	s.failed[part.RegionId] = part.Err
}

// Failed returns the errors, at most one a region, in the order of the regions.
func (s Summary) Failed() (errs []error) {
	for _, region := range s.regions {
		if s.failed[region] != nil {
			errs = append(errs, s.failed[region])
		}
	}
	return errs
}

// None reports whether no region could be read.
func (s Summary) None() bool { return len(s.failed) == len(s.regions) }

// Listing is the result of a reading with its codes.
type Listing struct {
	Summary
	Codes []activation.Activation // in the order of the regions; none of a region that failed
}

// List reads all regions of a query. see is called with every part when it is read; it may be nil.
func (r *Reader) List(ctx context.Context, q Query, see func(Part)) Listing {
	return Collect(q, r.Read(ctx, q), see)
}

// Collect returns the listing of the parts of a reading. see is called as by List.
func Collect(q Query, parts iter.Seq[Part], see func(Part)) Listing {
	list := Listing{Summary: *NewSummary(q)}
	codes := map[string][]activation.Activation{}
	for part := range parts {
		if see != nil {
			see(part)
		}
		list.Add(part)
		codes[part.RegionId] = append(codes[part.RegionId], part.Page.ActivationList...)
	}
	for _, region := range q.Regions {
		if list.failed[region] == nil {
			list.Codes = append(list.Codes, codes[region]...)
		}
	}
	return list
}
