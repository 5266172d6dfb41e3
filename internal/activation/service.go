package activation

import (
	"context"
	"slices"
	"time"
)

// Service stores activation codes. Every implementation must pass the tests of package activationtest.
//
// Every method acts in the region of its request and sends nothing if ctx is done. If ctx ends it, it
// returns an *Error that wraps the cause of ctx. Every error is an *Error. A nil error means that the service
// confirmed the operation, not only that it sent a response.
//
// If a method returns an error, only the Answer of the result is set: it is that of the last attempt that
// received a response, or zero if none did. Its Date is useful even if the response was a refusal or came
// from a proxy.
type Service interface {
	// Create creates a code. With a ClientToken it is safe to call it again after any error: the same
	// token with the same parameters returns the same code; with other parameters it returns the error
	// code IdempotentParameterMismatch.
	//
	// A create with a ClientToken may be sent several times. Before each repetition Create calls again,
	// if it is not nil, with the time of the repetition. The repetition is not sent earlier, and not at
	// all if ctx ends before. again is called on the goroutine of the caller. A create without a
	// ClientToken is sent once.
	Create(ctx context.Context, r CreateRequest, again func(at time.Time)) (Created, error)

	// List returns one page, the newest codes first. With MaxResults or NextToken the service ignores
	// PageNumber and PageSize, and TotalCount has no meaning.
	List(ctx context.Context, r ListRequest) (Page, error)

	// Disable stops new registrations permanently. Disabling a disabled code succeeds.
	Disable(ctx context.Context, ref Ref) (Changed, error)

	// Delete deletes a code with which no machine has registered. For a used code it returns the error
	// code ActivationId.InUse, for an unknown code ActivationId.NotFound.
	Delete(ctx context.Context, ref Ref) (Changed, error)

	// Machines returns one page of the machines that have registered with a code, the newest first,
	// without machines that were deregistered. It returns none for a code that does not exist.
	Machines(ctx context.Context, r MachinesRequest) (MachinePage, error)
}

// CreateRequest has the parameters of CreateActivation. Empty fields are not sent.
type CreateRequest struct {
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int // uses; 0: not sent, the service uses 10
	TimeToLiveInHours int // 0: not sent, the service uses 4
	IpAddressRange    string
	ResourceGroupId   string
	ClientToken       string
	Tags              []Tag
}

// Lifetime returns how long a code of the request can be used. A lifetime that is longer than every documented one counts
// as the longest of them.
func (r CreateRequest) Lifetime() time.Duration {
	return time.Duration(min(r.TimeToLiveInHours, longestLife)) * time.Hour
}

// Answer has what every response of the service has.
type Answer struct {
	RequestId  string
	Date       time.Time `json:"-"` // the time of the service; zero if the response has none
	ReceivedAt time.Time `json:"-"` // the time of this machine when the response was received
}

// Time returns the service's time of the response, or this machine's time if it has none.
func (a Answer) Time(here func() time.Time) time.Time {
	if a.Date.IsZero() {
		return here()
	}
	return a.Date
}

// Created is a new code. ActivationCode is a secret that the service returns only here.
type Created struct {
	Answer
	ActivationId   string
	ActivationCode string
}

// Changed is the response of a disable or delete. Its Activation has no tags and no resource group, and its
// field Disabled is not reliable.
type Changed struct {
	Answer
	Activation Activation
}

// TagFilter selects the codes that have a tag with this value, or with any value if Value is nil.
type TagFilter struct {
	Key   string
	Value *string
}

// matches reports whether a code has such a tag.
func (f TagFilter) matches(a Activation) bool {
	return slices.ContainsFunc(a.Tags, func(t Tag) bool {
		return t.TagKey == f.Key && (f.Value == nil || t.TagValue == *f.Value)
	})
}

// HasTags reports whether a code has every one of the tags.
func (a Activation) HasTags(tags []TagFilter) bool {
	return !slices.ContainsFunc(tags, func(f TagFilter) bool { return !f.matches(a) })
}

// TagCeiling is the maximum number of codes that the service returns for a list by tags
// (CreateActivation and DescribeActivations, 2026-06-25 and 2024-01-17).
const TagCeiling = 1000

// ListRequest asks for one page. Empty fields are not sent.
type ListRequest struct {
	RegionId        string
	ActivationId    string
	InstanceName    string
	ResourceGroupId string
	Tags            []TagFilter
	PageNumber      int // from 1
	PageSize        int // 1 to 50
	MaxResults      int // 1 to 50
	NextToken       string
}

// Page is one response of DescribeActivations.
type Page struct {
	Answer
	TotalCount     int
	PageNumber     int
	PageSize       int
	NextToken      string // empty on the last page
	ActivationList []Activation
}

// MaxPage is the maximum number of codes on a page (DescribeActivations, 2024-01-17).
const MaxPage = 50
