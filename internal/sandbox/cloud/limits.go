package cloud

import (
	"fmt"
	"slices"
)

// Limits is what the documentation of one year allows. The service's real limits are per account and have
// changed; a set of limits for each year lets users rehearse each of them.
type Limits struct {
	nameRequired bool
	nameMin      int // characters of InstanceName
	nameMax      int
	urlsRefused  bool // Description may not begin with http:// or https://
	countMax     int64
	ttlMax       int64 // hours
	quota        int   // codes per region
	quotaFree    int   // codes above which more than half of all uses must be used; 0: no such rule
	machines     int   // machines per region
	regions      []string
}

// What has not changed over the years: Description up to 100 characters, 20 tags (keys of at most 64
// characters, values of at most 128), tokens of at most 64, pages of at most 50, and 1,000 codes for a filter
// by tags. Sources: CreateActivation 2026-06-25, DescribeActivations 2024-01-17.
const (
	descriptionMax  = 100
	tagsMax         = 20
	tagKeyMax       = 64
	tagValueMax     = 128
	clientTokenMax  = 64
	pageSizeMax     = 50
	pageSizeDefault = 10
	tagFilterMax    = 1000
	countDefault    = 10
	ttlDefault      = 4
)

// machinesMax is the largest number of machines a region may hold. No page names a number; this one is
// invented.
const machinesMax = 1000

// LimitsOf returns the limits of a year, "2021", "2024" or "2026"; "" is 2026. A quota of codes or machines
// above 0 replaces the number of that year.
func LimitsOf(year string, quota, machineQuota int) (Limits, error) {
	var l Limits
	switch year {
	case "2021":
		l = limits2021()
	case "2024":
		l = limits2024()
	case "", "2026":
		l = limits2026()
	default:
		return l, fmt.Errorf(`sandbox limits %q is not one of 2021, 2024, 2026: omit it for 2026`, year)
	}
	if quota > 0 {
		l.quota, l.quotaFree = quota, 0
	}
	if machineQuota > 0 {
		l.machines = machineQuota
	}
	return l, nil
}

// limits2021 are those of CreateActivation, Chinese page of 2021. The quota of 100 is the oldest that an
// official page has given; that page has no date.
func limits2021() Limits {
	return Limits{
		nameRequired: true, nameMin: 1, nameMax: 50, urlsRefused: true,
		countMax: 1000, ttlMax: 24, quota: 100, machines: machinesMax,
		regions: []string{"cn-hangzhou", "cn-beijing", "cn-shanghai"},
	}
}

// limits2024 has the regions of DescribeActivations, 2024-01-17. No page of that year gives the rest: the
// quota of 5,000, of which 1,000 need no condition, was seen at a time between the others; the lifetime is
// that of 2021, the names are those of 2026.
func limits2024() Limits {
	return Limits{
		nameMin: 2, nameMax: 50,
		countMax: 1000, ttlMax: 24, quota: 5000, quotaFree: 1000, machines: machinesMax,
		regions: []string{
			"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou",
			"cn-shanghai", "cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-hongkong",
			"ap-southeast-1", "ap-northeast-1", "us-west-1", "us-east-1",
		},
	}
}

// limits2026 are those of CreateActivation, 2026-06-25, with the 25 regions of the newer user guide; the page
// itself names 16.
func limits2026() Limits {
	l := limits2024()
	l.ttlMax, l.quota, l.quotaFree = 4, 10, 0
	l.regions = append(l.regions,
		"ap-northeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"eu-central-1", "eu-west-1", "me-east-1", "me-central-1")
	return l
}

// checkRegion distinguishes a region that has the API in this year, one that does not, and one that no page
// names.
func (l Limits) checkRegion(id string) error {
	switch {
	case slices.Contains(l.regions, id):
		return nil
	case regionLetters(id) == "":
		return Refuse("InvalidRegionId.NotFound", "The RegionId provided does not exist in our records.")
	}
	return Refuse("RegionId.ApiNotSupported", "The api is not supported in this region.")
}

// regionLetters returns the letters of a region in the id of a managed instance, "" for a region that no page
// names. hz, sz, hk and bj were seen (agent 2.2.3.578); the others are invented.
func regionLetters(id string) string {
	return map[string]string{
		"cn-qingdao": "qd", "cn-beijing": "bj", "cn-zhangjiakou": "zj", "cn-huhehaote": "hh",
		"cn-wulanchabu": "wl", "cn-hangzhou": "hz", "cn-shanghai": "sh", "cn-shenzhen": "sz",
		"cn-heyuan": "hy", "cn-guangzhou": "gz", "cn-chengdu": "cd", "cn-hongkong": "hk",
		"ap-southeast-1": "sg", "ap-northeast-1": "jp", "us-west-1": "uw", "us-east-1": "ue",
		"ap-northeast-2": "kr", "ap-southeast-3": "my", "ap-southeast-5": "id", "ap-southeast-6": "ph",
		"ap-southeast-7": "th", "eu-central-1": "de", "eu-west-1": "gb", "me-east-1": "ae", "me-central-1": "sa",
	}[id]
}
