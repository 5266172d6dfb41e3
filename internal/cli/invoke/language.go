package invoke

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/spf13/cobra"

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
	p.language = sync.OnceValue(func() language { return unread{p}.language() })
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

// unread are the sources of settings before the settings are loaded: errors of the command line and of the file are
// messages as well. The command itself reports what is wrong with a source.
type unread struct{ *Program }

// language returns the language of messages.
func (u unread) language() language {
	for _, value := range u.values("lang") {
		if name := strings.ToLower(value); name == config.English || name == config.Chinese {
			return language{name, "default"} // the settings have the source
		}
	}
	if name, source := u.Locale(); name != "" {
		return language{name, source}
	}
	if profile := u.profile(); profile != nil && strings.HasPrefix(strings.ToLower(profile.Language), config.Chinese) {
		return language{config.Chinese, "profile " + profile.Name}
	}
	return language{config.English, "default"}
}

// profile returns the profile of the aliyun CLI, or nil. With the sandbox it is not read.
func (u unread) profile() *identity.Profile {
	home, err := u.Home()
	if err != nil || u.inSandbox() {
		return nil
	}
	profile, _ := identity.ReadProfile(filepath.Join(home, ".aliyun", "config.json"), u.setting("profile")) // see above
	return profile
}

// inSandbox reports whether the command uses the sandbox.
func (u unread) inSandbox() bool {
	args := u.Args
	if len(args) > 0 && strings.HasPrefix(args[0], cobra.ShellCompRequestCmd) {
		args = args[1:] // the command line that is completed
	}
	cmd, _, err := u.Root.Find(args)
	flag := u.Root.Flag("sandbox")
	switch {
	case err == nil && (ofSandbox(cmd) || cmd.Name() == "sandbox"):
		return true
	case flag.Changed:
		return flag.Value.String() == "true"
	}
	on, _ := strconv.ParseBool(u.setting("sandbox")) // see above
	return on || slices.Contains(args, "--sandbox")  // behind an argument that cannot be parsed
}

// setting returns the value of a global setting, or "".
func (u unread) setting(name string) string { return u.values(name)[0] }

// values returns the values of a global setting in the order of their priority. The last one can be "".
func (u unread) values(name string) (values []string) {
	if value, given := cmdline.Argument(u.Args, name, ""); given {
		values = append(values, value)
	}
	for _, variable := range config.Variables(name) {
		if value, _ := u.Env(variable); value != "" {
			values = append(values, value)
		}
	}
	return append(values, u.File().Text(name))
}
