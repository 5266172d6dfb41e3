package chinese

// labels are words that precede a text, and times.
var labels = []entry{
	{"error:", "错误:"},
	{"hint:", "提示:"},
	{"in %s", "%s后"},
	{"%s ago", "%s前"},
	{"in %d:%02d:%02d", "%d:%02d:%02d 后"},
}
