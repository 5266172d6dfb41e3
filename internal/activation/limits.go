package activation

// Source is a page of the official documentation with its date. The zero Source means no page.
type Source struct{ Page, Date string }

// limit is a documented range, including both ends, with the page that documents it. The ranges have
// changed over the years and quotas differ between accounts, so users can skip these checks.
type limit struct {
	min, max int
	unit     Unit
	source   Source
}

// The pages that document the rules.
var (
	pageCreate   = Source{"CreateActivation", "2026-06-25"}
	pageDescribe = Source{"DescribeActivations", "2024-01-17"}
)

// All documented ranges. Lengths count characters. The rules for tags are the same on both pages.
var (
	nameLength        = limit{2, 50, "", pageCreate} // the page of 2021 said 1 to 50
	descriptionLength = limit{1, 100, "", pageCreate}
	instanceCount     = limit{1, 1000, "", pageCreate}
	timeToLive        = limit{1, LongestTimeToLive, Hours, pageCreate} // 2021: 1 to 24
	tagCount          = limit{min: 0, max: 20}
	tagKeyLength      = limit{min: 1, max: 64}
	tagValueLength    = limit{min: 0, max: 128}
	clientTokenLength = limit{1, 64, "", pageCreate}
	pageSize          = limit{1, MaxPage, "", pageDescribe}
	pageNumber        = limit{1, 1<<31 - 1, "", pageDescribe}

	reserved  = NoPrefix{[2]string{"aliyun", "acs:"}}
	addresses = Without{[2]string{"http://", "https://"}}
)

// The values that the service uses if a request does not have them (CreateActivation, 2026-06-25).
const (
	DefaultInstanceCount     = 10
	DefaultTimeToLiveInHours = 4
)

// LongestTimeToLive is the longest documented lifetime in hours.
const LongestTimeToLive = 4

func (l limit) holds(n int) bool { return l.min <= n && n <= l.max }

// length returns the rule for a text of n characters, or for a part of it.
func (l limit) length(n int, part Part) Length {
	return Length{Part: part, Min: l.min, Max: l.max, Got: n}
}

// Quota is how many codes a region may hold according to a page. The real quota is that of the account.
type Quota struct {
	Codes         int
	Unconditional int // above this number more than half of all uses must be used; 0: there is no condition
	Source        Source
}

// DocumentedQuotas returns the quotas that official pages have given, the newest first. The pages of the older
// ones have no dates.
func DocumentedQuotas() []Quota {
	return []Quota{
		{Codes: 10, Source: pageCreate},
		{Codes: 5000, Unconditional: 1000, Source: Source{Page: "an earlier page"}},
		{Codes: 100, Source: Source{Page: "the oldest page"}},
	}
}
