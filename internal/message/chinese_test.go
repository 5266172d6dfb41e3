package message

import (
	"context"
	"encoding/csv"
	"errors"
	"io/fs"
	"net"
	"strings"
	"syscall"
	"testing"
	"unicode"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/batch"
	"ecs-activation/internal/config"
	"ecs-activation/internal/issuance"
	"ecs-activation/internal/message/chinese"
	"ecs-activation/internal/netfault"
	"ecs-activation/internal/pending"
)

func TestEveryErrorCodeHasACauseAndARemedyInChinese(t *testing.T) {
	c := inv
	c.Language = chinese.Text
	for _, code := range activation.Codes() {
		text := c.Error(refusedWith(code))
		for _, words := range []string{c.Cause(refusedWith(code)), text.Message, text.Hint} {
			if !isChinese(words) {
				t.Errorf("%s: %q", code, words)
			}
		}
		for _, english := range []string{explanations()[code].cause, explanations()[code].remedy} {
			if _, found := chinese.Find(english); !found {
				t.Errorf("%s: %q has no translation", code, english)
			}
		}
	}
}

func TestErrorsOfTheSystemAreInChinese(t *testing.T) {
	c := inv
	c.Language = chinese.Text
	for _, test := range []struct {
		err  error
		want string
	}{
		{&fs.PathError{Op: "open", Path: "a.csv", Err: errors.New("permission denied")}, "无法打开 a.csv：没有权限"},
		{netfault.Explain(&net.DNSError{Err: "server misbehaving", Name: "ecs"}), "无法解析主机 ecs：DNS 服务器没有正确响应"},
		{context.DeadlineExceeded, "超时"},
		{csv.ErrQuote, "多余或缺少引号"},
		{&InvalidExpression{Text: ".[", Reason: "unexpected EOF"}, "--jq：内容意外结束"},
		{&ExpressionFailed{Reason: "the expression raised an error"}, "--jq：表达式报告了错误"},
		{&config.InvalidChoice{Value: "fr", Choices: []string{"en", "zh"}}, "必须为以下值之一：en、zh"},
		{&config.InvalidChoice{Value: "outpt", Choices: []string{"output"}, IsName: true}, `没有设置 "outpt"`},
	} {
		if got := c.Cause(test.err); got != test.want {
			t.Errorf("%v becomes %q, want %q", test.err, got, test.want)
		}
	}
}

func TestAnErrorForProgramsIsInEnglish(t *testing.T) {
	c := Invocation{Language: chinese.Text, Op: "create"}
	errs := []error{
		c.Batch(&batch.Dead{Rows: []batch.Row{{Line: 2}}, Total: 3}),
		c.Batch(&batch.OtherIdentity{Rows: []batch.Row{{Line: 2}}, Total: 3, Record: pending.Record{Create: pending.Create{Identity: "LTAI1", Source: "the sandbox"}}, Current: issuance.Account{Identity: "LTAI2"}}),
		c.Batch(&batch.OtherIdentity{Rows: []batch.Row{{Line: 2}}, Total: 3, Unfinished: true, Record: pending.Record{Create: pending.Create{Identity: "LTAI1", Source: "the sandbox"}}, Current: issuance.Account{Identity: "LTAI2"}}),
		c.Batch(&batch.NotTried{Err: errors.New("disk full")}),
		c.Batch(&issuance.DeadCode{Status: activation.Expired}),
		c.Batch(&issuance.NotRecorded{Err: syscall.EMFILE}),
		c.Batch(&issuance.NotRecorded{Err: &pending.Damaged{Path: "/p", Err: errors.New("x")}}),
	}
	for _, test := range issuedErrors() {
		errs = append(errs, c.Issuance(test.err))
	}
	for _, err := range errs {
		chineseText := c.Error(err)
		c := Invocation{Op: "create"}
		text := c.Error(err)
		if isChinese(text.OneLine() + text.AllAdvice()) {
			t.Errorf("%s\n%s", text.OneLine(), text.AllAdvice())
		}
		if !isChinese(chineseText.Message) {
			t.Errorf("%s", chineseText.Message)
		}
	}
}

// isChinese reports whether a text has Chinese characters.
func isChinese(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return unicode.Is(unicode.Han, r) })
}

func TestStatusesOriginsAndRowsInAChineseSentence(t *testing.T) {
	c := Invocation{Language: chinese.Text, Op: "create"}
	set := func(string) Flag {
		return Flag{Name: "--ttl", Setting: "create-ttl", Source: "environment ECS_ACTIVATION_CREATE_TTL"}
	}
	other := &issuance.OtherIdentity{Identity: "LTAI2", Source: "profile b (role acs:ram::1:role/r)"}
	other.Record.Identity, other.Record.Source = "LTAI1", "profile a"
	rows := []batch.Row{{Line: 2}, {Line: 3, Request: activation.CreateRequest{InstanceName: "web"}}}
	for want, got := range map[string]string{
		"注意: 该激活码已停用（Disabled）":                                             c.Note(issuance.InactiveCode{Status: activation.Disabled}),
		"服务返回了之前创建的激活码，而它已过期（Expired）":                                      c.Cause(c.Batch(&issuance.DeadCode{Status: activation.Expired})),
		"--ttl（设置 create-ttl：环境变量 ECS_ACTIVATION_CREATE_TTL）：数值过大":          problem(c.Language, set, activation.Problem{Rule: activation.TooLarge{}}),
		"删除激活码（2 个，签名身份：配置 prod）：":                                          c.Changes("delete", 2, "profile prod"),
		"2 行：第 2 行、web（第 3 行）":                                              c.Error(&RowsError{rows, refusedWith("Throttling")}).Details[0],
		"创建请求是以 LTAI1（配置 a）的身份发送的，而当前身份是 LTAI2（配置 b（角色 acs:ram::1:role/r））": strings.Split(c.Cause(c.Issuance(other)), "；")[0],
	} {
		if got != want {
			t.Errorf("%s\nwant %s", got, want)
		}
	}
}
