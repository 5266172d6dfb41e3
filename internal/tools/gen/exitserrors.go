package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
	"ecs-activation/internal/message/chinese"
)

const exitsHead = `# Exit codes

[简体中文](exit-codes.zh-CN.md)

For everybody who writes a script: what each exit code means.

| code | meaning |
|---|---|
`

const exitsHeadChinese = `# 退出码

[English](exit-codes.md)

本页面向所有编写脚本的读者：每个退出码的含义。

| 退出码 | 含义 |
|---|---|
`

const errorsHead = `# Error codes

[简体中文](errors.zh-CN.md)

For everybody who has an error code of the service: what it means and what to do. The most frequent errors are explained
step by step in [howto/errors.md](../howto/errors.md).

The exit code, the cause and the hint for each error code of the service. A more specific code has the
same row (Throttling.User: see Throttling). For an error code that is not in this table, the message of
the service is shown. The flags --sandbox, --profile and --endpoint that were given are added to the
commands. The table has the codes of the four operations and the codes that are common to all operations.

` + "`create`" + ` exits with 1 where the table shows 7: the code may exist, and the last line of standard error
is the ` + "`ecs-activation recover`" + ` command that retrieves it. The same applies to every other error code if an
attempt received no response, or a response that is not a refusal.

| code | exit | cause | remedy |
|---|---|---|---|
`

const errorsHeadChinese = `# 错误码

[English](errors.md)

本页面向所有遇到服务错误码的读者：错误码的含义和解决方法。常见错误的处理步骤见[最常见的错误](../howto/errors.zh-CN.md)。

服务的每个错误码对应的退出码、原因和提示。更具体的错误码见同一行（Throttling.User 见 Throttling）。错误码不在本表中时，显示服务返回的消息。命令会带上您给出的 --sandbox、--profile 和 --endpoint。本表包含四个操作的错误码，以及所有操作公共的错误码。

本表中退出码为 7 时，` + "`create`" + ` 的退出码是 1：激活码可能已经创建，标准错误的最后一行是找回它的 ` + "`ecs-activation recover`" + ` 命令。如果某次尝试没有收到响应，或收到的响应不是拒绝，则其他错误码也是如此。

| 错误码 | 退出码 | 原因 | 解决方法 |
|---|---|---|---|
`

// exitsAndErrors writes the pages of the exit codes and of the error codes.
func exitsAndErrors(folder string) error {
	write := func(name, text string) error { return os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644) }
	return errors.Join(
		write("exit-codes.md", exitsHead+exits(nil)),
		write("exit-codes.zh-CN.md", exitsHeadChinese+exits(chinese.Text)),
		write("errors.md", errorsHead+refusals(nil, "%d with --client-token, otherwise 1")),
		write("errors.zh-CN.md", errorsHeadChinese+refusals(chinese.Text, "使用 --client-token 时为 %d，否则为 1")),
	)
}

// exits returns the rows of the exit codes.
func exits(l message.Language) (rows string) {
	for _, e := range message.Exits(l) {
		rows += fmt.Sprintf("| %s | %s |\n", e.Code, e.Means)
	}
	return rows
}

// refusals returns the rows of the error codes. withToken is the text for a code whose exit code depends on the flag
// --client-token.
func refusals(l message.Language, withToken string) (rows string) {
	for _, name := range activation.Codes() {
		exit := "%d"
		if name == "IdempotentProcessing" {
			exit = withToken
		}
		cause, remedy := explanation(l, name)
		rows += fmt.Sprintf("| %s | "+exit+" | %s | %s |\n", code(name), message.ExitOf(activation.KindOfCode(name)), cause, remedy)
	}
	return rows
}

// explanation returns the cause of an error code and what to do.
func explanation(l message.Language, name string) (cause, remedy string) {
	const region = "any-region" // it is valid in a command; the table shows REGION instead
	e := &activation.Error{Code: name, ID: activation.Ref{RegionId: region, ActivationId: "ID"}, Err: errors.New("…")}
	c := message.Invocation{Language: l}
	text := c.Error(e)
	cause, remedy = c.Cause(e), text.Hint
	if text.Command != "" {
		remedy += ": " + code(text.Command)
	}
	return strings.ReplaceAll(cause, region, "REGION"), strings.ReplaceAll(remedy, region, "REGION")
}
