package cli

import (
	"context"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/ui"
)

// list -o jsonl promises rows in the service's order, region by region, each as soon as it is
// there: the first one leaves before the last page is asked for, and none is kept. A region
// that fails costs the rows that it still owed.

// rows is such a list under way.
type rows struct {
	*session
	chosen  selection
	printed int
	answer  activation.Answer // the first one, for its clock
	broken  error             // why nothing more can be printed
}

// streams says whether rows can be printed as they come.
func (s *session) streams(chosen selection) bool {
	return s.output == ui.FormatJSONLines && !s.quiet && chosen.order == nil
}

// streamList prints the codes of one region after the other.
func (s *session) streamList(ctx context.Context, regions []string, r activation.ListRequest, chosen selection, all bool) error {
	list, forgive := &rows{session: s, chosen: chosen}, s.forgiving(all)
	defer s.count(regions)()
	var failed []error
	for _, region := range regions {
		r.RegionId = region
		err := forgive(list.region(ctx, r))
		s.reading.region()
		if list.broken != nil {
			return list.broken
		}
		if err != nil {
			failed = append(failed, inRegion(err, region, len(regions)))
		}
		if list.full() {
			break
		}
	}
	s.mentionRecords()
	return batch(s.op, failed, len(regions), "regions", false)
}

// region prints a region. Where a filter by tags met the service's ceiling, the region is read
// on without it and filtered here; what was printed is not printed again.
func (l *rows) region(ctx context.Context, r activation.ListRequest) error {
	met := map[string]bool{}
	err := l.pages(ctx, r, func(a activation.Activation) bool {
		if len(r.Tags) > 0 {
			met[a.ActivationId] = true
		}
		return true
	})
	if err != nil || l.full() || len(met) < activation.TagCeiling {
		return err
	}
	tags := r.Tags
	r.Tags = nil
	return l.pages(ctx, r, func(a activation.Activation) bool { return !met[a.ActivationId] && haveAll(a, tags) })
}

// pages prints the codes of a list that are wanted, page by page, until there are enough.
func (l *rows) pages(ctx context.Context, r activation.ListRequest, wanted func(activation.Activation) bool) error {
	for page, err := range l.session.pages(ctx, r, l.enough()) {
		if err != nil {
			return err
		}
		l.reading.page(page)
		if l.print(page, wanted); l.broken != nil || l.full() {
			return nil
		}
	}
	return nil
}

// print prints what is wanted of a page.
func (l *rows) print(page activation.Page, wanted func(activation.Activation) bool) {
	if l.answer.Date.IsZero() {
		l.answer = page.Answer
		l.mentionClock(l.answer)
	}
	var codes []activation.Activation
	for _, code := range page.ActivationList {
		if wanted(code) {
			codes = append(codes, code)
		}
	}
	chosen := l.chosen
	chosen.most -= l.printed // below 0 there is no limit
	views := chosen.of(codes, l.now(l.answer))
	l.printed += len(views)
	l.broken = ui.Many(l.IO.Out, l.output, views)
}

// full says whether --limit is reached.
func (l *rows) full() bool { return l.chosen.most > 0 && l.printed >= l.chosen.most }

// enough is how many more codes of a list the service need be asked for; 0: all.
func (l *rows) enough() int {
	if l.chosen.enough() == 0 {
		return 0
	}
	return l.chosen.most - l.printed
}
