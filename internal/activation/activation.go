// Package activation is the domain model: activation codes and their states, the rules for their
// parameters, the errors of the service, and Service, the interface of everything that stores codes.
//
// The package sends no requests, prints nothing and reads no clock. It imports only the standard
// library.
//
// Fields have the names of the ECS API (version 2014-05-26), so that fields, JSON keys and the official
// documentation use the same words.
package activation

import (
	"math"
	"slices"
	"strings"
	"time"
)

// Tag is one key with its value, spelled as the service answers it.
type Tag struct {
	TagKey   string
	TagValue string
}

// Activation is one activation code as DescribeActivations tells it. The code itself is not
// here: the service shows it once, in the answer of CreateActivation.
type Activation struct {
	ActivationId      string
	RegionId          string // where it was asked for; the service does not answer it
	InstanceName      string // prefix of the machines' names; empty: their host names
	Description       string
	InstanceCount     int // how many machines may register with it
	RegisteredCount   int // registrations ever made
	DeregisteredCount int
	TimeToLiveInHours int64
	IpAddressRange    string // empty: any address
	Disabled          bool
	CreationTime      string // as the service sent it, RFC 3339 in UTC
	ResourceGroupId   string
	Tags              []Tag
}

// Status says what a code can still do.
type Status string

// The states of a code. The service answers none of them; they are computed. Where several
// hold, the first in this order is the status.
const (
	Unknown   Status = "Unknown"   // its CreationTime or lifetime cannot be read
	Disabled  Status = "Disabled"  // stopped by hand, for ever
	Expired   Status = "Expired"   // its lifetime is over
	Exhausted Status = "Exhausted" // no uses left
	Active    Status = "Active"    // machines can register
)

// Statuses returns every status.
func Statuses() []Status { return []Status{Active, Exhausted, Expired, Disabled, Unknown} }

// StatusNames returns every status in lower case, as it is given on a command line.
func StatusNames() (names []string) {
	for _, status := range Statuses() {
		names = append(names, strings.ToLower(string(status)))
	}
	return names
}

// ParseStatus returns the status of a name in upper or lower case. Its error is a OneOf.
func ParseStatus(name string) (Status, error) {
	if i := slices.Index(StatusNames(), strings.ToLower(name)); i >= 0 {
		return Statuses()[i], nil
	}
	return Unknown, OneOf{Choices: StatusNames()}
}

// longestLife is the longest lifetime an official page has ever allowed, in hours
// (Resource Orchestration Service, ALIYUN::ECS::Activation, 2025). Beyond it a lifetime is
// unreadable, and arithmetic with it would overflow.
const longestLife = 876576

// Created returns when the code was made. It is false when that cannot be read.
func (a Activation) Created() (time.Time, bool) {
	created, err := time.Parse(time.RFC3339, a.CreationTime)
	return created.UTC(), err == nil
}

// Expires returns when the code stops to register machines: CreationTime plus its lifetime.
// It is false when either cannot be read.
func (a Activation) Expires() (time.Time, bool) {
	created, known := a.Created()
	if !known || a.TimeToLiveInHours < 1 || a.TimeToLiveInHours > longestLife {
		return time.Time{}, false
	}
	return created.Add(time.Duration(a.TimeToLiveInHours) * time.Hour), true
}

// ExpirationText returns the time of Expires as RFC 3339, or "".
func (a Activation) ExpirationText() string {
	expires, known := a.Expires()
	if !known {
		return ""
	}
	return expires.Format(time.RFC3339)
}

// RemainingCount returns how many more machines can register by count alone. A machine that
// was deregistered does not give its use back (inferred from the samples of
// DescribeActivations, 2024-01-17).
func (a Activation) RemainingCount() int {
	return min(max(0, a.InstanceCount-a.RegisteredCount), math.MaxInt32)
}

// Status returns the state of the code at a moment of the service's clock.
func (a Activation) Status(now time.Time) Status {
	expires, known := a.Expires()
	switch {
	case !known:
		return Unknown
	case a.Disabled:
		return Disabled
	case !now.Before(expires):
		return Expired
	case a.RemainingCount() == 0:
		return Exhausted
	default:
		return Active
	}
}

// DeadSince returns since when a code has been Expired or Disabled, and whether it is. The
// service does not tell when a code was disabled: its creation stands for that.
func (a Activation) DeadSince(now time.Time) (time.Time, bool) {
	switch a.Status(now) {
	case Expired:
		return a.Expires()
	case Disabled:
		return a.Created()
	}
	return time.Time{}, false
}

// Ref returns the name of the code with its region.
func (a Activation) Ref() Ref {
	return Ref{RegionId: a.RegionId, ActivationId: a.ActivationId}
}
