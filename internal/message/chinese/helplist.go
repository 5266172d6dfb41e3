package chinese

// Targets are read from standard input in the same way by disable, delete and show.
const (
	targetsEnglish = `

With - the targets are read from standard input: IDs with or without a region, or JSON or JSON Lines with
ActivationId and RegionId, which list, create, show, disable and ensure print. Nothing is sent if a target
is not valid.`
	targetsChinese = `

参数为 - 时从标准输入读取目标：带或不带地域的 ID，或者包含 ActivationId 和 RegionId 的 JSON 或 JSON Lines，即 list、create、show、disable 和 ensure 的输出。只要有一个目标无效，就不发送任何请求。`
)

// helpOfList are texts about the help of the commands that read and change codes.
var helpOfList = []entry{
	{"List codes with status, uses and time left", "列出激活码及其状态、使用次数和剩余时间"},
	{`List activation codes with their status, uses and time left. All pages are read.

The status is computed: Active, Exhausted (no uses left), Expired or Disabled.

Codes are listed region by region, the newest first. --sort sorts the codes of all regions together:
expires (soonest first), created (newest first), used (most first), name, region.

--expires-within selects the Active codes that expire within that time, --unused the codes with which no
machine has registered. --older-than selects the codes that expired at least that long ago, as in prune;
for a disabled code it counts from its creation. All filters are combined.

-q prints the IDs, with their regions if --region or --all-regions was given: every command accepts them so.

--count prints only the number of codes, in no other format. If a region cannot be read, its codes are not
counted: a note on standard error says so. --exit-code exits with 8 if there are codes, and with 0 if there are
none.

-o jsonl, csv and name print each code as soon as it is read, one per line, unless --sort is given. csv has
the columns of wide: times are RFC 3339 in UTC, tags key=value separated by commas, and a cell that begins
with =, +, - or @ gets an apostrophe in front. name prints REGION/ID.

With a paging flag (--page-number, --page-size, --max-results, --next-token) -o json and yaml print the page as
the service returns it: an object, whose ActivationList has the codes.

--columns selects columns by name, for table and csv: id, region, name, status, uses, expires, created,
addresses, group, tags, description, count, registered, remaining. If a terminal is too narrow, columns are left
out in this order: description, tags, group, addresses, created, region (if all codes are of one), uses,
expires, name, status. Long names are cut first.

--watch runs until Ctrl-C (exit 130). If --timeout is given, it ends after that time: exit 0, or the exit code
of the error if the last read failed. The codes are read every 5 seconds, less often when the
service throttles requests. A terminal is redrawn every second. In a pipe list prints a line for each
code that exists, and then for each code that is new, changed (uses, status) or gone (deleted, or no
longer selected by the flags). With -o jsonl each line is a code, and its key Change has this word.`,
		`列出激活码及其状态、使用次数和剩余时间。会读取所有页。

状态由程序计算：有效（Active）、已用尽（Exhausted，没有剩余次数）、已过期（Expired）或已停用（Disabled）。

激活码按地域列出，最新的在前。--sort 对所有地域的激活码统一排序：expires（最早到期的在前）、created（最新的在前）、used（使用最多的在前）、name、region。

--expires-within 选择在该时间内到期的有效激活码，--unused 选择没有机器注册过的激活码。--older-than 选择到期至少已有该时间的激活码，与 prune 相同；已停用的激活码从创建时算起。所有筛选条件同时生效。

-q 输出 ID；如果使用了 --region 或 --all-regions，则带有地域：所有命令都接受这种写法。

--count 只输出激活码的数量，没有其他格式。如果某个地域无法读取，则不计入其中的激活码，并在标准错误中提示。使用 --exit-code 时，有激活码则退出码为 8，没有则为 0。

-o jsonl、csv 和 name 每读到一个激活码就立即输出，每行一个，除非使用了 --sort。csv 的列与 wide 相同：时间为 UTC 的 RFC 3339 格式，标签写作 key=value 并用逗号分隔；以 =、+、- 或 @ 开头的单元格前面会加一个单引号。name 输出 REGION/ID。

使用翻页选项（--page-number、--page-size、--max-results、--next-token）时，-o json 和 yaml 按服务返回的样子输出这一页：一个对象，其中的 ActivationList 是激活码。

--columns 按名称选择列，用于 table 和 csv：id、region、name、status、uses、expires、created、addresses、group、tags、description、count、registered、remaining。终端太窄时，按以下顺序省略列：description、tags、group、addresses、created、region（如果所有激活码都在一个地域）、uses、expires、name、status。过长的名称会先被截短。

--watch 一直运行到按 Ctrl-C（退出码 130）。如果指定了 --timeout，则在该时间之后结束：退出码为 0；如果最后一次读取失败，则为该错误的退出码。每 5 秒读取一次激活码，服务限流时会放慢。终端每秒刷新一次。在管道中，list 先为每个已有的激活码输出一行，之后为每个新增（new）、变化（changed：使用次数、状态）或消失（gone：已删除，或不再符合选项）的激活码输出一行。使用 -o jsonl 时每行是一个激活码，键 Change 的值就是这个单词。`},
	{"only the code with this `id`", "只列出这个 `ID` 的激活码"},
	{"only codes with this `status`: active, exhausted, expired, disabled, unknown", "只列出这种`状态`的激活码：active、exhausted、expired、disabled、unknown"},
	{"sort the codes in this `order`: expires, created, used, name, region", "按这种`顺序`排列激活码：expires、created、used、name、region"},
	{"list at most this `number` of codes", "最多列出这个`数量`的激活码"},
	{"print only the number of codes", "只输出激活码的数量"},
	{"exit with 8 if there are codes, with 0 if there are none", "有激活码时退出码为 8，没有时为 0"},
	{"keep watching for changes until Ctrl-C", "持续显示变化，直到按 Ctrl-C"},
	{"fetch one page: its `number`, from 1", "只读取一页：`页码`，从 1 开始"},
	{"fetch one page: its `size`, 1 to 50", "只读取一页：每页的`数量`，1 到 50"},
	{"fetch one page: its `size`, 1 to 50; continue with --next-token", "只读取一页：每页的`数量`，1 到 50；用 --next-token 继续"},
	{"fetch one page: `token` returned with the previous page", "只读取一页：上一页返回的翻页`令牌`"},
	{"only Active codes that expire within this `time`, such as 30m, 2h or 1d", "只列出在这个`时间`内到期的有效激活码，例如 30m、2h 或 1d"},
	{"only codes with which no machine has registered", "只列出没有机器注册过的激活码"},
	{"only codes that expired at least this `time` ago, such as 90m, 36h or 30d; disabled codes count from their creation",
		"只包括到期至少已有这个`时间`的激活码，例如 90m、36h 或 30d；已停用的激活码从创建时算起"},
	{"only codes whose instance name is this `name`; give the whole name", "只包括实例名称为这个`名称`的激活码；请写完整的名称"},
	{"only codes of the resource group with this `id`", "只包括这个资源组 `ID` 的激活码"},
	{"only codes with this tag, as `key=value`, or key for any value; can be repeated", "只包括带有这个标签的激活码，写作`键=值`；只写键表示任意值；可以重复"},

	{"Show codes and the machines that registered with them", "查看激活码以及用它们注册的机器"},
	{`Show all fields of codes, how many machines can still register, and which machines have registered.

-o json prints an array in the order of the IDs, without the codes that could not be read. -o csv prints
the columns of list -o csv. Without the permission ecs:DescribeManagedInstances the codes are shown without
their machines (null in JSON).` + targetsEnglish,
		`查看激活码的所有字段、还能注册多少台机器，以及哪些机器已经注册。

-o json 按 ID 的顺序输出一个数组，不包括无法读取的激活码。-o csv 输出的列与 list -o csv 相同。如果没有 ecs:DescribeManagedInstances 权限，则显示的激活码不带机器（JSON 中为 null）。` + targetsChinese},

	{"Stop new registrations permanently", "永久停止新的注册"},
	{`Stop new registrations with a code permanently: a disabled code cannot be enabled again.

Machines that have registered stay registered. Disabling a disabled code succeeds.` + targetsEnglish,
		`永久停止用激活码进行新的注册：已停用的激活码不能重新启用。

已经注册的机器保持注册。停用已停用的激活码视为成功。` + targetsChinese},
	{"treat codes that do not exist as success", "把不存在的激活码视为成功"},

	{"Remove codes that were never used", "删除从未使用过的激活码"},
	{"Remove codes that no machine has registered with. A used code can only be disabled." + targetsEnglish,
		"删除没有机器注册过的激活码。已使用的激活码只能停用。" + targetsChinese},

	{"Delete expired and disabled codes that were never used", "删除已过期或已停用、且从未使用过的激活码"},
	{`Delete codes that are Expired or Disabled and were never used. The service keeps used codes
permanently: prune reports them and does not delete them.

--older-than counts from the time when a code expired. For a disabled code it counts from the time when
the code was created, because the service does not return the time when it was disabled.`,
		`删除已过期（Expired）或已停用（Disabled）、且从未使用过的激活码。服务永久保留已使用的激活码：prune 会报告它们，但不删除。

--older-than 从激活码到期时算起。已停用的激活码从创建时算起，因为服务不返回停用的时间。`},

	{"Wait for machines to register", "等待机器注册"},
	{`Wait until machines have registered with a code, or until it has a status. Without --registered and
--status, wait until one more machine has registered than at the start. With - the ID is read from standard
input, also from the JSON that create and show print.

Exit codes: 0 condition met; 6 condition can no longer be met; 7 timed out. In each case the code
is printed as it was when it was last read.`,
		`等待机器用激活码完成注册，或等待激活码达到某个状态。不使用 --registered 和 --status 时，等到比开始时多注册一台机器为止。参数为 - 时从标准输入读取 ID，也可以是 create 和 show 输出的 JSON。

退出码：0 表示条件已满足；6 表示条件已不可能满足；7 表示超时。无论哪种情况，都会输出最后一次读取到的激活码。`},
	{"wait until this `number` of machines have registered", "等到这个`数量`的机器完成注册"},
	{"wait until the code has this `status`: active, exhausted, expired, disabled", "等到激活码达到这个`状态`：active、exhausted、expired、disabled"},
	{"`time` to wait at most (default 1h)", "最长的等待`时间`（默认 1h）"},

	{"Show who signs, what the regions hold, and what to recover", "查看签名的身份、各地域的激活码和需要找回的激活码"},
	{`Show who signs requests and whether that works, the region, the endpoint, this machine's
clock, how many codes there are and what expires within the hour, the documented quota, and codes to recover.

The number of machines is computed from the codes: registrations minus deregistrations. The quota is the one
that the documentation names; the quota of the account is not read.

If the credentials are missing or refused, or a region cannot be read, everything else is shown, and the
exit code is that of the error: with -q nothing else is shown. Only DescribeActivations is sent.`,
		`查看当前概况：由谁为请求签名以及是否可用、地域、服务地址、本机时钟、激活码的数量、一小时内到期的激活码、文档规定的配额，以及需要找回的激活码。

机器的数量根据激活码计算：注册数减去注销数。配额是文档规定的值，不读取账号的配额。

如果凭证缺失或被拒绝，或者某个地域无法读取，则仍然显示其他内容，退出码为该错误的退出码；使用 -q 时不显示其他内容。只发送 DescribeActivations。`},

	{"List the documented regions with their endpoints", "列出文档规定的地域及其服务地址"},
	{`List the regions that the documentation lists for activation codes, with the date of the first page
that lists them, and the endpoint to which this program sends its requests. Nothing is sent, and no
credentials are needed.

--live also calls DescribeRegions, and shows which regions it returns, also those that the documentation does
not list for activation codes. It returns regions whether or not they have activation codes.`,
		`列出文档中支持激活码的地域、首次列出该地域的文档页面的日期，以及本工具发送请求的服务地址。不发送请求，也不需要凭证。

--live 还会调用 DescribeRegions，并显示它返回的地域，包括文档没有为激活码列出的地域。它返回的地域不一定支持激活码。`},
	{"also call DescribeRegions (needs credentials)", "同时调用 DescribeRegions（需要凭证）"},
}
