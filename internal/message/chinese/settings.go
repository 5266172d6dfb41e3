package chinese

// settings are texts about settings and their sources (config, process).
var settings = []entry{
	{"%s: must contain a single YAML document", "%s：只能包含一个 YAML 文档"},
	{"cannot read the configuration: %w: replace it with a text file, or remove it", "无法读取配置文件：%w；请换成文本文件，或删除它"},
	{"cannot read the configuration: %w: make it readable for you, or set XDG_CONFIG_HOME to another folder", "无法读取配置文件：%w；请为自己添加读取权限，或把 XDG_CONFIG_HOME 设置为其他目录"},
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

	// the settings, in the documentation
	{"region of the codes; list takes several, separated by commas", "激活码的地域；list 可以使用多个，用逗号分隔"},
	{"profile of the aliyun CLI", "aliyun CLI 的配置（profile）"},
	{"output format", "输出格式"},
	{"print the bare result", "只输出结果本身"},
	{"host or URL of the service, or vpc", "服务的主机或 URL，或 vpc"},
	{"timeout of the command; the default of wait is 1h", "命令的超时时间；wait 的默认值为 1h"},
	{"language of messages and help; the default is that of the system", "消息和帮助的语言；默认为系统的语言"},
	{"when to use colour", "何时使用颜色"},
	{"use a local simulator of Alibaba Cloud", "使用本地的阿里云模拟器"},
	{"how long the sandbox waits before each response", "沙箱在每次响应前等待的时间"},
	{"faults of the sandbox, as name=probability,…", "沙箱的故障，写作 名称=概率,…"},
	{"seed for the random faults of the sandbox; 0: a different one each time", "沙箱随机故障的种子；0：每次不同"},
	{"the year whose limits the sandbox applies", "沙箱采用哪一年的限制"},
	{"maximum number of codes in a sandbox region; 0: as in the limits", "沙箱每个地域的激活码上限；0：按限制"},
	{"maximum number of machines in a sandbox region; 0: 1000", "沙箱每个地域的机器上限；0：1000"},
	{"%s is not set, and the account has no home folder", "未设置 %s，而且账号没有主目录"},
	{"%s is not the absolute path of a folder", "%s 不是目录的绝对路径"},
	{"interrupted by %s", "被 %s 中断"},
}
