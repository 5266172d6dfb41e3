package message

import (
	"fmt"
	"strings"

	"ecs-activation/internal/ui"
)

// Program is the name of our program on a command line.
const Program = "ecs-activation"

// Line builds command lines of ours that can be run as printed: with the flags that chose the
// account and the endpoint.
type Line struct {
	Sandbox           bool
	Profile, Endpoint string // empty: not given by flag
}

// Flags returns the names of the flags that Command adds by itself.
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

// Command returns a command line of our program. Each word is one argument and is quoted here.
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

// Run returns the command line of any program, whose name is the first word. Our own gets the
// flags of the Line.
func (l Line) Run(words []string) string {
	if words[0] == Program {
		return l.Command(words[1:]...)
	}
	return Words(words...)
}

// Words joins arguments to a command line. A URL with a user, and so perhaps a password, is not
// shown: a variable takes its place. Where that is not set, an empty value is refused.
func Words(words ...string) string {
	quoted := make([]string, len(words))
	for i, word := range words {
		quoted[i] = ShellWord(word)
		if i > 0 && variables[words[i-1]] != "" && strings.Contains(word, "@") {
			quoted[i] = variables[words[i-1]]
		}
	}
	return strings.Join(quoted, " ")
}

// variables are the flags whose value is a URL, with what stands for one that is not shown.
var variables = map[string]string{"--machine-proxy": `"$PROXY"`, "--endpoint": `"$ENDPOINT"`}

const (
	alphanumeric = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	plain        = alphanumeric + "-_=./:,@%+" // needs no quotes in a POSIX shell
	unescaped    = alphanumeric + "_=./:,@+ "  // stands for itself in a format of printf
)

// ShellWord returns a text as one word of a POSIX shell. What a terminal would obey instead of
// showing it is written in octal, for printf: "$(printf 'a\012b')". A shell cuts line breaks off
// the end of that, so those follow in quotes.
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
