package chinese

// settings are texts about settings and their sources (config, process).
var settings = []entry{
	{"%s: %q %w", "%s：%q %w"},
	{"%s: must contain a single YAML document", "%s：只能包含一个 YAML 文档"},
	{"cannot read the configuration: %w: replace it with a text file, or remove it", "无法读取配置文件：%w：请换成文本文件，或删除它"},
	{"cannot read the configuration: %w: make it readable for you, or set XDG_CONFIG_HOME to another folder", "无法读取配置文件：%w：请为自己添加读取权限，或把 XDG_CONFIG_HOME 设置为其他目录"},
	{"unknown setting %q", "没有设置 %q"},
	{"line %d: must be settings, one \"name: value\" per line", "第 %d 行：必须为设置，每行一个“name: value”"},
	{"line %d: %w", "第 %d 行：%w"},
	{"line %d: %s is set twice", "第 %d 行：%s 设置了两次"},
	{"line %d: %s: %w", "第 %d 行：%s：%w"},
	{"line %d: %s: %q %w", "第 %d 行：%s：%q %w"},
	{"must be a single value", "必须为单个值"},
	{"must be true or false", "必须为 true 或 false"},
	{"must be a whole number", "必须为整数"},
	{"environment %s: no setting has this variable", "环境变量 %s：没有设置使用这个变量"},
	{"the operating system", "操作系统"},
	{"%s is not set, and the account has no home folder", "未设置 %s，而且账号没有主目录"},
	{"%s is not the absolute path of a folder", "%s 不是目录的绝对路径"},
	{"interrupted by %s", "被 %s 中断"},
}
