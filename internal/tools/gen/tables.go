package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"ecs-activation/internal/cli"
	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/message"
	"ecs-activation/internal/message/chinese"
)

const settingsHead = `# Settings

[简体中文](settings.zh-CN.md)

For everybody who configures the program: the flag, the variable and the key of each setting, and which one is used.

A setting has the value of the first source in this order: the flag; the variable of this tool; the
variables of the official tools; the key in the configuration file; the profile of the aliyun CLI (for
the region); the default. If the profile is set by --profile or ECS_ACTIVATION_PROFILE, its region is used.
If another source names it, and the environment has keys, these sign, and the region of the profile is not used.

In the file a list is a sequence; in a variable its items are separated by commas. An empty variable
is treated as not set. ` + "`ecs-activation config`" + ` shows the effective values and their sources.

A variable whose name begins with ECS_ACTIVATION_, and which is not in this list, is an error: a misspelled
ECS_ACTIVATION_SANDBOX would otherwise send a command to the real service.

A length of time is written with its units: 30s, 90m, 2h, 1d, 1d12h.

The language of messages and help is Chinese or English. The first of these sources that has a value is used: --lang;
ECS_ACTIVATION_LANG; the key ` + "`lang`" + ` in the configuration file; LC_ALL; LC_MESSAGES; LANG; on Windows, the language of the user;
the language of the profile of the aliyun CLI, but not with the sandbox. A locale of Chinese whose encoding is not UTF-8
means English, and so does every other language. Without a value the language is English. Output for programs (JSON, YAML
and CSV) and exit codes are the same in both languages.

| flag | variable | key in the file | official variables | default | meaning |
|---|---|---|---|---|---|
`

const settingsHeadChinese = `# 设置

[English](settings.md)

本页面向所有需要配置本工具的读者：每个设置的选项、环境变量和键，以及使用哪个来源的值。

每个设置按以下顺序使用第一个有值的来源：选项；本工具的环境变量；官方工具的环境变量；配置文件中的键；aliyun CLI 的配置（profile，只用于地域）；默认值。如果配置（profile）由 --profile 或 ECS_ACTIVATION_PROFILE 指定，则使用它的地域。如果由其他来源指定，并且环境变量中有密钥，则用这些密钥签名，不使用该配置的地域。

在配置文件中，列表写作序列；在环境变量中，列表的各项用逗号分隔。空的环境变量视为未设置。` + "`ecs-activation config`" + ` 显示生效的值及其来源。

名称以 ECS_ACTIVATION_ 开头但不在本表中的环境变量是错误：否则，拼错的 ECS_ACTIVATION_SANDBOX 会把命令发送到真实的服务。

时长带单位书写：30s、90m、2h、1d、1d12h。

消息和帮助的语言是中文或英文。按以下顺序使用第一个有值的来源：--lang；ECS_ACTIVATION_LANG；配置文件中的键 ` + "`lang`" + `；LC_ALL；LC_MESSAGES；LANG；在 Windows 上为用户的语言；aliyun CLI 配置（profile）的语言（使用沙箱时除外）。编码不是 UTF-8 的中文区域设置（locale）表示英文，其他语言也表示英文。都没有值时使用英文。供程序使用的输出（JSON、YAML 和 CSV）和退出码在两种语言中相同。

| 选项 | 环境变量 | 配置文件中的键 | 官方环境变量 | 默认值 | 含义 |
|---|---|---|---|---|---|
`

// tables writes the pages of the settings. second is the program a second time; its texts become Chinese.
func tables(root, second *cobra.Command, folder string) error {
	return errors.Join(
		os.WriteFile(filepath.Join(folder, "settings.md"), []byte(settings(root, nil, settingsHead)), 0o644),
		os.WriteFile(filepath.Join(folder, "settings.zh-CN.md"), []byte(settings(second, chinese.Text, settingsHeadChinese)), 0o644),
	)
}

// settings returns the page of the settings in a language. It translates the texts of root.
func settings(root *cobra.Command, l message.Language, head string) string {
	cmdline.Translate(root, l)
	var page strings.Builder
	page.WriteString(head)
	for _, s := range cli.Settings(root) {
		fmt.Fprintf(&page, "| %s | `%s` | `%s` | %s | %s | %s |\n",
			code(flag(s)), config.EnvName(s.Name), s.Name, codes(s.Env), code(s.Default), meaning(l, s))
	}
	return page.String()
}

// flag returns the flag of a setting, with its command: --region, create --tag.
func flag(s config.Setting) string {
	if s.Flag == "" {
		return "--" + s.Name
	}
	owner := strings.ReplaceAll(strings.TrimSuffix(s.Name, "-"+s.Flag), "-", " ")
	if owner == "sandbox" {
		owner = "sandbox serve"
	}
	return owner + " --" + s.Flag
}

// meaning returns the description of a setting.
func meaning(l message.Language, s config.Setting) string {
	usage := l.Find(s.Usage)
	if len(s.Choices) > 0 {
		return l.Text("%s: %s", usage, strings.Join(s.Choices, l.Find(", ")))
	}
	return strings.ReplaceAll(usage, "|", "\\|")
}

// code returns a text as Markdown code.
func code(text string) string {
	if text == "" {
		return ""
	}
	return "`" + text + "`"
}

// codes returns texts as Markdown code.
func codes(texts []string) string {
	quoted := make([]string, len(texts))
	for i, text := range texts {
		quoted[i] = code(text)
	}
	return strings.Join(quoted, " ")
}
