package cli

import (
	"context"
	"errors"

	"ecs-activation/internal/activation"
)

// found is what the regions hold, in the order asked for, and when the service said so.
type found struct {
	codes  []activation.Activation
	answer activation.Answer // the first one, for its clock
	partly bool              // not every region could be read
}

// readRegions reads every page of every region, or enough codes of each where that is not 0. Of
// a region that fails it keeps nothing.
func (s *session) readRegions(ctx context.Context, regions []string, r activation.ListRequest, enough int, all bool) (found, []error) {
	var sum found
	lists := map[string][]activation.Activation{}
	failed := s.eachPage(ctx, regions, r, enough, all, func(region string, page activation.Page) bool {
		if sum.answer.Date.IsZero() {
			sum.answer = page.Answer
		}
		lists[region] = append(lists[region], page.ActivationList...)
		return true
	})
	for _, region := range regions {
		if failed[region] == nil {
			sum.codes = append(sum.codes, lists[region]...)
		}
	}
	sum.partly = len(failed) > 0
	return sum, inOrderOf(regions, failed)
}

// eachPage hands over every page of the regions, until take says that there were enough, and
// returns the regions that failed. One without the service is no failure when the user did not
// name it.
func (s *session) eachPage(ctx context.Context, regions []string, r activation.ListRequest, enough int, all bool, take func(string, activation.Page) bool) map[string]error {
	failed, mentioned := map[string]error{}, s.repeats
	defer s.count(regions)()
	for part := range s.reader.Regions(ctx, regions, r, enough) {
		switch {
		case part.End:
			s.reading.region()
		case part.Err != nil && all && unserved(part.Err):
			if !mentioned {
				s.say("note: not every region has activation codes; those without are left out")
			}
			mentioned = true
		case part.Err != nil:
			failed[part.RegionId] = inRegion(part.Err, part.RegionId, len(regions))
		default:
			s.reading.page(part.Page)
			if !take(part.RegionId, part.Page) {
				return failed
			}
		}
	}
	return failed
}

// inOrderOf returns the errors in the order of their regions.
func inOrderOf(regions []string, failed map[string]error) (errs []error) {
	for _, region := range regions {
		if failed[region] != nil {
			errs = append(errs, failed[region])
		}
	}
	return errs
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
