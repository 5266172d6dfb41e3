package activation

// Regions returns all regions in the official documentation: the 16 of the API pages (CreateActivation,
// 2026-06-25) and the additional ones of the user guide. Use it for suggestions and completion, not to reject
// a region, because the service can add regions at any time.
func Regions() []string {
	return []string{
		"cn-qingdao", "cn-beijing", "cn-zhangjiakou", "cn-huhehaote", "cn-wulanchabu",
		"cn-hangzhou", "cn-shanghai", "cn-shenzhen", "cn-heyuan", "cn-guangzhou",
		"cn-chengdu", "cn-hongkong", "ap-southeast-1", "ap-northeast-1", "us-west-1",
		"us-east-1",
		"ap-northeast-2", "ap-southeast-3", "ap-southeast-5", "ap-southeast-6",
		"ap-southeast-7", "eu-central-1", "eu-west-1", "me-east-1", "me-central-1",
	}
}
