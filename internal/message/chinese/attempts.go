package chinese

import "strings"

// attempts are what commands attempt (message.Ops), as Chinese verbs.
var attempts = []entry{
	{"advance the sandbox", "推进沙箱时间"},
	{"count the codes", "统计激活码"},
	{"count the codes of", "统计激活码"},
	{"count what the sandbox holds", "统计沙箱的内容"},
	{"create", "创建激活码"},
	{"delete", "删除激活码"},
	{"delete without confirmation", "在未经确认的情况下删除激活码"},
	{"deliver the code", "交付激活码"},
	{"deliver the code of", "交付激活码"},
	{"disable", "停用激活码"},
	{"disable without confirmation", "在未经确认的情况下停用激活码"},
	{"dump the sandbox", "导出沙箱"},
	{"ensure a code", "确保有可用的激活码"},
	{"list", "查询激活码"},
	{"list the machines", "查询机器"},
	{"list the machines of", "查询机器"},
	{"list the regions", "查询地域"},
	{"load codes", "载入激活码"},
	{"name the file", "输出文件路径"},
	{"name the sandbox's file", "输出沙箱文件的路径"},
	{"print the completion", "输出补全脚本"},
	{"print the version", "输出版本"},
	{"print what a machine runs", "输出机器要执行的内容"},
	{"prune", "清理激活码"},
	{"prune without confirmation", "在未经确认的情况下清理激活码"},
	{"recover", "找回激活码"},
	{"register", "注册机器"},
	{"register with", "注册机器"},
	{"reset the sandbox", "清空沙箱"},
	{"run", "执行命令"},
	{"serve the sandbox", "启动沙箱服务"},
	{"show", "查看激活码"},
	{"show help", "显示帮助"},
	{"show the settings", "显示设置"},
	{"show the status", "显示概况"},
	{"wait", "等待激活码"},
	{"wait for", "等待激活码"},
}

// onOne are attempts whose object is not at the end of the sentence.
var onOne = []entry{
	{"count the codes of", "统计地域 %s 的激活码"},
	{"list", "查询地域 %s 的激活码"},
	{"list the machines of", "查询激活码 %s 的机器"},
	{"register with", "用激活码 %s 注册机器"},
}

// parts are what a command has several of, with their measure words.
var parts = []struct{ english, measure, chinese string }{{"codes", "个", "激活码"}, {"regions", "个", "地域"}, {"creates", "条", "创建记录"}, {"parts", "个", "部分"}}

// giveIDs is the hint for a command without IDs.
const giveIDs = "给出激活码的 ID，或用 - 从标准输入读取；list -q 输出这些 ID"

// ofAttempt returns the translation of a text that has the name of an attempt in it.
func ofAttempt(english string) (chinese string, found bool) {
	for _, a := range attempts {
		if strings.Contains(english, a.english) {
			if chinese, found = textsOf(a)[english]; found {
				return chinese, true
			}
		}
	}
	return "", false
}

// textsOf returns the texts that have the name of an attempt in them (message.OpTexts).
func textsOf(a entry) map[string]string {
	op, do := a.english, a.chinese
	texts := map[string]string{
		"cannot " + op + ": %s":                                  "无法" + do + "：%s",
		"cannot " + op + " %s: %s":                               "无法" + do + " %s：%s",
		op + " %s code, signed by %s:":                           do + "（%s 个，签名身份：%s）：",
		op + " %s codes, signed by %s:":                          do + "（%s 个，签名身份：%s）：",
		"note: standard input contains no IDs; nothing to " + op: "注意: 标准输入中没有 ID，无需" + do,
		op + ": %s of %s":                                        do + "：%s / %s",
		"give the IDs of the codes to " + op + ", or - to read them from standard input; list -q prints them": giveIDs,
	}
	for _, part := range parts {
		texts["cannot "+op+" %d of %d "+part.english] = "%[2]d " + part.measure + part.chinese + "中有 %[1]d " + part.measure + "无法" + strings.TrimSuffix(do, part.chinese)
	}
	for _, one := range onOne {
		if one.english == op {
			texts["cannot "+op+" %s: %s"] = "无法" + one.chinese + "：%s"
		}
	}
	return texts
}
