package chinese

// helpOfCreate are texts about the help of the commands that make codes: create, ensure, recover and bootstrap.
var helpOfCreate = []entry{
	{"Create an activation code and print it", "创建一个激活码并输出"},
	{`Create an activation code and print it.

The service returns the code only in this response. Until it expires, recover --last prints it again on the
machine that created it.

-o command, sh, powershell and cloud-init print what a machine runs to register with the code.
-o env prints three assignments for eval in a shell. -o code prints only the code.

--from creates one code for each row of a list: CSV with a header, or JSON Lines. Its columns have the names
of the flags: region, instance-name, description, instance-count, ttl, ip-address-range, tag (several columns,
or several tags with ";" between them) and resource-group-id. What a row does not have comes from the flags.
All rows are checked before the first request. At most 8 requests run at once in a region.

After any interruption run the same command again. Rows that are finished get the same code again, or keep
their file in --save-dir; the others continue. When codes of the batch are expired, disabled or deleted, the
command fails, and --renew makes new codes for these rows. The default of --timeout is 1h with --from.`,
		`创建一个激活码并输出。

服务只在这一次响应中返回激活码的代码。在到期之前，可以在创建它的机器上用 recover --last 再次输出。

-o command、sh、powershell 和 cloud-init 输出机器注册时要执行的内容。-o env 输出三个赋值语句，供 Shell 的 eval 使用。-o code 只输出代码。

--from 为清单的每一行创建一个激活码。清单是带表头的 CSV，或 JSON Lines。列名与选项同名：region、instance-name、description、instance-count、ttl、ip-address-range、tag（可以有多列，或在一列中用“;”分隔多个标签）和 resource-group-id。行中没有的值取自选项。发送第一个请求之前会检查所有行。每个地域最多同时有 8 个请求。

无论因何中断，再次执行同一个命令即可。已完成的行会得到同一个激活码，或者保留 --save-dir 中的文件；其他行继续执行。如果该批次的激活码已过期、已停用或已删除，命令会失败；这时 --renew 为这些行创建新的激活码。使用 --from 时，--timeout 的默认值是 1h。`},
	{"client `token`: the same token with the same flags returns the same code again", "幂等`令牌`：相同的令牌和相同的选项返回同一个激活码"},
	{"write the result to a new `file` that only you can read, and print it without the code", "把结果写入只有您能读取的新`文件`，输出时不含代码"},
	{"check the flags without sending a request", "只检查选项，不发送请求"},
	{"`prefix` of the machines' names, 2 to 50 characters (default: their host names)", "机器名称的`前缀`，2 到 50 个字符（默认使用主机名）"},
	{"`text` of 1 to 100 characters", "1 到 100 个字符的`描述`"},
	{"`number` of machines that can register, 1 to 1000 (default 10)", "可以注册的机器`数量`，1 到 1000（默认 10）"},
	{"lifetime in `hours`, 1 to 4 (default 4)", "有效时间，1 到 4 `小时`（默认 4）"},
	{"`range` of addresses from which machines can register: IPv4, IPv6 or CIDR (default: any)", "允许注册的 IP 地址`范围`：IPv4、IPv6 或 CIDR（默认不限）"},
	{"tag as `key=value`; can be repeated, up to 20 tags", "标签，写作`键=值`；可以重复，最多 20 个"},
	{"`id` of the resource group (default: the account's default group)", "资源组的 `ID`（默认使用账号的默认资源组）"},
	{"skip client-side checks of ranges, lengths and patterns", "跳过本地对范围、长度和格式的检查"},
	{"create one code for each row of a CSV or JSON Lines `file`; - is standard input", "为 CSV 或 JSON Lines `文件`的每一行创建一个激活码；- 表示标准输入"},
	{"with --from: write each code to its own file in this `folder`, named by its instance name", "与 --from 一起使用：把每个激活码写入该`目录`中的单独文件，以实例名称命名"},
	{"with --from: `name` of the batch (default: a hash of the rows and flags)", "与 --from 一起使用：批次的`名称`（默认使用行和选项的哈希值）"},
	{"with --from: make new codes for the rows whose codes are expired, disabled or deleted", "与 --from 一起使用：为激活码已过期、已停用或已删除的行创建新的激活码"},
	{"`name` of the machine (default: the code's prefix and a number, or its host name)", "机器的`名称`（默认使用激活码的前缀加序号，或主机名）"},
	{"tag of the machine as `key=value`; can be repeated, up to 20 tags", "机器的标签，写作`键=值`；可以重复，最多 20 个"},
	{"`mode` of the machine's network: vpc (default: the internet)", "机器的网络`模式`：vpc（默认使用公网）"},
	{"`URL` of the machine's proxy (default: that of its environment)", "机器使用的代理 `URL`（默认使用机器环境中的代理）"},

	{"Keep a usable code in a file", "在文件中保持一个可用的激活码"},
	{`Keep a usable code in a file. The code in the file is reused if it is Active, has at least --min-uses
and --min-left, and was created with the same flags. Otherwise a new code is created.

You can run the command any number of times, also in parallel. It prints the code only with -q and
with the formats that contain it: -o command, sh, powershell, cloud-init, env and code.

Without --retire-old the old code is not disabled; it expires. When it is expired or disabled and was
never used, a later run deletes it.`,
		`在文件中保持一个可用的激活码。如果文件中的激活码有效（Active），满足 --min-uses 和 --min-left，并且是用相同的选项创建的，就继续使用它。否则创建新的激活码。

命令可以执行任意多次，也可以并行执行。只有使用 -q，或使用包含代码的格式（-o command、sh、powershell、cloud-init、env 和 code）时，才会输出代码。

不使用 --retire-old 时，旧的激活码不会被停用，而是自然到期。当它已过期或已停用，并且从未使用过时，后续的执行会将其删除。`},
	{"the `file` with the code; only you can read it", "保存激活码的`文件`；只有您能读取"},
	{"reuse the code if at least this `number` of machines can still register (default 1)", "至少还能注册这个`数量`的机器时，继续使用激活码（默认 1）"},
	{"reuse the code if it is valid for at least this `time`, such as 45m, 2h or 1d (default 30m)", "剩余时间不少于这个`时间`时，继续使用激活码，例如 45m、2h 或 1d（默认 30m）"},
	{"delete the old code if it was never used, otherwise disable it", "旧的激活码如果从未使用过就删除，否则停用"},

	{"Deliver the code of an earlier create again", "再次交付先前创建的激活码"},
	{`Deliver the code of a create again: of one whose response or output was lost, or of one that was delivered
and has not expired. Without arguments list these creates, the oldest first. The state is uncertain (no
response), undelivered, delivered, or running if another process works on it.

recover sends the create again with the same client token. The service then returns the same code and
creates no second one. recover prints the code in the same formats as create. -o csv is for the list of creates.`,
		`再次交付先前创建的激活码：响应或输出已丢失的，或者已交付且未到期的。不带参数时列出这些创建记录，最早的在前。状态为 uncertain（没有响应）、undelivered（未交付）、delivered（已交付）或 running（另一个进程正在处理）。

recover 用相同的幂等令牌再次发送创建请求。服务会返回同一个激活码，不会创建第二个。recover 输出激活码的格式与 create 相同。-o csv 用于创建记录的列表。`},
	{"recover all undelivered codes", "找回所有未交付的激活码"},
	{"deliver the latest code again, even if it was delivered before", "再次交付最近的激活码，即使它已经交付过"},
	{"delete the record with this `token`; its code can then no longer be recovered", "删除这个`令牌`的记录；此后不能再找回它的激活码"},
	{"write the code to this new `file` instead of the recorded one", "把激活码写入这个新`文件`，而不是记录中的文件"},
	{"replay with the current identity (must belong to the same account)", "用当前的身份重新发送（必须属于同一个账号）"},

	{"Print what a machine runs to register, from a saved code", "根据已保存的激活码，输出机器注册时要执行的内容"},
	{`Print what a machine runs to register, from the JSON that create has saved.

command     one command line, for a machine that has the Cloud Assistant agent
sh          a POSIX script that installs the agent, registers, and verifies it
powershell  the same for Windows
cloud-init  the same as user data

All formats contain the code. The agent takes it as an argument, so the list of processes of the
machine shows the code while the machine registers.`,
		`根据 create 保存的 JSON，输出机器注册时要执行的内容。

command     一行命令，用于已安装云助手 Agent 的机器
sh          POSIX 脚本：安装云助手 Agent、注册并验证
powershell  同上，用于 Windows
cloud-init  同上，作为用户数据（UserData）

所有格式都包含代码。云助手 Agent 以命令行参数接收代码，因此机器注册期间，机器的进程列表会显示代码。`},
	{"`file` with the JSON of create; - means standard input", "包含 create 的 JSON 的`文件`；- 表示标准输入"},
}
