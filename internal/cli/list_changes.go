package cli

import (
	"errors"
	"slices"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

// changesOf compares two looks at a list: what is gone in the old order, then what is new or
// has changed in the new one. all are the codes that exist now; what is gone from the list and
// not from there is told as it is now.
func changesOf(before, after, all []view.Listed) []view.CodeChange {
	was, is, exists := byRef(before), byRef(after), byRef(all)
	changes := []view.CodeChange{}
	for _, old := range before {
		if is[old.Ref()] != nil {
			continue
		}
		if now := exists[old.Ref()]; now != nil {
			old = *now
		}
		changes = append(changes, view.CodeChange{Change: view.ChangeGone, Listed: old})
	}
	for _, code := range after {
		old := was[code.Ref()]
		switch {
		case old == nil:
			changes = append(changes, view.CodeChange{Change: view.ChangeNew, Listed: code})
		case differs(*old, code):
			changes = append(changes, view.CodeChange{Change: view.ChangeChanged, Listed: code})
		}
	}
	return changes
}

// differs says whether anything has changed that the life of a code changes: uses and status.
func differs(was, is view.Listed) bool {
	return was.Status != is.Status || was.Disabled != is.Disabled ||
		was.RegisteredCount != is.RegisteredCount || was.DeregisteredCount != is.DeregisteredCount
}

func byRef(codes []view.Listed) map[activation.Ref]*view.Listed {
	m := make(map[activation.Ref]*view.Listed, len(codes))
	for i := range codes {
		m[codes[i].Ref()] = &codes[i]
	}
	return m
}

// nextExpiry is when the next code expires after now, far away where none does.
func nextExpiry(codes []activation.Activation, now time.Time) time.Time {
	next := now.AddDate(1, 0, 0)
	for _, code := range codes {
		if expires, known := code.Expires(); known && expires.After(now) && expires.Before(next) {
			next = expires
		}
	}
	return next
}

// failedOf are the regions that errors are about; an error about none is about all.
func failedOf(regions []string, errs []error) map[string]bool {
	failed := map[string]bool{}
	for _, err := range errs {
		var known *activation.Error
		if errors.As(err, &known) && slices.Contains(regions, known.ID.RegionId) {
			failed[known.ID.RegionId] = true
			continue
		}
		for _, region := range regions {
			failed[region] = true
		}
	}
	return failed
}

// merged are the codes after a read that some regions failed: those keep what was known. The
// order is that of the regions.
func merged(regions []string, known, read []activation.Activation, failed map[string]bool) []activation.Activation {
	was, is := byRegion(known), byRegion(read)
	var codes []activation.Activation
	for _, region := range regions {
		if failed[region] {
			codes = append(codes, was[region]...)
		} else {
			codes = append(codes, is[region]...)
		}
	}
	return codes
}

func byRegion(codes []activation.Activation) map[string][]activation.Activation {
	m := map[string][]activation.Activation{}
	for _, code := range codes {
		m[code.RegionId] = append(m[code.RegionId], code)
	}
	return m
}
