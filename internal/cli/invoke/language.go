package invoke

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"ecs-activation/internal/cmdline"
	"ecs-activation/internal/config"
	"ecs-activation/internal/identity"
	"ecs-activation/internal/message/chinese"
)

// language is the language of messages with its source, as config prints it.
type language struct{ name, source string }

// SetLanguage makes the program print its messages in the user's language. The language is found when the first
// message is printed, so a command that prints none does not read files for it.
//
// The first of these sources that has a language is used: --lang, ECS_ACTIVATION_LANG, the configuration file, the
// locale of the environment or of the operating system, the profile of the aliyun CLI. Most systems set a locale
// without asking the user, so a choice for this program comes before it.
func (p *Program) SetLanguage() {
	p.language = sync.OnceValue(p.findLanguage)
	p.Language = func(english string) string {
		if p.language().name == config.Chinese {
			return chinese.Text(english)
		}
		return english
	}
	p.IO.Out.Language, p.IO.Err.Language = p.Language, p.Language
}

// ResolveLanguage sets the language of the settings to that of the messages.
func ResolveLanguage(s *Invocation) {
	found := s.Program.language()
	s.Settings.SetLanguage(found.name, found.source)
}

func (p *Program) findLanguage() language {
	path, err := p.ConfigFile()
	if err != nil {
		path = "" // as in loadSettings
	}
	file := config.InFile(path, "lang", "profile", "sandbox")
	if name := strings.ToLower(p.unread("lang", file)); name == config.English || name == config.Chinese {
		return language{name: name}
	}
	if name, source := p.Locale(); name != "" {
		return language{name, source}
	}
	if profile := p.unreadProfile(file); profile != nil && strings.HasPrefix(strings.ToLower(profile.Language), config.Chinese) {
		return language{config.Chinese, "profile " + profile.Name}
	}
	return language{name: config.English}
}

// unread returns a setting before the settings are loaded, or "".
func (p *Program) unread(name string, file map[string]string) string {
	if value, given := cmdline.Argument(p.Args, name, ""); given {
		return value
	}
	for _, variable := range config.Variables(name) {
		if value, _ := p.Env(variable); value != "" {
			return value
		}
	}
	return file[name]
}

// unreadProfile returns the profile of the aliyun CLI before the settings are loaded, or nil. With the sandbox it is
// not read, and the command itself reports what is wrong with it.
func (p *Program) unreadProfile(file map[string]string) *identity.Profile {
	home, err := p.Home()
	inSandbox, _ := strconv.ParseBool(p.unread("sandbox", file)) // the command reports what is not valid
	if err != nil || inSandbox || slices.ContainsFunc(p.Args, func(arg string) bool {
		return arg == "sandbox" || arg == "--sandbox"
	}) {
		return nil
	}
	profile, _ := identity.ReadProfile(filepath.Join(home, ".aliyun", "config.json"), p.unread("profile", file)) // see above
	return profile
}
