package chinese

// labels are words that precede a text, times, and a text that is shortened.
var labels = []entry{
	{"error:", "错误:"},
	{"hint:", "提示:"},
	{"in %s", "%s 后"},
	{"%s ago", "%s 前"},
	{"%s… (%s characters)", "%s…（%s 个字符）"},
	{"in %d:%02d:%02d", "%d:%02d:%02d 后"},
}
