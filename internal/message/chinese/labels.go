package chinese

// labels are words that precede a text, and times.
var labels = []entry{
	{"error:", "错误:"},
	{"hint:", "提示:"},
	{"in %s", "%s 后"},
	{"%s ago", "%s 前"},
	{"in %d:%02d:%02d", "%d:%02d:%02d 后"},
}
