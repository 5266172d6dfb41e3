// Package chinese is the catalogue of the messages, the errors, the help and the prompts in Simplified Chinese.
//
// Each entry has an English text, which is the key, and its translation. The terms are those of docs/glossary.md. The
// entries are sorted into files by where their texts are printed. They are data without code that runs at the start
// of the program, and the linker stores an English text only once, here and where it is used.
package chinese

import "maps"

// entry is a text in both languages.
type entry struct{ english, chinese string }

// Text returns the translation of an English text, or the English text if there is none.
func Text(english string) string {
	if chinese, found := Find(english); found {
		return chinese
	}
	return english
}

// Find returns the translation of an English text. It compares all entries, which takes a microsecond: a command looks
// up few texts, and to make a map of all takes longer than that.
func Find(english string) (chinese string, found bool) {
	for _, part := range catalogue() {
		for _, e := range part {
			if e.english == english {
				return e.chinese, true
			}
		}
	}
	return ofAttempt(english)
}

// All returns all translations by their English texts.
func All() map[string]string {
	all := map[string]string{}
	for _, part := range catalogue() {
		for _, e := range part {
			all[e.english] = e.chinese
		}
	}
	for _, a := range attempts {
		maps.Copy(all, textsOf(a))
	}
	return all
}

// catalogue returns the entries of all files.
func catalogue() [][]entry {
	return [][]entry{
		labels, problems, remedies, delivery, notes, helpOfProgram, helpOfCreate, helpOfList, helpOfSandbox,
		commands, ofSandbox, identity, settings, network, output, files, values, system,
	}
}
