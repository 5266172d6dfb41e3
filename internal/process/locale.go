package process

import "strings"

// Locale returns the language that the environment asks for, as "zh" or "en", and where that was found. Both are
// empty if it asks for none.
//
// LC_ALL, LC_MESSAGES and LANG are read in this order, as in POSIX. Another language than Chinese, and an encoding
// other than UTF-8, in which Chinese text would not be readable, mean English.
func (p *Process) Locale() (language, source string) {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		if value := p.env(name); value != "" {
			return languageOf(value), "environment " + name
		}
	}
	if p.UserLanguage != nil {
		if value := p.UserLanguage(); value != "" {
			return languageOf(value), "the operating system"
		}
	}
	return "", ""
}

// languageOf returns the language of a locale such as zh_CN.UTF-8 or zh-Hans-CN.
func languageOf(locale string) string {
	name, encoding, _ := strings.Cut(strings.ToLower(locale), ".")
	encoding, _, _ = strings.Cut(encoding, "@")
	language, _, _ := strings.Cut(strings.ReplaceAll(name, "-", "_"), "_")
	if language == "zh" && (encoding == "" || encoding == "utf8" || encoding == "utf-8") {
		return "zh"
	}
	return "en"
}
