package internal_test

import (
	"maps"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ecs-activation/internal/tools/markdown"
)

// These tests check the words of the English pages, of the help and of all messages: British spelling, and plain words.

// wordsFile has the words that the dictionary does not have, sorted, one a line.
const wordsFile = "testdata/words.txt"

func TestSpelling(t *testing.T) {
	needs(t, "hunspell")
	texts, accepted := englishTexts(t), acceptedWords(t)
	for _, word := range misspelled(t, slices.Concat(slices.Collect(maps.Values(texts))...)) {
		if slices.Contains(accepted, word) {
			continue
		}
		for where, words := range texts {
			if slices.Contains(words, word) {
				t.Errorf("%s: %q is not in the dictionary: correct it, or add it to internal/%s", where, word, wordsFile)
			}
		}
	}
}

func TestMisspelledWordsAreFound(t *testing.T) {
	needs(t, "hunspell")
	got := misspelled(t, wordsOf("The color of a retreived code's `colr` and coloour, recognized; a centre's colour."))
	if want := []string{"coloour", "color", "retreived"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

func TestAcceptedWordsAreSortedAndUsed(t *testing.T) {
	used := slices.Concat(slices.Collect(maps.Values(englishTexts(t)))...)
	accepted := acceptedWords(t)
	for _, word := range accepted {
		if !slices.Contains(used, word) {
			t.Errorf("internal/%s has %q, which no text uses", wordsFile, word)
		}
	}
	if !slices.IsSorted(accepted) || len(slices.Compact(accepted)) < len(accepted) {
		t.Errorf("internal/%s is not sorted", wordsFile)
	}
}

// unclear are phrases that a reader who learned English at school does not understand at once.
var unclear = []string{
	"in force", "for ever", "whom to ask", "nobody can be asked", "can be asked", "is told", "are told", "what comes",
	"be brought back", "has heard", "is heard", "out of thin air", "under the hood", "in a nutshell", "rule of thumb",
}

func TestPhrasesAreClear(t *testing.T) {
	for where, words := range englishTexts(t) {
		for _, phrase := range phrasesIn(words) {
			t.Errorf("%s: %q: write it in plain words", where, phrase)
		}
	}
}

func TestUnclearPhrasesAreFound(t *testing.T) {
	got := phrasesIn(wordsOf("The setting is in\nforce, in forced use, and `for ever`. What comes is told."))
	if want := []string{"in force", "is told", "what comes"}; !slices.Equal(got, want) {
		t.Errorf("%q, not %q", got, want)
	}
}

func phrasesIn(words []string) (found []string) {
	text := " " + strings.ToLower(strings.Join(words, " ")) + " "
	for _, phrase := range unclear {
		if strings.Contains(text, " "+phrase+" ") {
			found = append(found, phrase)
		}
	}
	slices.Sort(found)
	return found
}

// englishTexts returns the words of each English page, text in the code and text of the help, by where it is.
func englishTexts(t *testing.T) map[string][]string {
	t.Helper()
	pages, err := markdown.Read(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]string{}
	for name, p := range pages {
		if !strings.HasSuffix(name, ".zh-CN.md") {
			texts[name] = wordsOf(strings.Join(p.Prose, "\n"))
		}
	}
	for where, text := range textsInCode(t) {
		if strings.Contains(text, " ") { // not a name
			texts[where] = wordsOf(text)
		}
	}
	for where, text := range textsOfHelp() {
		texts[where] = wordsOf(text)
	}
	if len(texts) < 500 {
		t.Fatalf("only %d texts were found", len(texts))
	}
	return texts
}

var (
	linkTarget = regexp.MustCompile(`\]\([^)]*\)`)
	command    = regexp.MustCompile(`ecs-activation .*|.*\$[({\w].*`) // up to the end of the line
	region     = regexp.MustCompile(`^(ap|cn|eu|me|na|us)-`)
	plainWord  = regexp.MustCompile(`^[A-Za-z]?[a-z]+('[a-z]+)?$`)
)

// wordsOf returns the words of a text. Code in backquotes, commands, flags, regions, file names, and words with digits
// or with capital letters inside, such as names of the API, are left out.
func wordsOf(text string) (words []string) {
	text = linkTarget.ReplaceAllString(markdown.WithoutCode(text, "CODE"), "] ")
	for token := range strings.FieldsSeq(command.ReplaceAllString(text, "")) {
		token = strings.Trim(token, `.,:;!?()[]"'*|…·“”`)
		if strings.HasPrefix(token, "-") || region.MatchString(token) {
			continue
		}
		for word := range strings.SplitSeq(token, "-") {
			if plainWord.MatchString(word) {
				words = append(words, strings.TrimSuffix(word, "'s"))
			}
		}
	}
	return words
}

// misspelled returns the words that are not in the dictionary, sorted.
func misspelled(t *testing.T, words []string) []string {
	t.Helper()
	cmd := exec.Command("hunspell", "-d", "en_GB", "-i", "utf-8", "-l")
	cmd.Stdin = strings.NewReader(strings.Join(words, "\n") + "\n")
	out, err := cmd.Output()
	if err != nil {
		t.Skip("hunspell has no dictionary en_GB: ", err)
	}
	return slices.Compact(slices.Sorted(strings.FieldsSeq(string(out))))
}

func acceptedWords(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile(wordsFile)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Fields(string(text))
}

func needs(t *testing.T, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Skip(program + " is not installed")
	}
}
