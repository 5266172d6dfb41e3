package activation

import (
	"cmp"
	"strings"
)

// The orders of a list. Each is a comparison for a stable sort, so equal codes keep their order. Codes
// without a value for the comparison are last.

// ByExpiry puts the codes that expire soonest first.
func ByExpiry(a, b Activation) int {
	soonA, knownA := a.Expires()
	soonB, knownB := b.Expires()
	return cmp.Or(trueFirst(knownA, knownB), soonA.Compare(soonB))
}

// ByCreation puts the newest codes first, as the service lists them.
func ByCreation(a, b Activation) int {
	madeA, knownA := a.Created()
	madeB, knownB := b.Created()
	return cmp.Or(trueFirst(knownA, knownB), madeB.Compare(madeA))
}

// ByUse puts the codes with the most registrations first.
func ByUse(a, b Activation) int { return cmp.Compare(b.RegisteredCount, a.RegisteredCount) }

// ByName sorts by the instance name, byte by byte.
func ByName(a, b Activation) int {
	return cmp.Or(trueFirst(a.InstanceName != "", b.InstanceName != ""), strings.Compare(a.InstanceName, b.InstanceName))
}

// ByRegion sorts by the region.
func ByRegion(a, b Activation) int { return strings.Compare(a.RegionId, b.RegionId) }

// trueFirst puts true before false.
func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
