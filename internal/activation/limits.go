package activation

// limit is a documented range, both ends included, with the page that gives it. The ranges
// have moved over the years and quotas are per account, so a user can leave them to the
// service (--skip-validation).
type limit struct {
	Min, Max int
	Source   string
}

// The pages that give the rules, with their dates.
const (
	pageCreate   = "CreateActivation, 2026-06-25"
	pageDescribe = "DescribeActivations, 2024-01-17"
)

// Every documented range, in one place. Lengths count characters.
var (
	nameLength        = limit{2, 50, pageCreate} // the page of 2021 said 1 to 50
	descriptionLength = limit{1, 100, pageCreate}
	instanceCount     = limit{1, 1000, pageCreate}
	timeToLive        = limit{1, 4, pageCreate} // hours; 2021: 1 to 24
	tagCount          = limit{0, 20, pageCreate}
	tagKeyLength      = limit{1, 64, pageCreate}
	tagValueLength    = limit{0, 128, pageCreate}
	clientTokenLength = limit{1, 64, pageCreate}
	pageSize          = limit{1, MaxPage, pageDescribe}
	pageNumber        = limit{1, 1<<31 - 1, pageDescribe}
)

// What the service takes when a request leaves them out (CreateActivation, 2026-06-25).
const (
	DefaultInstanceCount     = 10
	DefaultTimeToLiveInHours = 4
)

func (l limit) holds(n int) bool { return l.Min <= n && n <= l.Max }
