package cloud

// Region is a region as DescribeRegions returns it.
type Region struct {
	RegionId       string
	LocalName      string
	RegionEndpoint string
	Status         string
}

// DescribeRegions returns the regions of the limits, which are fewer than the service has. Each has the
// sandbox itself as its endpoint, so that a client that uses the answer does not send the sandbox's keys to
// the real service.
func (a *Account) DescribeRegions(endpoint string) []Region {
	var regions []Region
	for _, id := range a.limits.regions {
		regions = append(regions, Region{RegionId: id, LocalName: localName(id), RegionEndpoint: endpoint, Status: "available"})
	}
	return regions
}

// localName returns a region's name in English, whatever AcceptLanguage asks for.
func localName(id string) string {
	return map[string]string{
		"cn-qingdao": "China (Qingdao)", "cn-beijing": "China (Beijing)", "cn-zhangjiakou": "China (Zhangjiakou)",
		"cn-huhehaote": "China (Hohhot)", "cn-wulanchabu": "China (Ulanqab)", "cn-hangzhou": "China (Hangzhou)",
		"cn-shanghai": "China (Shanghai)", "cn-shenzhen": "China (Shenzhen)", "cn-heyuan": "China (Heyuan)",
		"cn-guangzhou": "China (Guangzhou)", "cn-chengdu": "China (Chengdu)", "cn-hongkong": "China (Hong Kong)",
		"ap-southeast-1": "Singapore", "ap-northeast-1": "Japan (Tokyo)", "us-west-1": "US (Silicon Valley)",
		"us-east-1": "US (Virginia)", "ap-northeast-2": "South Korea (Seoul)", "ap-southeast-3": "Malaysia (Kuala Lumpur)",
		"ap-southeast-5": "Indonesia (Jakarta)", "ap-southeast-6": "Philippines (Manila)", "ap-southeast-7": "Thailand (Bangkok)",
		"eu-central-1": "Germany (Frankfurt)", "eu-west-1": "UK (London)", "me-east-1": "UAE (Dubai)",
		"me-central-1": "Saudi Arabia (Riyadh)",
	}[id]
}
