// Package chinese is the catalogue of the messages, the errors, the help and the prompts in Simplified Chinese.
//
// Each entry has an English text, which is the key, and its translation. The terms are those of docs/glossary.md. The
// entries are sorted into files by where their texts are printed. They are data without code that runs at the start
// of the program, and the linker stores an English text only once, here and where it is used.
package chinese

import "sync"

// entry is a text in both languages.
type entry struct{ english, chinese string }

// Text returns the translation of an English text, or the English text if there is none.
func Text(english string) string {
	if chinese, found := Find(english); found {
		return chinese
	}
	return english
}

// All returns all translations by their English texts.
func All() map[string]string { return texts() }

// Find returns the translation of an English text.
func Find(english string) (chinese string, found bool) {
	chinese, found = texts()[english]
	return chinese, found
}

// texts returns all translations. It is called only if the language is Chinese.
var texts = sync.OnceValue(func() map[string]string {
	all := map[string]string{}
	for _, part := range catalogue() {
		for _, e := range part {
			all[e.english] = e.chinese
		}
	}
	addAttempts(all)
	return all
})

// catalogue returns the entries of all files.
func catalogue() [][]entry {
	return [][]entry{
		labels, problems, remedies, delivery, notes, helpOfProgram, helpOfCreate, helpOfList, helpOfSandbox,
		commands, ofSandbox, identity, settings, network, output, files, values, system,
	}
}
