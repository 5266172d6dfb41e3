package activation

import (
	"context"
	"slices"
	"time"
)

// Service keeps activation codes. Whoever claims to be one passes the suite in
// activationtest.
//
// Every method acts in the region its request names, sends nothing when ctx is done, and
// returns ctx's cause inside an *Error when ctx ends it. Every error is an *Error. A nil
// error means that the service confirmed what was asked, never merely that it answered.
//
// Beside an error the result holds the Answer of the latest attempt that was answered, and
// nothing else: the Date of a refusal, or of a proxy's page, is a clock as well. It is zero when
// no attempt was answered.
type Service interface {
	// Create makes a code. With a ClientToken it is safe to call again after any error: the
	// same token and the same parameters bring the same code, other parameters the code
	// IdempotentParameterMismatch.
	//
	// A create with a ClientToken may be sent several times. Before each repetition again is
	// called, where it is not nil, with the time at which the repetition will be sent: it is not
	// sent earlier, and not at all when ctx ends before. again is called on the caller's
	// goroutine, and never for a create without a ClientToken, which is sent once.
	Create(ctx context.Context, r CreateRequest, again func(at time.Time)) (Created, error)

	// List returns one page, newest codes first. With MaxResults or NextToken the service
	// ignores PageNumber and PageSize, and TotalCount means nothing.
	List(ctx context.Context, r ListRequest) (Page, error)

	// Disable stops new registrations, for ever. Disabling a disabled code succeeds.
	Disable(ctx context.Context, ref Ref) (Changed, error)

	// Delete removes a code that no machine ever registered with; a used one gives the
	// code ActivationId.InUse, an unknown one ActivationId.NotFound.
	Delete(ctx context.Context, ref Ref) (Changed, error)

	// Machines returns one page of the machines that registered with a code, newest first.
	// Those that were deregistered are not among them. A code that does not exist has none.
	Machines(ctx context.Context, r MachinesRequest) (MachinePage, error)
}

// CreateRequest is what CreateActivation takes. Empty fields are not sent.
type CreateRequest struct {
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     int // uses; 0: not sent, the service takes 10
	TimeToLiveInHours int // 0: not sent, the service takes 4
	IpAddressRange    string
	ResourceGroupId   string
	ClientToken       string
	Tags              []Tag
}

// Answer is what every answer of the service carries.
type Answer struct {
	RequestId  string
	Date       time.Time `json:"-"` // the service's clock; zero when it sent none
	ReceivedAt time.Time `json:"-"` // this machine's clock when the answer came
}

// Created is a new code. ActivationCode is a secret, and this is the only time it is seen.
type Created struct {
	Answer
	ActivationId   string
	ActivationCode string
}

// Changed is the code that a disable or delete acted on, as far as the service tells it:
// without tags and resource group, and with a Disabled that proves nothing.
type Changed struct {
	Answer
	Activation Activation
}

// TagFilter keeps the codes that have a tag: with that value, or with any when Value is nil.
type TagFilter struct {
	Key   string
	Value *string
}

// Matches says whether a code has such a tag.
func (f TagFilter) Matches(a Activation) bool {
	return slices.ContainsFunc(a.Tags, func(t Tag) bool {
		return t.TagKey == f.Key && (f.Value == nil || t.TagValue == *f.Value)
	})
}

// HasTags reports whether a code has every one of the tags.
func (a Activation) HasTags(tags []TagFilter) bool {
	return !slices.ContainsFunc(tags, func(f TagFilter) bool { return !f.Matches(a) })
}

// TagCeiling is the most codes that a list by tags answers, however many have them
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

// Page is one answer of DescribeActivations.
type Page struct {
	Answer
	TotalCount     int
	PageNumber     int
	PageSize       int
	NextToken      string // empty on the last page
	ActivationList []Activation
}

// MaxPage is the most codes the service puts on a page (DescribeActivations, 2024-01-17).
const MaxPage = 50
