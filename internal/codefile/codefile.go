// Package codefile reads and writes the JSON file of one activation code. The file contains the
// request, the response of the service, and the code itself. A file is written completely or not at
// all, it never replaces another file by mistake, and what is written can be read again.
package codefile

import (
	"slices"
	"sort"
	"time"

	"ecs-activation/internal/activation"
)

// Code is a code as create prints and saves it: the request and the response of the service. The
// status and the times are left out if they are not known, because the code of a repeated request may
// be older than the request.
type Code struct {
	ActivationId      string `json:",omitempty"` // empty in a dry run, like the next two
	ActivationCode    string `json:",omitempty"`
	RequestId         string `json:",omitempty"`
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int
	RemainingCount    int `json:",omitempty"`
	TimeToLiveInHours int
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []activation.Tag
	Status            activation.Status `json:",omitempty"`
	CreationTime      string            `json:",omitempty"`
	ExpirationTime    string            `json:",omitempty"`
	DryRun            bool              `json:",omitempty"`
}

// File is the content of a file: a code, and the codes that the file held before.
type File struct {
	Code
	Earlier []activation.Ref `json:",omitempty"` // only codes that may still be usable
	Form    []string         `json:",omitempty"` // of a script: its format and the flags for the machine
}

// FromRequest returns a Code with the parameters of a request and without a response.
func FromRequest(r activation.CreateRequest) Code {
	return Code{
		RegionId: r.RegionId, InstanceName: r.InstanceName, Description: r.Description, InstanceCount: r.InstanceCount,
		TimeToLiveInHours: r.TimeToLiveInHours, IpAddressRange: r.IpAddressRange, ResourceGroupId: r.ResourceGroupId,
		Tags: append([]activation.Tag{}, r.Tags...),
	}
}

// NewCode returns a Code with a request and the response of the service. If the code was created by
// this request, NewCode sets its remaining uses, status and times from the request.
func NewCode(r activation.CreateRequest, c activation.Created, isNew bool) Code {
	code := FromRequest(r)
	code.ActivationId, code.ActivationCode, code.RequestId = c.ActivationId, c.ActivationCode, c.RequestId
	if isNew && !c.Date.IsZero() {
		code.RemainingCount, code.Status = r.InstanceCount, activation.Active
		code.CreationTime = c.Date.Format(time.RFC3339)
		code.ExpirationTime = c.Date.Add(r.Lifetime()).Format(time.RFC3339)
	}
	return code
}

// Update sets the properties that the service lists for the code.
func (c *Code) Update(a activation.Activation, now time.Time) {
	c.RemainingCount, c.Status = a.RemainingCount(), a.Status(now)
	c.CreationTime, c.ExpirationTime = a.CreationTime, a.ExpirationText()
}

// Ref returns the ActivationId of the code with its region.
func (c Code) Ref() activation.Ref {
	return activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
}

// Differs returns the first API parameter in which a request differs from that of the code, or "".
func (c Code) Differs(r activation.CreateRequest) (parameter string) {
	for _, p := range []struct {
		parameter string
		same      bool
	}{
		{"RegionId", c.RegionId == r.RegionId},
		{"InstanceName", c.InstanceName == r.InstanceName},
		{"Description", c.Description == r.Description},
		{"InstanceCount", c.InstanceCount == r.InstanceCount},
		{"TimeToLiveInHours", c.TimeToLiveInHours == r.TimeToLiveInHours},
		{"IpAddressRange", c.IpAddressRange == r.IpAddressRange},
		{"ResourceGroupId", c.ResourceGroupId == r.ResourceGroupId},
		{"Tag", slices.Equal(sorted(c.Tags), sorted(r.Tags))},
	} {
		if !p.same {
			return p.parameter
		}
	}
	return ""
}

// sorted returns tags in the order of their keys, which are unique.
func sorted(tags []activation.Tag) []activation.Tag {
	tags = slices.Clone(tags)
	sort.Slice(tags, func(i, j int) bool { return tags[i].TagKey < tags[j].TagKey })
	return tags
}

// Refs returns the ActivationIds of all codes of the file, with their regions. It returns none for an
// empty File.
func (f File) Refs() []activation.Ref {
	if f.ActivationId == "" {
		return f.Earlier
	}
	return append(slices.Clone(f.Earlier), f.Ref())
}
