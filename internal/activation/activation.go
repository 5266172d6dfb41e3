// Package activation is the domain model: activation codes and their states, the rules for their
// parameters, the errors of the service, and Service, the interface of everything that stores codes.
//
// The package sends no requests, prints nothing and reads no clock. It imports only the standard
// library and package duration.
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

// Tag is one key with its value, named as in the responses of the service.
type Tag struct {
	TagKey   string
	TagValue string
}

// Activation is one activation code as DescribeActivations returns it. It does not contain the secret code,
// which the service returns only once, in the response of CreateActivation.
type Activation struct {
	ActivationId      string
	RegionId          string // the region of the request; the service does not return it
	InstanceName      string // prefix of the machines' names; empty: the machines have their host names
	Description       string
	InstanceCount     int // how many machines can register with it
	RegisteredCount   int // how many machines have registered, including deregistered ones
	DeregisteredCount int
	TimeToLiveInHours int64
	IpAddressRange    string // empty: any address
	Disabled          bool
	CreationTime      string // as the service sent it, RFC 3339 in UTC
	ResourceGroupId   string
	Tags              []Tag
}

// Status is the state of a code.
type Status string

// The states of a code. The service does not return them; they are computed. If several apply, the first in
// this order is the status.
const (
	Unknown   Status = "Unknown"   // its CreationTime or lifetime cannot be read
	Disabled  Status = "Disabled"  // disabled by a user, permanently
	Expired   Status = "Expired"   // its lifetime has passed
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

// ParseStatus returns the status with a name, in upper or lower case. The error is a OneOf.
func ParseStatus(name string) (Status, error) {
	if i := slices.Index(StatusNames(), strings.ToLower(name)); i >= 0 {
		return Statuses()[i], nil
	}
	return Unknown, OneOf{Choices: StatusNames()}
}

// longestLife is the longest lifetime that an official page has allowed, in hours (Resource Orchestration
// Service, ALIYUN::ECS::Activation, 2025). A longer lifetime is treated as unknown, because arithmetic with
// it could overflow.
const longestLife = 876576

// Created returns when the code was created, and whether CreationTime is a valid time.
func (a Activation) Created() (time.Time, bool) {
	created, err := time.Parse(time.RFC3339, a.CreationTime)
	return created.UTC(), err == nil
}

// Expires returns when the code expires, which is CreationTime plus the lifetime, and whether both are
// valid.
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

// RemainingCount returns how many more machines can register, without regard to the status. A use is not
// given back when a machine is deregistered (inferred from the samples of DescribeActivations, 2024-01-17).
func (a Activation) RemainingCount() int {
	return min(max(0, a.InstanceCount-a.RegisteredCount), math.MaxInt32)
}

// Status returns the state of the code at a time of the service's clock.
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

// IsAlive reports whether a code is neither expired nor disabled.
func (a Activation) IsAlive(now time.Time) bool { return !a.Disabled && a.Status(now) != Expired }

// DeadSince returns since when a code has been Expired or Disabled, and whether it is. For a disabled code
// it returns the creation time, because the service does not return when it was disabled.
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
