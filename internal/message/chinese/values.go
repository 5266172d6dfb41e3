package chinese

// values are texts about values and their rules (activation, fleet, duration).
var values = []entry{
	// rows and values that do not identify codes
	{"it has no ActivationId", "没有 ActivationId"},
	{"its ActivationId or RegionId is not a text", "ActivationId 或 RegionId 不是文本"},
	{"it is neither an ID nor an object with an ActivationId", "既不是 ID，也不是带 ActivationId 的对象"},
	{"its ActivationList is not an array", "ActivationList 不是数组"},
	{"it is not valid JSON", "不是有效的 JSON"},
	{"it is too long for IDs", "内容过长，不可能是 ID"},
	{"it looks like CSV or a table; use list -q, -o name or -o jsonl", "看起来是 CSV 或表格；请使用 list -q、-o name 或 -o jsonl"},
	{"the input ends within it", "输入在该元素结束之前中断"},
	{"null is not an ID: jq prints it for a key that does not exist", "null 不是 ID：键不存在时 jq 会输出它"},
	{"must be a length of time with its unit, at most 36500d, such as 30s, 90m, 2h, 1d or 1d12h", "必须为带单位的时间长度，最长 36500d，例如 30s、90m、2h、1d 或 1d12h"},
	{"must be longer than 0", "必须大于 0"},

	// a status of the service that is not documented
	{"Unknown", "未知（Unknown）"},

	// lists
	{"the service repeated a page token, so the list would never end", "服务返回了重复的翻页令牌，列表将永远不会结束"},
	{"the service sent no time, so expired codes cannot be recognized", "服务没有返回时间，因此无法识别已过期的激活码"},
	{"the region has too many recent codes", "该地域近期的激活码过多"},
	{"the answer has no Date, so it is not known which codes have expired", "响应中没有 Date，因此不知道哪些激活码已过期"},

	// the documented quotas
	{"an earlier page", "较早的页面"},
	{"the oldest page", "最早的页面"},
	{"user guide", "用户指南"},

	// the expressions of --jq
	{"the expression raised an error", "表达式报告了错误"},
	{"the expression does not suit the result", "表达式与结果不匹配"},
}
