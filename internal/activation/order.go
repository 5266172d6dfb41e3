package activation

import (
	"cmp"
	"strings"
)

// The orders in which a list can be read. Each is a comparison for a stable sort: codes that
// it finds equal stay as they came. What an order cannot place comes last.

// ByExpiry puts the codes that stop first before the others.
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

func trueFirst(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}
