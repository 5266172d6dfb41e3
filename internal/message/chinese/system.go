package chinese

import "slices"

// system are texts about errors of the operating system and of libraries. They come from outside: no code of this
// program has them. The texts of other errors, such as those of parsers, stay in English after the sentence that
// names what could not be read.
var system = []entry{
	// operations of files (fs.PathError)
	{"open", "无法打开"},
	{"read", "无法读取"},
	{"write", "无法写入"},
	{"close", "无法关闭"},
	{"stat", "无法查询"},
	{"lstat", "无法查询"},
	{"mkdir", "无法创建目录"},
	{"remove", "无法删除"},
	{"chmod", "无法修改权限"},
	{"sync", "无法同步"},
	{"rename", "无法重命名"},
	{"link", "无法创建硬链接"},
	{"readdirent", "无法读取目录"},
	{"lock", "无法锁定"},

	// Linux and macOS, as package syscall has them
	{"no such file or directory", "没有这个文件或目录"},
	{"file does not exist", "文件不存在"},
	{"permission denied", "没有权限"},
	{"operation not permitted", "不允许的操作"},
	{"file exists", "文件已存在"},
	{"file already exists", "文件已存在"},
	{"no space left on device", "磁盘空间不足"},
	{"disk quota exceeded", "超出磁盘配额"},
	{"disc quota exceeded", "超出磁盘配额"},
	{"read-only file system", "文件系统为只读"},
	{"is a directory", "是目录"},
	{"not a directory", "不是目录"},
	{"directory not empty", "目录不为空"},
	{"input/output error", "输入输出错误"},
	{"bad file descriptor", "文件描述符无效"},
	{"file already closed", "文件已关闭"},
	{"file name too long", "文件名过长"},
	{"file too large", "文件过大"},
	{"invalid argument", "参数无效"},
	{"too many levels of symbolic links", "符号链接层数过多"},
	{"too many links", "硬链接过多"},
	{"invalid cross-device link", "不能跨文件系统链接"},
	{"cross-device link", "不能跨文件系统链接"},
	{"text file busy", "文件正在执行"},
	{"device or resource busy", "设备或资源正忙"},
	{"resource busy", "资源正忙"},
	{"resource temporarily unavailable", "资源暂时不可用"},
	{"too many open files", "打开的文件过多"},
	{"too many open files in system", "系统打开的文件过多"},
	{"cannot allocate memory", "内存不足"},
	{"no such device or address", "没有这个设备或地址"},
	{"operation not supported", "不支持的操作"},
	{"unsupported operation", "不支持的操作"},
	{"function not implemented", "系统没有实现该功能"},
	{"stale NFS file handle", "NFS 文件句柄已失效"},
	{"stale file handle", "文件句柄已失效"},
	{"transport endpoint is not connected", "文件系统未连接"},
	{"broken pipe", "管道已断开"},

	// connections
	{"connection refused", "连接被拒绝"},
	{"connection reset by peer", "连接被对方重置"},
	{"connection timed out", "连接超时"},
	{"operation timed out", "操作超时"},
	{"software caused connection abort", "连接已中止"},
	{"network is unreachable", "网络不可达"},
	{"network is down", "网络已关闭"},
	{"no route to host", "没有到主机的路由"},
	{"host is down", "主机已关闭"},
	{"address already in use", "地址已被占用"},
	{"cannot assign requested address", "无法使用请求的地址"},
	{"can't assign requested address", "无法使用请求的地址"},
	{"no such host", "没有这个主机"},
	{"server misbehaving", "DNS 服务器没有正确响应"},
	{"i/o timeout", "超时"},

	// Windows
	{"The system cannot find the file specified.", "系统找不到指定的文件。"},
	{"The system cannot find the path specified.", "系统找不到指定的路径。"},
	{"Access is denied.", "拒绝访问。"},
	{"The file exists.", "文件已存在。"},
	{"Cannot create a file when that file already exists.", "文件已存在，无法创建。"},
	{"There is not enough space on the disk.", "磁盘空间不足。"},
	{"The media is write protected.", "介质受写入保护。"},
	{"The process cannot access the file because it is being used by another process.", "另一个程序正在使用此文件，无法访问。"},
	{"The filename, directory name, or volume label syntax is incorrect.", "文件名、目录名或卷标语法不正确。"},
	{"The directory name is invalid.", "目录名称无效。"},
	{"The network path was not found.", "找不到网络路径。"},
	{"The network name cannot be found.", "找不到网络名。"},
	{"The pipe has been ended.", "管道已结束。"},
	{"The pipe is being closed.", "管道正在关闭。"},
	{"Incorrect function.", "函数不正确。"},
	{"Not enough memory resources are available to process this command.", "内存资源不足，无法处理此命令。"},
	{"No connection could be made because the target machine actively refused it.", "目标计算机拒绝连接。"},
	{"An existing connection was forcibly closed by the remote host.", "远程主机关闭了现有的连接。"},
	{"A connection attempt failed because the connected party did not properly respond after a period of time, or established connection failed because connected host has failed to respond.",
		"连接超时：对方没有响应。"},
	{"A socket operation was attempted to an unreachable network.", "网络不可达。"},
	{"A socket operation was attempted to an unreachable host.", "主机不可达。"},

	// packages of Go
	{"context canceled", "已取消"},
	{"context deadline exceeded", "超时"},
	{"EOF", "内容意外结束"},
	{"unexpected EOF", "内容意外结束"},
	{"short write", "没有写完"},
	{"value out of range", "数值超出范围"},
	{"invalid syntax", "格式无效"},

	// CSV
	{`bare " in non-quoted-field`, "引号不在字段的开头"},
	{`extraneous or missing " in quoted-field`, "多余或缺少引号"},

	// YAML
	{"mapping values are not allowed in this context", "这里不能有“名称: 值”"},
	{"did not find expected key", "没有找到应有的键"},
	{"could not find expected ':'", "没有找到应有的“:”"},
	{"did not find expected node content", "没有找到应有的内容"},
	{"did not find expected ',' or ']'", "没有找到应有的“,”或“]”"},
	{"did not find expected ',' or '}'", "没有找到应有的“,”或“}”"},
	{"found character that cannot start any token", "有不能作为开头的字符"},
	{"found unexpected end of stream", "文件意外结束"},
	{"control characters are not allowed", "不允许控制字符"},
	{"invalid leading UTF-8 octet", "不是有效的 UTF-8"},
}

// FromOutside reports whether a text is one of the operating system or of a library.
func FromOutside(english string) bool {
	return slices.ContainsFunc(system, func(e entry) bool { return e.english == english })
}
