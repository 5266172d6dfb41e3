package cmdline

import (
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/message"
)

// This file corrects command lines: it replaces a command or a flag that does not exist by the one that the user
// probably meant. The corrected line is printed and never run.

// unknownFlag returns the error for a flag that does not exist, with the flag that was probably meant.
func (l Line) unknownFlag(cmd *cobra.Command, err *pflag.NotExistError) error {
	asked := "--" + string(Normalize(nil, err.GetSpecifiedName()))
	if err.GetSpecifiedShortnames() != "" {
		asked = "-" + err.GetSpecifiedName()
	}
	unknown := &message.UnknownFlag{Asked: asked, Meant: l.guess(cmd, asked), Err: unknownFlagText(err)}
	if unknown.Meant != nil {
		unknown.Line = l.withFlags(cmd)
	}
	return unknown
}

// guess returns the flag that was probably meant with one that does not exist, or nil.
func (l Line) guess(cmd *cobra.Command, asked string) *message.Guess {
	line, roles := l.parsed(cmd)
	for at, arg := range line {
		if name, _, _ := strings.Cut(arg, "="); roles[at] == isFlag && name == asked {
			return message.GuessFlag(asked, candidates(cmd, line, roles, at))
		}
	}
	return message.GuessFlag(asked, flagsOf(cmd))
}

// candidates returns the flags that can be meant with a flag that does not exist: those with a value, if it has a
// value. An argument that the command does not accept is its value.
func candidates(cmd *cobra.Command, line []string, roles []role, at int) []string {
	flags := flagsOf(cmd)
	_, value, joined := strings.Cut(line[at], "=")
	hasValue := joined && value != "true" && value != "false"
	if at+1 < len(line) && roles[at+1] == isArgument && !joined {
		hasValue = cmd.ValidateArgs(line[at+1:at+2]) != nil
	}
	if hasValue {
		flags = slices.DeleteFunc(flags, func(flag string) bool { return !takesValue(cmd.Flags(), flag) })
	}
	return flags
}

// valid reports whether a command line has only flags and arguments that its command accepts.
func valid(root *cobra.Command, line []string) bool {
	cmd, rest, err := root.Find(line)
	if err != nil {
		return false
	}
	cmd.InheritedFlags() // adds them to its flags
	flags := pflag.NewFlagSet("", pflag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.SetNormalizeFunc(Normalize)
	cmd.Flags().VisitAll(func(f *pflag.Flag) { // with values of their own, because the error is printed with those of cmd
		if f.Value.Type() == "bool" {
			flags.BoolP(f.Name, f.Shorthand, false, "")
		} else {
			flags.StringP(f.Name, f.Shorthand, "", "")
		}
		flags.Lookup(f.Name).NoOptDefVal = f.NoOptDefVal
	})
	return flags.Parse(rest) == nil && cmd.ValidateArgs(flags.Args()) == nil
}

// unknownFlagText returns the text of the error for a flag that does not exist. Texts of pflag are formatted.
func unknownFlagText(e *pflag.NotExistError) error {
	name, group := e.GetSpecifiedName(), e.GetSpecifiedShortnames()
	if group != "" {
		return activation.Textf("unknown shorthand flag: %q in -%s", rune(name[0]), group)
	}
	return activation.Textf("unknown flag: --%s", name)
}

// flagsOf returns the flags of a command that are shown, with their hyphens: the long names first.
func flagsOf(cmd *cobra.Command) (long []string) {
	var short []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Hidden {
			return
		}
		long = append(long, "--"+f.Name)
		if f.Shorthand != "" {
			short = append(short, "-"+f.Shorthand)
		}
	})
	return append(long, short...)
}

// withCommand returns the arguments with another command in place of one that does not exist. It returns
// nil if the line must not be printed.
func (l Line) withCommand(cmd *cobra.Command, asked string, guess message.Guess) []string {
	line, roles := l.parsed(cmd)
	for at, arg := range line {
		if roles[at] != isArgument || arg != asked {
			continue
		}
		words := guess.Words
		if guess.Alone != "" && !slices.Contains(roles[at+1:], isArgument) {
			words = []string{guess.Alone}
		}
		line = slices.Replace(line, at, at+1, words...)
		if slices.Equal(line, l.Args) { // behind --, even the name of a command is not a command
			return nil
		}
		if target, _, err := cmd.Find(words); err == nil && target != cmd {
			if corrected := (Line{Args: line}).withFlags(target); corrected != nil {
				return corrected
			}
			if !valid(cmd.Root(), line) {
				return nil
			}
		}
		return line
	}
	return nil
}

// withFlags returns the arguments with other flags in place of those that do not exist, as far as they can be
// guessed. It returns nil if none can, if the line would still be wrong, or if it must not be printed.
func (l Line) withFlags(cmd *cobra.Command) []string {
	cmd.InheritedFlags() // adds them to its flags
	line, roles := l.parsed(cmd)
	flags, changed := flagsOf(cmd), false
	for at, arg := range slices.Backward(line) {
		name, value, joined := strings.Cut(arg, "=")
		if roles[at] != isFlag || slices.Contains(flags, name) {
			continue
		}
		guess := message.GuessFlag(name, candidates(cmd, line, roles, at))
		if guess == nil {
			continue
		}
		if !strings.HasPrefix(guess.Words[0], "-") { // a command
			return guess.Words
		}
		words := replacement(*guess, value, joined)
		if words == nil {
			return nil
		}
		line, changed = slices.Replace(line, at, at+1, words...), true
	}
	if !changed || !valid(cmd.Root(), line) {
		return nil
	}
	return line
}

// replacement returns the words for a flag, whose value may be joined to it; nil: the value has another form.
func replacement(guess message.Guess, value string, joined bool) []string {
	words := slices.Clone(guess.Words)
	switch {
	case guess.Value && guess.Says != "", !guess.Value && joined && value != "true":
		return nil
	case guess.Value && joined:
		words[0] += "=" + value
	}
	return words
}

// normalized returns a flag with the name that the flag set has for it.
func normalized(flag string) string {
	if name, long := strings.CutPrefix(flag, "--"); long {
		return "--" + string(Normalize(nil, name))
	}
	return flag
}

// role is what an argument is for.
type role int

const (
	isArgument role = iota
	isFlag
	isValue // of the flag before
)

// parsed returns the arguments with what each is for; none if they can contain a code, which must not be printed.
// The flags of the command have their usual names.
func (l Line) parsed(cmd *cobra.Command) (line []string, roles []role) {
	if slices.Contains(l.Args, "register") {
		return nil, nil
	}
	next := isArgument
	for i, arg := range l.Args {
		this := next
		next = isArgument
		switch {
		case this == isValue || len(arg) < 2 || arg[0] != '-':
		case arg == "--":
			return append(line, l.Args[i:]...), append(roles, make([]role, len(l.Args)-i)...)
		default:
			this = isFlag
			name, value, joined := strings.Cut(arg, "=")
			if arg = normalized(name); joined {
				arg += "=" + value
			} else if takesValue(cmd.Flags(), arg) {
				next = isValue
			}
		}
		line, roles = append(line, arg), append(roles, this)
	}
	return line, roles
}

// takesValue reports whether the next argument is the value of a flag, or of the last of several short flags.
func takesValue(flags *pflag.FlagSet, arg string) bool {
	if name, long := strings.CutPrefix(arg, "--"); long {
		flag := flags.Lookup(name)
		return flag != nil && flag.NoOptDefVal == ""
	}
	for i := 1; i < len(arg); i++ {
		if flag := flags.ShorthandLookup(arg[i : i+1]); flag != nil && flag.NoOptDefVal == "" {
			return i == len(arg)-1
		}
	}
	return false
}
