package cli_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/ui"
)

// The hint test parses, after every script, each printed command line of this tool as a POSIX shell does. It
// must contain nothing that the shell interprets, and must be a valid command with valid flags.

var (
	printedCommand = regexp.MustCompile(`(?:^  |:  |^hint: .*?: )(ecs-activation .*)$`)
	hintInJSON     = regexp.MustCompile(`"Hint": ?("(?:[^"\\]|\\.)*")`)
	terminalCodes  = regexp.MustCompile("\x1b\\[[0-9;]*m")
)

// unsafeHints returns the problems of the printed command lines.
func unsafeHints(outputs []output) []string {
	var found []string
	for _, o := range outputs {
		for _, command := range commandsIn(o) {
			if wrong := wrongWith(command); wrong != "" {
				found = append(found, fmt.Sprintf("hint: %s: %s, in the output of %s", command, wrong, o.command))
			}
		}
	}
	return found
}

// commandsIn returns the command lines of this tool that a command printed, without the examples of a help,
// which have their own test.
func commandsIn(o output) []string {
	var commands []string
	for _, text := range []string{o.stdout, o.stderr, o.terminal} {
		if strings.Contains(text, usage("en")) || strings.Contains(text, usage("zh")) {
			continue
		}
		for line := range strings.Lines(text) {
			for _, line := range append(hintsIn(line), strings.TrimRight(terminalCodes.ReplaceAllString(line, ""), "\r\n")) {
				if match := printedCommand.FindStringSubmatch(line); match != nil && !hintInJSON.MatchString(line) {
					commands = append(commands, match[1])
				}
			}
		}
	}
	return commands
}

// hintsIn returns the lines of the hints in a line of JSON.
func hintsIn(line string) []string {
	var hints []string
	for _, match := range hintInJSON.FindAllStringSubmatch(line, -1) {
		var hint string
		if err := json.Unmarshal([]byte(match[1]), &hint); err == nil {
			for line := range strings.SplitSeq(hint, "\n") {
				hints = append(hints, "hint: "+line)
			}
		}
	}
	return hints
}

// wrongWith returns the problem of a printed command line, or "". A suggested command, and one whose help is
// suggested, are printed without arguments.
func wrongWith(command string) string {
	words, err := posixWords(strings.ReplaceAll(command, "$WORK/", "/work/")) // testscript's name of its folder
	if err != nil {
		return err.Error()
	}
	args := words[1:]
	if len(args) > 0 && args[0] == "help" {
		return ""
	}
	if cmd, rest, err := newRoot().Find(args); err == nil && (len(rest) == 0 || slices.Equal(rest, []string{"--help"})) && cmd.Name() != "help" {
		return ""
	}
	return parses(args)
}

// expanded matches the parts of a command line that a shell must expand: variables for secret values, and text
// with control characters (message.ShellWord).
var expanded = regexp.MustCompile(`^(?:"\$(?:PROXY|ENDPOINT)"|"\$\(printf '(?:[A-Za-z0-9_=./:,@+ ]|\\[0-3][0-7][0-7])*'\)")`)

// posixWords returns the words of a command line, or an error if a shell would interpret a character.
func posixWords(line string) ([]string, error) {
	var words []string
	word, started := "", false
	for line != "" {
		if special := expanded.FindString(line); special != "" {
			word, started, line = word+special, true, line[len(special):]
			continue
		}
		char := line[0]
		line = line[1:]
		switch {
		case char == ' ' && started:
			words, word, started = append(words, word), "", false
		case char == ' ':
			return nil, errors.New("two blanks")
		case char == '\'':
			text, rest, closed := strings.Cut(line, "'")
			if !closed || ui.Clean(text) != text {
				return nil, fmt.Errorf("an open quote, or one with control characters: %q", text)
			}
			word, started, line = word+text, true, rest
		case char == '\\' && strings.HasPrefix(line, "'"):
			word, line = word+"'", line[1:]
		case strings.ContainsRune("-_=./:,@%+", rune(char)) || char|0x20 >= 'a' && char|0x20 <= 'z' || char >= '0' && char <= '9':
			word, started = word+string(char), true
		default:
			return nil, fmt.Errorf("%q is not quoted", char)
		}
	}
	if !started {
		return nil, errors.New("a blank at the end")
	}
	return append(words, word), nil
}

func TestUnsafeHintsAreFound(t *testing.T) {
	outputs := func(text string) []output {
		return outputsOf("> exec ecs-activation create\n[stderr]\n" + text + "\n")
	}
	for _, safe := range []string{
		"hint: it can still be stopped:  ecs-activation disable cn-hangzhou/4ECE", "To stop it:\n  ecs-activation disable 'a b'", "ecs-activation: error: $(touch x)",
		`hint: this gets it:  ecs-activation --profile 'it'\''s' recover T --machine-proxy "$PROXY" -o sh`, `{"Error":{"Hint":"see:  ecs-activation recover 'a\"b'","Code":"x"}}`,
		`hint: see:  ecs-activation recover "$(printf 'a\012b')"`, "hint: did you mean:  ecs-activation sandbox register", "hint: see:  ecs-activation create --help",
		"\x1b[1mhint:\x1b[0m see:  ecs-activation config\r",
	} {
		if found := unsafeHints(outputs(safe)); len(found) > 0 {
			t.Errorf("%s: %v", safe, found)
		}
		if strings.Contains(safe, ":  ") && len(commandsIn(outputs(safe)[1])) != 1 {
			t.Errorf("%s: no command was found", safe)
		}
	}
	for _, unsafe := range []string{
		"$(touch x)", "`touch x`", "a;rm", "a|b", "a&b", "a>b", "a<b", "(a)", "a*", "a?", "[a]", "~", "#a", "'open", `"a"`, `"$HOME"`, `"$(printf 'a'; touch x)"`, `a\nb`, "a  b", "'a\x1bb'",
		"--nonsense", "T --save",
	} {
		line := "ecs-activation recover " + unsafe
		for _, text := range []string{"hint: see:  " + line, "Again:\n  " + line, fmt.Sprintf(`{"Error":{"Hint":%q}}`, "see:  "+line)} {
			if strings.Contains(unsafe, "\x1b") && text[0] == '{' {
				continue // Go and JSON write it differently
			}
			if found := unsafeHints(outputs(text)); len(found) != 1 {
				t.Errorf("%s: found %v, want one", text, found)
			}
		}
	}
}
