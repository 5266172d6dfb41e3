package sandbox

import "fmt"

// limits is what one era of the documentation allows. The service's real
// limits are per account and have moved; a set lets each era be rehearsed.
type limits struct {
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

// What no era has changed: Description up to 100 characters, 20 tags (keys of
// at most 64 characters, values of at most 128), tokens of at most 64, pages
// of at most 50, and 1,000 codes for a filter by tags. Sources: CreateActivation
// 2026-06-25, DescribeActivations 2024-01-17.
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

// machinesMax is the largest number of machines a region may hold. No page
// names one; this is ours.
const machinesMax = 1000

func limitsOf(name string) (limits, error) {
	switch name {
	case "2021":
		return limits2021(), nil
	case "2024":
		return limits2024(), nil
	case "", "2026":
		return limits2026(), nil
	}
	return limits{}, fmt.Errorf(`sandbox limits %q is not one of 2021, 2024, 2026: leave it out for 2026`, name)
}

// limits2021: CreateActivation, Chinese page of 2021. The quota of 100 is the
// oldest an official page has given; that page bears no date.
func limits2021() limits {
	return limits{
		nameRequired: true, nameMin: 1, nameMax: 50, urlsRefused: true,
		countMax: 1000, ttlMax: 24, quota: 100, machines: machinesMax,
		regions: []string{"cn-hangzhou", "cn-beijing", "cn-shanghai"},
	}
}

// limits2024: the regions of DescribeActivations, 2024-01-17. No page of that
// year tells the rest: the quota of 5,000, of which 1,000 are free of a
// condition, lies between the others in time, the lifetime is that of 2021, the
// names those of 2026.
func limits2024() limits {
	return limits{
		nameMin: 2, nameMax: 50,
		countMax: 1000, ttlMax: 24, quota: 5000, quotaFree: 1000, machines: machinesMax,
		regions: []string{
			"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu", "cn-hangzhou",
			"cn-shanghai", "cn-shenzhen", "cn-heyuan", "cn-guangzhou", "cn-chengdu", "cn-hongkong",
			"ap-southeast-1", "ap-northeast-1", "us-west-1", "us-east-1",
		},
	}
}

// limits2026: CreateActivation, 2026-06-25, and the 25 regions of the newer
// user guide; the page itself names 16.
func limits2026() limits {
	set := limits2024()
	set.ttlMax, set.quota, set.quotaFree = 4, 10, 0
	set.regions = append(set.regions,
		"ap-northeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6", "ap-southeast-7",
		"eu-central-1", "eu-west-1", "me-east-1", "me-central-1")
	return set
}

// region judges a RegionId: served by this limit set, known but not served, or
// unknown to every page.
func (l limits) region(id string) error {
	for _, served := range l.regions {
		if served == id {
			return nil
		}
	}
	if regionLetters(id) == "" {
		return regionNotFound()
	}
	return regionNotSupported()
}

// regionLetters are the letters of a region in a managed instance's id, "" for
// a region no page names. hz, sz, hk and bj were seen (agent 2.2.3.578); the
// others are ours.
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
