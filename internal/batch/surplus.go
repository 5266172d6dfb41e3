package batch

import (
	"context"
	"maps"
	"slices"
	"sort"
	"sync"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/codefile"
	"ecs-activation/internal/fleet"
	"ecs-activation/internal/issuance"
)

// A create that is sent twice can make two codes, if the service forgets the client token between the two. The second
// answer does not show that. So after a run that has sent creates twice, their regions are listed once more.

// sent is what a run has sent.
type sent struct {
	mu      sync.Mutex
	twice   map[string]bool // regions in which a create was sent more than once
	results []Result
}

// repeat remembers that a create was sent again in a region.
func (s *sent) repeat(region string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.twice[region] = true
}

// reportSurplus reports the codes that were made during the run with the parameters of a row and belong to no row. before
// is what the service listed before the run.
func (r *Run) reportSurplus(ctx context.Context, begun time.Time, s *sent, before map[string]listing) {
	for _, region := range slices.Sorted(maps.Keys(s.twice)) {
		if before[region].codes == nil {
			continue // a note says that the region could not be listed
		}
		after, err := list(ctx, fleet.NewReader(r.Account.Service), region, r.Issuer.Now().Sub(begun))
		found := surplus(region, before[region].codes, after.codes, s.results)
		if err != nil || len(found) > 0 {
			r.Issuer.Note(issuance.Surplus{RegionId: region, Codes: found, Err: err})
		}
	}
}

// surplus returns the codes that were not listed before and belong to no row. A code with the
// parameters of a row that is not finished may be that of this row.
func surplus(region string, before, after issuance.Listed, results []Result) (found []activation.Activation) {
	ours := map[string]bool{}
	for _, r := range results {
		ours[r.ActivationId] = true
	}
	for id, code := range after {
		if _, old := before[id]; !old && !ours[id] && isOfRow(region, code, results) {
			found = append(found, code)
		}
	}
	// slices.SortFunc would make the program 30 kB larger.
	sort.Slice(found, func(i, j int) bool { return activation.ByCreation(found[i], found[j]) < 0 })
	return found
}

// isOfRow reports whether a code has the parameters of a row, and all such rows have their codes.
func isOfRow(region string, a activation.Activation, results []Result) (found bool) {
	code := codefile.Code{RegionId: region, InstanceName: a.InstanceName, Description: a.Description, InstanceCount: a.InstanceCount,
		TimeToLiveInHours: int(a.TimeToLiveInHours), IpAddressRange: a.IpAddressRange, Tags: a.Tags}
	for _, r := range results {
		code.ResourceGroupId = r.Request.ResourceGroupId // the service may have its own default
		if code.Differs(r.Request) != "" {
			continue
		}
		if r.Err != nil {
			return false
		}
		found = true
	}
	return found
}
