package chinese

// output are texts about tables and other output (view, ui).
var output = []entry{
	{"no", "否"},
	{"would be created", "将创建"},
	{"%s (%d of %d uses)", "%s（已使用 %d / %d 次）"},
	{"disabled %s", "已停用 %s"},
	{"deleted %s", "已删除 %s"},
	{"uses, at the pace so far", "次数（按目前的速度）"},
	{"time", "有效时间"},
	{"cannot be read: %s (ecs:DescribeManagedInstances)", "无法读取：%s（ecs:DescribeManagedInstances）"},
	{"cannot be read", "无法读取"},
	{"%[2]s of %[3]s regions, %[1]s code", "地域 %[2]s / %[3]s，%[1]s 个激活码"},
	{"%[2]s of %[3]s regions, %[1]s codes", "地域 %[2]s / %[3]s，%[1]s 个激活码"},
	{"missing %s (there is no such code in %s)", "不存在 %s（%s 中没有这个激活码）"},
	{"%d of %d uses; %s", "已使用 %d / %d 次；%s"},
	{"would be disabled: %s (%s)", "将停用：%s（%s）"},
	{"would be deleted: %s (%s)", "将删除：%s（%s）"},
	{"disabled %s (%s)", "已停用 %s（%s）"},
	{"deleted %s (%s)", "已删除 %s（%s）"},
	{"%s  %s  %s  %s uses", "%s  %s  %s  使用次数 %s"},

	// watches
	{"%[2]s, and %[1]s more region", "%[2]s，以及另外 %[1]s 个地域"},
	{"%[2]s, and %[1]s more regions", "%[2]s，以及另外 %[1]s 个地域"},
	{"these regions", "这些地域"},
	{"… and %s more; a taller terminal shows them", "… 以及另外 %s 个；更高的终端会显示"},
	{"sandbox", "沙箱"},
	{"every %s", "每 %s 读取一次"},
	{"every %s, throttled", "每 %s 读取一次（限流）"},
	{"%s code at %s", "%s 个激活码（%s）"},
	{"%s codes at %s", "%s 个激活码（%s）"},
	{"Ctrl-C ends", "按 Ctrl-C 结束"},
	{"%s next try at %s: %s", "%s 下次尝试 %s：%s"},
	{"no activation codes in %s yet; waiting for changes", "%s 中还没有激活码；正在等待变化"},
	{"note: all regions are readable again", "注意: 所有地域已恢复读取"},
	{"%s: %s %s; trying again", "%s: %s %s；正在重试"},
}
