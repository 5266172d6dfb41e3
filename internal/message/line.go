package message

import (
	"fmt"
	"strings"

	"ecs-activation/internal/ui"
)

// Program is the name of the program on a command line.
const Program = "ecs-activation"

// Line builds command lines of this program that can be run as printed. They have the flags that select the account
// and the endpoint.
type Line struct {
	Sandbox           bool
	Profile, Endpoint string // empty: not given by flag
}

// Flags returns the names of the flags that Command adds.
func (l Line) Flags() []string {
	flags := []string{"profile", "endpoint"}
	if l.Sandbox {
		flags = append(flags, "sandbox")
	}
	return flags
}

// Elsewhere returns a Line for the sandbox, or for the real service.
func (l Line) Elsewhere(sandbox bool) Line {
	if sandbox {
		return Line{Sandbox: true}
	}
	l.Sandbox = false
	return l
}

// Command returns a command line of this program. It quotes each argument.
func (l Line) Command(words ...string) string {
	line := []string{Program}
	if l.Sandbox {
		line = append(line, "--sandbox")
	}
	if l.Profile != "" {
		line = append(line, "--profile", l.Profile)
	}
	if l.Endpoint != "" {
		line = append(line, "--endpoint", l.Endpoint)
	}
	return Words(append(line, words...)...)
}

// Run returns the command line of any program, whose name is the first word. For this program it adds the flags of
// the Line.
func (l Line) Run(words []string) string {
	if words[0] == Program {
		return l.Command(words[1:]...)
	}
	return Words(words...)
}

// Words returns a command line of these arguments. It replaces a URL with a user, which can contain a password, by a
// variable. If that variable is not set, the command reports an empty value.
func Words(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = ShellWord(word)
		if i > 0 && variables[words[i-1]] != "" && strings.Contains(word, "@") {
			quoted[i] = variables[words[i-1]]
		}
		if flag, value, joined := strings.Cut(word, "="); joined && variables[flag] != "" && strings.Contains(value, "@") {
			quoted[i] = flag + "=" + variables[flag]
		}
	}
	return strings.Join(quoted, " ")
}

// variables are the flags whose value is a URL, with the variable that replaces a URL with a user.
var variables = map[string]string{"--machine-proxy": `"$PROXY"`, "--endpoint": `"$ENDPOINT"`}

const (
	alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	plain        = alphanumeric + "-_=./:,@%+" // needs no quotes in a POSIX shell
	unescaped    = alphanumeric + "_=./:,@+ "  // is not special in a format of printf
)

// ShellWord returns a text as one word of a POSIX shell. Text with control characters is written with octal escapes
// for printf: "$(printf 'a\012b')". A shell removes line breaks at the end of such a substitution, so these follow in
// quotes.
func ShellWord(text string) string {
	switch {
	case text != "" && strings.Trim(text, plain) == "":
		return text
	case ui.Clean(text) == text:
		return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
	}
	body := strings.TrimRight(text, "\n")
	word := `"$(printf '` + octal(body) + `')"`
	if ends := text[len(body):]; ends != "" {
		word += "'" + ends + "'"
	}
	return word
}

// octal returns a text as a format of printf that prints it.
func octal(text string) string {
	var format strings.Builder
	for i := range len(text) {
		if b := text[i]; strings.IndexByte(unescaped, b) >= 0 {
			format.WriteByte(b)
		} else {
			fmt.Fprintf(&format, `\%03o`, b)
		}
	}
	return format.String()
}
