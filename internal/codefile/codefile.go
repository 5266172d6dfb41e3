// Package codefile reads and writes the file that holds one activation code: what was requested,
// what the service answered, and the code itself, as JSON. A file is written whole or not at all,
// never replaces a file by mistake, and is never written so that it could not be read again.
package codefile

import (
	"cmp"
	"slices"
	"time"

	"ecs-activation/internal/activation"
)

// Code is a code as create prints and saves it: the request, and the answer of the service. What a
// repeated request cannot know (the code may be older than the request) is left out.
type Code struct {
	ActivationId      string `json:",omitempty"` // left out in a dry run, as are the next two
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
	Earlier []activation.Ref `json:",omitempty"` // those that may still be alive
}

// Asked returns what was requested, without an answer.
func Asked(r activation.CreateRequest) Code {
	return Code{
		RegionId: r.RegionId, InstanceName: r.InstanceName, Description: r.Description, InstanceCount: r.InstanceCount,
		TimeToLiveInHours: r.TimeToLiveInHours, IpAddressRange: r.IpAddressRange, ResourceGroupId: r.ResourceGroupId,
		Tags: append([]activation.Tag{}, r.Tags...),
	}
}

// NewCode returns the code that the service answered with. Where it is new, its remaining uses and
// its times follow from the request.
func NewCode(r activation.CreateRequest, c activation.Created, isNew bool) Code {
	code := Asked(r)
	code.ActivationId, code.ActivationCode, code.RequestId = c.ActivationId, c.ActivationCode, c.RequestId
	if isNew && !c.Date.IsZero() {
		code.RemainingCount, code.Status = r.InstanceCount, activation.Active
		code.CreationTime = c.Date.Format(time.RFC3339)
		code.ExpirationTime = c.Date.Add(time.Duration(r.TimeToLiveInHours) * time.Hour).Format(time.RFC3339)
	}
	return code
}

// Update takes over what the service lists about the code.
func (c *Code) Update(a activation.Activation, now time.Time) {
	c.RemainingCount, c.Status = a.RemainingCount(), a.Status(now)
	c.CreationTime, c.ExpirationTime = a.CreationTime, a.ExpirationText()
}

// Ref returns the name of the code with its region.
func (c Code) Ref() activation.Ref {
	return activation.Ref{RegionId: c.RegionId, ActivationId: c.ActivationId}
}

// Differs returns the first parameter of the API that was another one when the code was made, or "".
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
	return slices.SortedFunc(slices.Values(tags), func(a, b activation.Tag) int { return cmp.Compare(a.TagKey, b.TagKey) })
}

// Refs returns the names of all codes of the file, none where there is no file.
func (f File) Refs() []activation.Ref {
	if f.ActivationId == "" {
		return f.Earlier
	}
	return append(slices.Clone(f.Earlier), f.Ref())
}
