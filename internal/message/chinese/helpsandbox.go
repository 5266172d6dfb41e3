package chinese

// helpOfSandbox are texts about the help of sandbox, config, completion and version.
var helpOfSandbox = []entry{
	{"A local simulator of Alibaba Cloud", "本地的阿里云模拟器"},
	{`The sandbox is a local simulator of Alibaba Cloud. With --sandbox, or with
ECS_ACTIVATION_SANDBOX=1, every command uses it. It needs no account, no network and no server process.

These commands manage its data and simulate machines.`,
		`沙箱是本地的阿里云模拟器。使用 --sandbox 或 ECS_ACTIVATION_SANDBOX=1 时，所有命令都使用沙箱。它不需要账号、网络和服务进程。

这些命令管理沙箱的数据，并模拟机器。`},
	{"Serve the sandbox to other programs until Ctrl-C", "向其他程序提供沙箱服务，直到按 Ctrl-C"},
	{"loopback `address` to listen on; port 0 selects a free port (default \"127.0.0.1:0\")", "监听的环回`地址`；端口 0 表示自动选择空闲端口（默认 127.0.0.1:0）"},
	{"serve HTTPS, which the official agent requires, and print the certificate to trust", "提供 HTTPS 服务（官方的云助手 Agent 需要），并输出要信任的证书"},
	{"`time` to wait before each answer", "每次响应之前等待的`时间`"},
	{"faults to simulate, as `name=probability,...` (docs/sandbox.md lists the names)", "要模拟的故障，写作`名称=概率,...`（名称见 docs/sandbox.md）"},
	{"`number` with which the same faults are chosen again", "随机种子`数`；相同的种子产生相同的故障"},
	{"`year` whose documented limits apply: 2021, 2024 or 2026 (default 2026)", "采用哪个`年份`的文档规定的限制：2021、2024 或 2026（默认 2026）"},
	{"maximum `number` of codes in a region (default: as in the limits)", "每个地域的激活码的最大`数量`（默认与限制相同）"},
	{"maximum `number` of machines in a region (default 1000)", "每个地域的机器的最大`数量`（默认 1000）"},
	{"Simulate a machine registering", "模拟一台机器注册"},
	{"`name` of the machine (default: the code's prefix and a number)", "机器的`名称`（默认使用激活码的前缀加序号）"},
	{"host `name` of the machine (default localhost)", "机器的主机`名`（默认 localhost）"},
	{"`address` from which it registers (default 127.0.0.1)", "机器注册时使用的 IP `地址`（默认 127.0.0.1）"},
	{"Advance the time of the sandbox: codes and machines become older", "推进沙箱时间：激活码和机器随之变旧"},
	{"Add codes from a JSON array, such as the output of dump", "从 JSON 数组（例如 dump 的输出）添加激活码"},
	{"Print every code as an array", "以数组输出所有激活码"},
	{"Count codes, machines and requests", "统计激活码、机器和请求的数量"},
	{"Delete all sandbox data and the records of its codes", "删除沙箱的所有数据，以及其中激活码的记录"},
	{"Print the path of the file of the sandbox", "输出沙箱文件的路径"},

	{"Show the effective settings and their sources", "显示生效的设置及其来源"},
	{`Print the effective value of every setting and its source. The first of these sources that has a value
is used:

  flag, ECS_ACTIVATION_*, ALIBABA_CLOUD_*, file, profile of the aliyun CLI

With --profile the region of that profile takes precedence over the environment and the file.`,
		`输出每个设置生效的值及其来源。按以下顺序使用第一个有值的来源：

  选项、ECS_ACTIVATION_*、ALIBABA_CLOUD_*、配置文件、aliyun CLI 的配置

使用 --profile 时，该配置（profile）的地域优先于环境变量和配置文件。`},
	{"Print the path of the configuration file", "输出配置文件的路径"},

	{"Print a completion script for a shell", "输出 Shell 的命令补全脚本"},
	{`Print the completion script for a shell. Load it when the shell starts, with the line from the examples:

bash        the first line, in ~/.bashrc
zsh         the second line, in ~/.zshrc, after: autoload -U compinit; compinit
fish        the third line; run it once
powershell  the fourth line, in the file $PROFILE

The script also completes codes, profiles and creates to recover. It looks them up in the region and
the account of the command line. Lookups give up silently after two seconds.`,
		`输出 Shell 的命令补全脚本。用示例中的对应行，在 Shell 启动时加载：

bash        第一行，写入 ~/.bashrc
zsh         第二行，写入 ~/.zshrc，放在 autoload -U compinit; compinit 之后
fish        第三行，执行一次即可
powershell  第四行，写入 $PROFILE 文件

脚本还能补全激活码、配置（profile）和需要找回的创建记录，在命令行指定的地域和账号中查找。查找超过两秒会放弃，不显示错误。`},
	{"Print the version", "输出版本"},
}
