package message

import (
	"strings"
	"testing"
)

func TestANearMissOfARegionIsSuggested(t *testing.T) {
	for region, want := range map[string]string{
		"cn-hangzou": "cn-hangzhou", "cn-hangzhuo": "cn-hangzhou", "CN-Hangzhou": "cn-hangzhou", "cn_hangzhou": "cn-hangzhou",
		"cn-bejing": "cn-beijing", "cnbeijing": "cn-beijing", "eu-central1": "eu-central-1", "us-west-1x": "us-west-1",
		"cn-hangzhou": "", "ap-southeast-1": "", "mars": "", "": "", "hangzhou": "cn-hangzhou", "virginia": "", "1": "", "east-1": "",
		strings.Repeat("cn-hangzhou", 10): "",
	} {
		if got := nearRegion(region); got != want {
			t.Errorf("%q: suggests %q, want %q", region, got, want)
		}
	}
}

func TestANearMissOfACommandOrAFlagIsSuggested(t *testing.T) {
	commands := []string{"create", "recover", "register"}
	for asked, want := range map[string]string{"new": "create", "cre": "create", "cr": "", "craete": "create", "recovr": "recover", "nonsense": ""} {
		if got := meantBy(GuessCommand(asked, commands, false)); got != want {
			t.Errorf("%s: %q, want %q", asked, got, want)
		}
	}
	flags := []string{"--instance-name", "--instance-count", "--ttl", "-o"}
	for asked, want := range map[string]string{"--name": "--instance-name", "--count": "--instance-count", "--tll": "--ttl", "--instance-naem": "--instance-name", "--nonsense": "", "--nam": "",
		"--json": "-o json", "--force": "", "-V": "version", "-x": ""} {
		if got := meantBy(GuessFlag(asked, flags)); got != want {
			t.Errorf("%s: %q, want %q", asked, got, want)
		}
	}
}

func meantBy(g *Guess) string {
	if g == nil {
		return ""
	}
	return strings.Join(g.Words, " ")
}

func TestANameIsGuessedInOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, guess := range append(CommandGuesses(), FlagGuesses()...) {
		for _, name := range guess.Asked {
			if seen[name] {
				t.Errorf("%s is in two rows", name)
			}
			seen[name] = true
		}
	}
}
