package cli

import (
	"context"
	"runtime/debug"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// list -o jsonl promises rows in the service's order, region by region, each as soon as it is
// there: the first one leaves before the last page is asked for, and none is kept longer than its
// order demands. The same holds for -q. A region that fails costs the rows that it still owed.

// A streamed list lets the collector wait until its heap is so many percent larger than what is in
// use, and no longer than so many bytes: 80,000 codes pass through it in the same memory, with less
// work. A list that is kept may need more, and a limit would only slow it.
const (
	streamingGrowth = 300
	streamingMemory = 46 << 20
)

// streams says whether rows can be printed as they come.
func (s *session) streams(chosen selection) bool {
	return (s.printer.Quiet || s.printer.Format == ui.FormatJSONLines) && chosen.order == nil
}

// streamList prints the codes page by page.
func (s *session) streamList(ctx context.Context, regions []string, r activation.ListRequest, chosen selection, all bool) error {
	debug.SetGCPercent(streamingGrowth)
	debug.SetMemoryLimit(streamingMemory)
	var first activation.Answer // for its clock
	var broken error            // why nothing more can be printed
	left := chosen              // of it, as far as nothing has been printed yet
	failed := s.eachPage(ctx, regions, r, chosen.enough(), all, func(_ string, page activation.Page) bool {
		if first.Date.IsZero() {
			first = page.Answer
			s.mentionClock(first)
		}
		now := s.now(first)
		codes := left.of(page.ActivationList, now)
		left.most -= len(codes)
		broken = s.printer.Codes(codes, now, len(regions) > 1)
		return broken == nil && (chosen.most == 0 || left.most > 0)
	})
	if broken != nil {
		return broken
	}
	s.mentionRecords()
	return batch(s.op, inOrderOf(regions, failed), len(regions), "regions", false)
}
