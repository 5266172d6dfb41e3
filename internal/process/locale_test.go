package process

import "testing"

func TestTheLocaleChoosesTheLanguage(t *testing.T) {
	for _, test := range []struct {
		all, messages, lang, user string
		want, source              string
	}{
		{want: "", source: ""},
		{lang: "zh_CN.UTF-8", want: "zh", source: "environment LANG"},
		{lang: "zh_CN.utf8", want: "zh", source: "environment LANG"},
		{lang: "zh_CN", want: "zh", source: "environment LANG"},
		{lang: "zh", want: "zh", source: "environment LANG"},
		{lang: "zh_TW.UTF-8", want: "zh", source: "environment LANG"},
		{lang: "zh_CN.UTF-8@pinyin", want: "zh", source: "environment LANG"},
		{lang: "zh_CN.GBK", want: "en", source: "environment LANG"},
		{lang: "zha_CN.UTF-8", want: "en", source: "environment LANG"},
		{lang: "C", want: "en", source: "environment LANG"},
		{lang: "de_DE.UTF-8", want: "en", source: "environment LANG"},
		{messages: "en_US.UTF-8", lang: "zh_CN.UTF-8", want: "en", source: "environment LC_MESSAGES"},
		{all: "zh_CN.UTF-8", messages: "en_US.UTF-8", want: "zh", source: "environment LC_ALL"},
		{lang: "en_US.UTF-8", user: "zh-CN", want: "en", source: "environment LANG"},
		{user: "zh-Hans-CN", want: "zh", source: "the operating system"},
		{user: "en-US", want: "en", source: "the operating system"},
	} {
		variables := map[string]string{"LC_ALL": test.all, "LC_MESSAGES": test.messages, "LANG": test.lang}
		p := &Process{Env: func(name string) (string, bool) { value, set := variables[name]; return value, set }}
		if test.user != "" {
			p.UserLanguage = func() string { return test.user }
		}
		if language, source := p.Locale(); language != test.want || source != test.source {
			t.Errorf("%+v: %q by %q", test, language, source)
		}
	}
}
