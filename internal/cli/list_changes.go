package cli

import (
	"errors"
	"slices"
	"time"

	"ecs-activation/internal/activation"
)

// The words for what became of a code between two looks at a list.
const (
	changeIs      = "is" // it was there when its region was first read
	changeNew     = "new"
	changeChanged = "changed"
	changeGone    = "gone" // deleted, or no longer one of those asked for
)

// codeChange is what became of a code, and the code as it is now, or was last.
type codeChange struct {
	Change string
	listed
}

func (v listed) ref() activation.Ref {
	return activation.Ref{RegionId: v.RegionId, ActivationId: v.ActivationId}
}

// changesOf compares two looks at a list: what is gone in the old order, then what is new or
// has changed in the new one. all are the codes that exist now; what is gone from the list and
// not from there is told as it is now.
func changesOf(before, after, all []listed) []codeChange {
	was, is, exists := byRef(before), byRef(after), byRef(all)
	changes := []codeChange{}
	for _, old := range before {
		if is[old.ref()] != nil {
			continue
		}
		if now := exists[old.ref()]; now != nil {
			old = *now
		}
		changes = append(changes, codeChange{changeGone, old})
	}
	for _, code := range after {
		old := was[code.ref()]
		switch {
		case old == nil:
			changes = append(changes, codeChange{changeNew, code})
		case old.differs(code):
			changes = append(changes, codeChange{changeChanged, code})
		}
	}
	return changes
}

// differs says whether anything has changed that the life of a code changes: uses and status.
func (v listed) differs(now listed) bool {
	return v.Status != now.Status || v.Disabled != now.Disabled ||
		v.RegisteredCount != now.RegisteredCount || v.DeregisteredCount != now.DeregisteredCount
}

func byRef(views []listed) map[activation.Ref]*listed {
	m := make(map[activation.Ref]*listed, len(views))
	for i := range views {
		m[views[i].ref()] = &views[i]
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
