package message

import (
	"fmt"

	"ecs-activation/internal/ui"
)

// shownCharacters is the maximum length of a value in a message.
const shownCharacters = 60

// shortened returns the beginning of a long value.
func shortened(text string) string {
	if characters := []rune(text); len(characters) > shownCharacters {
		return string(characters[:shownCharacters-1]) + "…"
	}
	return text
}

// quoted returns the beginning of a value that a user gave, in quotes.
func quoted(value string) string { return ui.Clean(fmt.Sprintf("%q", shortened(value))) }
