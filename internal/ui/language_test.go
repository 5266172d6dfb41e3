package ui

import (
	"strings"
	"testing"
)

func TestASourceIsTranslatedWithItsName(t *testing.T) {
	chinese := Language(func(english string) string {
		translated, found := map[string]string{
			"flag %s": "选项 %s", "environment %s": "环境变量 %s", "profile %s": "配置 %s", "default": "默认值", "the sandbox": "沙箱", "section %s of %s": "%[2]s 中的节 %[1]s", "%s (role %s)": "%s（角色 %s）",
		}[english]
		if !found {
			return english
		}
		return translated
	})
	for source, want := range map[string]string{
		"flag --region": "选项 --region", "environment LANG": "环境变量 LANG", "profile a b": "配置 a b", "profile a (role r)": "配置 a（角色 r）", "default": "默认值",
		"section a of /home/u/credentials": "/home/u/credentials 中的节 a",
		"the sandbox":                      "沙箱", "/home/u/config.yaml": "/home/u/config.yaml", "/home/a flag/config.yaml": "/home/a flag/config.yaml", "": "",
	} {
		if got := chinese.Source(source); got != want {
			t.Errorf("%q becomes %q, want %q", source, got, want)
		}
		if got := Language(nil).Source(source); got != source {
			t.Errorf("%q becomes %q in English", source, got)
		}
	}
}

func TestLongArgumentsAreShortened(t *testing.T) {
	path, chinese := strings.Repeat("a", longestArgument), strings.Repeat("中", longestArgument)
	for text, want := range map[string]string{path: path, chinese: chinese, path + "a": path[:60] + "… (4,097 characters)"} {
		if got := Language(nil).Text("%s", text); got != want {
			t.Errorf("%d characters become %q", len(text), got)
		}
	}
	characters := strings.Repeat("中", 60)
	for text, want := range map[string]string{"": "", characters: characters, characters + "中": characters + "… (61 characters)"} {
		if got := Language(nil).Shortened(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}
