package cli

import (
	"context"
	"errors"
	"iter"
	"slices"
	"sync"

	"ecs-activation/internal/activation"

	"golang.org/x/sync/errgroup"
)

// found is what the regions hold, in the order asked for, and when the service said so.
type found struct {
	codes  []activation.Activation
	answer activation.Answer // the first one, for its clock
}

// readRegions reads every page of every region, 16 regions at a time, or enough codes of each
// where that is not 0. A region without the service is no failure when the user did not name
// it.
func (s *session) readRegions(ctx context.Context, regions []string, r activation.ListRequest, enough int, all bool) (found, []error) {
	lists, errs := make([]found, len(regions)), make([]error, len(regions))
	forgive := s.forgiving(all)
	defer s.count(regions)()
	var group errgroup.Group
	group.SetLimit(16)
	for i, region := range regions {
		group.Go(func() error {
			lists[i], errs[i] = s.readRegion(ctx, region, r, enough)
			errs[i] = forgive(errs[i])
			s.reading.region()
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return found{}, []error{err}
	}
	var sum found
	var failed []error
	for i, list := range lists {
		if errs[i] != nil {
			failed = append(failed, inRegion(errs[i], regions[i], len(regions)))
			continue
		}
		sum.codes = append(sum.codes, list.codes...)
		if sum.answer.Date.IsZero() {
			sum.answer = list.answer
		}
	}
	return sum, failed
}

// readRegion reads a region. Where a filter by tags met the service's ceiling, the region is
// read without it and filtered here.
func (s *session) readRegion(ctx context.Context, region string, r activation.ListRequest, enough int) (found, error) {
	r.RegionId = region
	list, err := s.readPages(ctx, r, enough)
	if len(r.Tags) == 0 || len(list.codes) < activation.TagCeiling || len(list.codes) == enough {
		return list, err
	}
	tags := r.Tags
	r.Tags = nil
	list, err = s.readPages(ctx, r, 0)
	list.codes = slices.DeleteFunc(list.codes, func(a activation.Activation) bool { return !haveAll(a, tags) })
	return list, err
}

// haveAll says whether a code has every tag.
func haveAll(a activation.Activation, tags []activation.TagFilter) bool {
	return !slices.ContainsFunc(tags, func(f activation.TagFilter) bool { return !f.Matches(a) })
}

// readPages reads page after page, to the end or until there are enough codes.
func (s *session) readPages(ctx context.Context, r activation.ListRequest, enough int) (found, error) {
	var list found
	for page, err := range s.pages(ctx, r, enough) {
		if err != nil {
			return found{}, err
		}
		s.reading.page(page)
		list.codes = append(list.codes, page.ActivationList...)
		if list.answer.Date.IsZero() {
			list.answer = page.Answer
		}
		if enough > 0 && len(list.codes) >= enough {
			list.codes = list.codes[:enough]
			break
		}
	}
	return list, nil
}

// forgiving returns what makes no error of a region without the service, where the user did
// not name it. The first such region is mentioned.
func (s *session) forgiving(all bool) func(error) error {
	var once sync.Once
	return func(err error) error {
		if !all || !unserved(err) {
			return err
		}
		once.Do(func() { s.say("note: not every region has activation codes; those without are left out") })
		return nil
	}
}

// inRegion says in an error which of several regions it is about.
func inRegion(err error, region string, regions int) error {
	var known *activation.Error
	if errors.As(err, &known) && regions > 1 {
		known.Op += " " + region
	}
	return err
}

// unserved says whether a region does not have the service at all.
func unserved(err error) bool {
	return activation.HasCode(err, "RegionId.ApiNotSupported") || activation.HasCode(err, "InvalidRegionId.NotFound")
}

// pages reads many pages at once, or one after the other where a few codes are enough.
func (s *session) pages(ctx context.Context, r activation.ListRequest, enough int) iter.Seq2[activation.Page, error] {
	if enough == 0 {
		return s.reader.Pages(ctx, r)
	}
	r.MaxResults = activation.PageFor(enough)
	return activation.Pages(ctx, s.service, r)
}
