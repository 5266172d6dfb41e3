package process

import "golang.org/x/sys/windows"

// userLanguage returns the first language that the user has chosen for programs, such as zh-CN, or "".
func userLanguage() string {
	languages, err := windows.GetUserPreferredUILanguages(windows.MUI_LANGUAGE_NAME)
	if err != nil || len(languages) == 0 {
		return ""
	}
	return languages[0]
}
