package chinese

// helpOfProgram are texts about the help of the program, and the flags of every command.
var helpOfProgram = []entry{
	{"Usage:", "用法:"},
	{"Examples:", "示例:"},
	{"Commands:", "命令:"},
	{"Flags:", "选项:"},
	{"Flags of every command:", "所有命令通用的选项:"},
	{"All flags and details:", "全部选项和详细说明:"},
	{"Exit codes:", "退出码:"},
	{"%s COMMAND [flags]", "%s COMMAND [选项]"},
	{"[flags]", "[选项]"},
	{"See what exists:", "查看现状:"},
	{"Wait, clean up:", "等待和清理:"},
	{"Run again safely:", "可以安全地重复执行:"},
	{"Set up a machine:", "配置机器:"},
	{"Try without an account:", "无需账号即可试用:"},
	{"This program:", "关于本工具:"},

	{"Manage activation codes for servers outside Alibaba Cloud", "为阿里云以外的服务器管理激活码"},
	{`Manage activation codes, with which servers outside Alibaba Cloud register as managed instances.

To try a command without an account, add --sandbox: it then uses a local simulator of Alibaba Cloud.

--jq prints the results of a jq expression for the JSON of a command: strings without quotes, the rest as compact
JSON, one result per line. It implies -o json; with -o jsonl the expression gets each line.`,
		`管理激活码。阿里云以外的服务器使用激活码注册为托管实例。

没有账号也可以试用命令：加上 --sandbox，命令就会使用本地的阿里云模拟器。

--jq 对命令输出的 JSON 执行 jq 表达式，并输出结果：字符串不带引号，其他值为紧凑的 JSON，每行一个结果。它隐含 -o json；与 -o jsonl 一起使用时，表达式逐行处理。`},

	{"`region` of the codes, such as cn-hangzhou", "激活码所在的`地域`，例如 cn-hangzhou"},
	{"`name` of a profile of the aliyun CLI", "aliyun CLI 配置（profile）的`名称`"},
	{"print what a jq `expression` makes of the JSON", "用 jq `表达式`处理 JSON 并输出结果"},
	{"print only IDs, or only the code; nothing for disable, delete, prune, wait and status", "只输出 ID，或只输出激活码的代码；disable、delete、prune、wait 和 status 不输出任何内容"},
	{"`host` or URL of the service, or vpc for its VPC endpoint", "服务的`主机`名或 URL；vpc 表示 VPC 服务地址"},
	{"`time` after which the command gives up (default 60s)", "命令的超时`时间`（默认 60s）"},
	{"`language` of messages and help: en or zh (default: that of the system)", "消息和帮助的`语言`：en 或 zh（默认使用系统的语言）"},
	{"`when` to use colour: auto, always or never (default auto)", "`何时`使用颜色：auto、always 或 never（默认 auto）"},
	{"never prompt", "从不提示确认"},
	{"log every request to standard error", "把每个请求记录到标准错误"},
	{"use a local simulator of Alibaba Cloud: no account, no network", "使用本地的阿里云模拟器：无需账号和网络"},
	{"show all of the help; -h shows the most important part", "显示全部帮助；-h 只显示最重要的部分"},
	{"version for ecs-activation", "显示 ecs-activation 的版本"},
	{"Show the help of a command, the flags of every command, or the exit codes", "显示一个命令的帮助、所有命令通用的选项或退出码"},
	{"These flags can be given to every command. They can also be set in the environment, such as ECS_ACTIVATION_REGION, and in the configuration file; the command config shows their values and sources.",
		"这些选项可以用于所有命令。也可以通过环境变量（例如 ECS_ACTIVATION_REGION）和配置文件设置；config 命令显示它们的值和来源。"},

	{"`format`: table (default table)", "输出`格式`：table（默认 table）"},
	{"`format`: table, wide, json, jsonl or yaml (default table)", "输出`格式`：table、wide、json、jsonl 或 yaml（默认 table）"},
	{"`format`: table, wide, csv, json, jsonl or yaml (default table)", "输出`格式`：table、wide、csv、json、jsonl 或 yaml（默认 table）"},
	{"`format`: table, wide, csv, name, json, jsonl or yaml (default table)", "输出`格式`：table、wide、csv、name、json、jsonl 或 yaml（默认 table）"},
	{"`format`: json, jsonl or yaml (default json)", "输出`格式`：json、jsonl 或 yaml（默认 json）"},
	{"`format`: command, sh, powershell or cloud-init (default command)", "输出`格式`：command、sh、powershell 或 cloud-init（默认 command）"},
	{"`format`: table, wide, json, jsonl, yaml, command, sh, powershell, cloud-init, env or code (default table)",
		"输出`格式`：table、wide、json、jsonl、yaml、command、sh、powershell、cloud-init、env 或 code（默认 table）"},
	{"`format`: table, wide, csv, json, jsonl, yaml, command, sh, powershell, cloud-init, env or code (default table)",
		"输出`格式`：table、wide、csv、json、jsonl、yaml、command、sh、powershell、cloud-init、env 或 code（默认 table）"},
	{"print these columns: `names`, separated by commas", "输出这些列：`列名`，用逗号分隔"},
	{"print no names of columns", "不输出表头"},
	{"skip the confirmation prompt", "跳过确认提示"},
	{"show what would be done without changing anything", "只显示将会执行的操作，不做任何更改"},
	{"read all regions that the documentation names", "读取文档列出的所有地域"},
}
