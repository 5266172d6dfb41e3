package message

import (
	"errors"
	"slices"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/fleet"
)

// missing returns the errors of the parts if all parts are codes that do not exist.
func (p *PartialError) missing() (errs []*activation.Error) {
	if len(p.Errs) < p.Total {
		return nil
	}
	for _, err := range p.Errs {
		var known *activation.Error
		if !errors.As(err, &known) || !fleet.Missing(err) {
			return nil
		}
		errs = append(errs, known)
	}
	return errs
}

// shownMissing is the maximum number of IDs in the text of codes that do not exist.
const shownMissing = 3

// missingText returns the text of codes that do not exist: in which regions they were looked up, the first IDs, and
// how to search for one of them.
func missingText(c Invocation, t Text, errs []*activation.Error) Text {
	var ids, regions []string
	for _, err := range errs {
		ids = append(ids, err.ID.ActivationId)
		if !slices.Contains(regions, err.ID.RegionId) {
			regions = append(regions, err.ID.RegionId)
		}
	}
	t.Foreign = true // IDs are given by users
	t.Message = c.Language.Text("%s: there are no such codes in %s", t.Message, places(c.Language, regions))
	t.Details = []string{list(c.Language, ids[:min(len(ids), shownMissing)])}
	if more := len(ids) - shownMissing; more > 0 {
		t.Details[0] += c.Language.Count(more, " and %s more", " and %s more")
	}
	t.Hint, t.Command = hint(c, errs[0])
	return t
}

// places returns regions as a part of a sentence.
func places(l Language, regions []string) string {
	switch {
	case len(regions) == 1:
		return l.Text("region %s", regions[0])
	case len(regions) > shownMissing:
		return l.Count(len(regions), "%s region", "%s regions")
	}
	return l.Text("the regions %s", list(l, regions))
}
