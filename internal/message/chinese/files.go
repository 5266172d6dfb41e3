package chinese

// files are texts about files of codes, records and scripts (codefile, pending, issuance, disk, bootstrap, batch).
var files = []entry{
	// files of codes
	{"cannot save %s: %w", "无法保存 %s：%w"},
	{"it is not a regular file", "不是普通文件"},
	{"it is a JSON array, and create --save writes an object", "内容是 JSON 数组，而 create --save 写入的是对象"},
	{"it is larger than %d bytes, too large for a saved code", "超过 %d 字节，不可能是保存的激活码"},
	{"the code is valid in %s only, and --region is %s", "激活码只在 %s 有效，而 --region 为 %s"},
	{"it contains %d codes instead of one", "包含 %d 个激活码，而不是一个"},
	{"it contains more data after the first code", "第一个激活码之后还有其他内容"},
	{"its %s is a %s", "%s 的类型为 %s"},
	{"it contains a %s instead of an object", "内容的类型为 %s，而不是对象"},
	{"invalid JSON at byte %d", "第 %d 个字节处不是有效的 JSON"},
	{"invalid JSON: unexpected end of file", "JSON 无效：文件意外结束"},
	{"it is the output of a dry run, which creates no code", "是试运行（--dry-run）的输出，没有创建激活码"},
	{"it contains an ActivationId but no ActivationCode: list and create --save do not print codes", "有 ActivationId，但没有 ActivationCode：list 和 create --save 不输出激活码的代码"},
	{"it contains no ActivationCode", "没有 ActivationCode"},
	{"its ActivationCode is invalid: a code consists of ASCII characters without spaces", "ActivationCode 无效：代码由 ASCII 字符组成，不含空格"},
	{"it contains no RegionId: give --region", "没有 RegionId：请给出 --region"},
	{"its ActivationId %q starts with a region", "ActivationId %q 以地域开头"},
	{"its Earlier codes are invalid", "Earlier 中的激活码无效"},
	{"cannot remove a temporary file in the folder of %s: %w", "无法删除 %s 所在目录中的临时文件：%w"},
	{"the file system supports neither hard links (%w) nor a rename that does not replace files", "文件系统既不支持硬链接（%w），也不支持不覆盖文件的重命名"},
	{"a dry run creates no code", "试运行（--dry-run）不创建激活码"},

	// lists
	{"it is larger than %d bytes", "超过 %d 字节"},
	{"it does not start with {", "没有以 { 开头"},
	{"there is more text after it", "其后还有其他内容"},
	{"it is not complete", "内容不完整"},

	// scripts
	{"unknown form %q", "未知的形式 %q"},
	{"the %s is empty", "%s 为空"},
	{"the %s %w", "%s %w"},
	{"is not valid UTF-8, so it cannot be written to a script", "不是有效的 UTF-8，不能写入脚本"},
	{"contains the character %U, which cannot be written to a script unchanged", "包含字符 %U，不能原样写入脚本"},
	{"must be a URL such as http://proxy.example:3128", "必须为 URL，例如 http://proxy.example:3128"},

	// the disk
	{"another process holds the lock", "另一个进程持有锁"},
	{"the file is too large", "文件过大"},
	{"%s: more than %d bytes", "%s：超过 %d 字节"},
	{"%s but %s", "%s，而是%s"},
	{"a device", "设备"},
	{"a folder", "目录"},
	{"a symbolic link", "符号链接"},
	{"a named pipe", "命名管道"},
	{"a socket", "套接字"},
	{"standard input", "标准输入"},

	// records
	{"cannot unlock the record of the create: %w", "无法解锁创建记录：%w"},
	{"its first line is damaged", "第一行已损坏"},
	{"record %s: %w", "记录 %s：%w"},
	{"another process holds the lock of the folder", "另一个进程持有该目录的锁"},
	{"cannot lock the folder: %w", "无法锁定目录：%w"},
	{"cannot delete the lock %s: %w", "无法删除锁 %s：%w"},
	{"another process is working on the record", "另一个进程正在处理该记录"},
	{"the record of the first create has other parameters", "第一次创建的记录使用了不同的参数"},
	{"the file is incomplete, and no request was sent: delete the file", "文件不完整，未发送请求：请删除该文件"},
	{"the file is empty", "文件为空"},
	{"cannot list the records: %w", "无法列出记录：%w"},
}
