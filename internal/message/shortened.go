package message

// shownCharacters is the maximum length of a value in the sentence of an invalid ID.
const shownCharacters = 60

// shortened returns the beginning of a long value.
func shortened(text string) string {
	if characters := []rune(text); len(characters) > shownCharacters {
		return string(characters[:shownCharacters-1]) + "…"
	}
	return text
}
