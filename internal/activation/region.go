package activation

import "slices"

// DocumentedRegion is a region that the official documentation lists for activation codes.
type DocumentedRegion struct {
	RegionId  string
	LocalName string // as CreateActivation, 2026-06-25, names it; empty: only the user guide lists it
	Since     Source // the oldest known page that lists it
}

// DocumentedRegions returns all regions in the official documentation: the 16 of the API pages and the
// additional ones of the user guide. The service can add regions at any time.
func DocumentedRegions() []DocumentedRegion {
	in2021 := Source{"CreateActivation", "2021"}
	userGuide := Source{Page: "user guide"}
	return []DocumentedRegion{
		{"cn-qingdao", "China (Qingdao)", pageDescribe}, {"cn-beijing", "China (Beijing)", in2021},
		{"cn-zhangjiakou", "China (Zhangjiakou)", pageDescribe}, {"cn-huhehaote", "China (Hohhot)", pageDescribe},
		{"cn-wulanchabu", "China (Ulanqab)", pageDescribe}, {"cn-hangzhou", "China (Hangzhou)", in2021},
		{"cn-shanghai", "China (Shanghai)", in2021}, {"cn-shenzhen", "China (Shenzhen)", pageDescribe},
		{"cn-heyuan", "China (Heyuan)", pageDescribe}, {"cn-guangzhou", "China (Guangzhou)", pageDescribe},
		{"cn-chengdu", "China (Chengdu)", pageDescribe}, {"cn-hongkong", "Hong Kong (China)", pageDescribe},
		{"ap-southeast-1", "Singapore", pageDescribe}, {"ap-northeast-1", "Japan (Tokyo)", pageDescribe},
		{"us-west-1", "US (Silicon Valley)", pageDescribe}, {"us-east-1", "US (Virginia)", pageDescribe},
		{"ap-northeast-2", "", userGuide}, {"ap-southeast-3", "", userGuide}, {"ap-southeast-5", "", userGuide},
		{"ap-southeast-6", "", userGuide}, {"ap-southeast-7", "", userGuide}, {"eu-central-1", "", userGuide},
		{"eu-west-1", "", userGuide}, {"me-east-1", "", userGuide}, {"me-central-1", "", userGuide},
	}
}

// Regions returns the IDs of DocumentedRegions. Use it for suggestions and completion, not to reject a
// region.
func Regions() []string {
	var ids []string
	for _, region := range DocumentedRegions() {
		ids = append(ids, region.RegionId)
	}
	return ids
}

// LiveRegion is a region as DescribeRegions returns it. The service lists its regions there whether or not
// they have activation codes.
type LiveRegion struct {
	RegionId       string
	LocalName      string
	RegionEndpoint string // the host of the service
}

// KnownRegion is a region of the documentation, of DescribeRegions, or of both.
type KnownRegion struct {
	DocumentedRegion      // its Since is the zero Source if no page lists it
	Live             bool // DescribeRegions returned it
	RegionEndpoint   string
}

// MergeRegions returns the documented regions, and then the live ones that are not documented.
func MergeRegions(documented []DocumentedRegion, live []LiveRegion) []KnownRegion {
	merged := make([]KnownRegion, len(documented))
	for i, region := range documented {
		merged[i].DocumentedRegion = region
	}
	for _, region := range live {
		i := slices.IndexFunc(merged, func(k KnownRegion) bool { return k.RegionId == region.RegionId })
		if i < 0 {
			i = len(merged)
			merged = append(merged, KnownRegion{DocumentedRegion: DocumentedRegion{RegionId: region.RegionId}})
		}
		merged[i].Live, merged[i].RegionEndpoint = true, region.RegionEndpoint
		if merged[i].LocalName == "" {
			merged[i].LocalName = region.LocalName
		}
	}
	return merged
}
