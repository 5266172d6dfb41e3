package cli_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"ecs-activation/internal/message"
)

func TestEveryGuessLeadsToAnExistingCommandOrFlag(t *testing.T) {
	root := newRoot()
	all := allCommands(root)
	for _, guess := range message.CommandGuesses() {
		for _, words := range [][]string{guess.Words, {guess.Alone}} {
			if wrong := parses(words); wrong != "" && words[0] != "" && !needsArguments(root, words) {
				t.Errorf("%q: %s", words, wrong)
			}
		}
		for _, name := range guess.Asked {
			if cmd, _, err := root.Find([]string{name}); err == nil && cmd != root {
				t.Errorf("the command %s exists and is guessed", name)
			}
		}
	}
	for _, guess := range message.FlagGuesses() {
		word := guess.Words[0]
		exists := func(cmd *cobra.Command) bool { return hasFlag(cmd, word) || cmd.Name() == word }
		if !slices.ContainsFunc(all, exists) {
			t.Errorf("no command has %s, to which %q leads", word, guess.Asked)
		}
		for _, name := range guess.Asked {
			if slices.ContainsFunc(all, func(cmd *cobra.Command) bool { return hasFlag(cmd, name) && hasFlag(cmd, word) }) {
				t.Errorf("a command has %s and %s", name, word)
			}
		}
	}
}

// needsArguments reports whether a command exists and is incomplete without arguments.
func needsArguments(root *cobra.Command, words []string) bool {
	cmd, _, err := root.Find(words)
	return err == nil && cmd != root && strings.Contains(cmd.Use, "ID...")
}

func hasFlag(cmd *cobra.Command, name string) bool {
	cmd.InheritedFlags() // adds them to its flags
	if long, found := strings.CutPrefix(name, "--"); found {
		return cmd.Flags().Lookup(long) != nil
	}
	return len(name) == 2 && name[0] == '-' && cmd.Flags().ShorthandLookup(name[1:]) != nil
}
