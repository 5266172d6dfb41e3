package ecs

import (
	"context"
	"errors"
	"slices"

	"ecs-activation/internal/activation"
)

// regionsBody is the answer of DescribeRegions. Its list is inside an object of the same kind, as in the older
// parts of the API.
type regionsBody struct {
	errorBody
	Regions struct{ Region *[]wireRegion }
}

type wireRegion struct{ RegionId, LocalName, RegionEndpoint text }

func (b *regionsBody) hasLists() bool { return true }

func (b *regionsBody) check() error {
	switch {
	case b.Code != "":
		return errHasCode
	case b.Regions.Region == nil:
		return errors.New("the answer holds no list of regions")
	case slices.ContainsFunc(*b.Regions.Region, func(r wireRegion) bool { return r.RegionId == "" }):
		return errors.New("the answer holds a region without a RegionId")
	}
	return nil
}

// Regions returns the regions that the service has for this account, with names in English. It sends the
// request to the endpoint of a region; all of them return the same list. It is no method of
// activation.Service, because it is not about codes.
func (c *Client) Regions(ctx context.Context, at string) ([]activation.LiveRegion, error) {
	request := newRequest("DescribeRegions", at)
	request.QueryParams["AcceptLanguage"] = "en-US"
	call := call{op: "list the regions", ref: activation.Ref{RegionId: at}, request: request}
	var answer regionsBody
	if _, err := c.do(ctx, call, func() body { answer = regionsBody{}; return &answer }); err != nil {
		return nil, err
	}
	var regions []activation.LiveRegion
	for _, r := range *answer.Regions.Region {
		regions = append(regions, activation.LiveRegion{RegionId: string(r.RegionId), LocalName: string(r.LocalName), RegionEndpoint: string(r.RegionEndpoint)})
	}
	return regions, nil
}
