package message

import (
	"slices"
	"strconv"
	"strings"

	"ecs-activation/internal/activation"
)

// UnknownCommand is the error for a command that does not exist.
type UnknownCommand struct {
	Path, Asked string
	Meant       *Guess   // what the user probably meant; nil: not known
	Line        []string // the arguments of the corrected command line; nil: not known
}

func (e *UnknownCommand) Error() string { return "there is no command " + strconv.Quote(e.name()) }

// name returns the words of the command without the name of the program: "sandbox start".
func (e *UnknownCommand) name() string {
	return strings.TrimPrefix(e.Path+" "+e.Asked, Program+" ")
}

// GuessCommand returns the command that the user probably meant, or nil. The user may have typed a name that other
// tools have, or the beginning of a name. top says that the commands are those of the program itself.
func GuessCommand(asked string, commands []string, top bool) *Guess {
	for _, guess := range CommandGuesses() {
		if slices.Contains(guess.Asked, asked) && (top || slices.Contains(commands, guess.Words[0])) {
			return &guess
		}
	}
	i := slices.IndexFunc(commands, func(name string) bool { return len(asked) > 2 && strings.HasPrefix(name, asked) })
	if i >= 0 {
		return &Guess{Words: commands[i : i+1]}
	}
	return named(nearest(asked, asked, commands))
}

// named returns a guess of a word, or nil if the word is "".
func named(word string) *Guess {
	if word == "" {
		return nil
	}
	return &Guess{Words: []string{word}, Value: true}
}

// UnknownFlag is the error for a flag that does not exist.
type UnknownFlag struct {
	Asked string   // with its hyphens
	Meant *Guess   // what the user probably meant; nil: not known
	Line  []string // the arguments of the corrected command line; nil: not known
	Err   error
}

func (e *UnknownFlag) Error() string { return e.Err.Error() }
func (e *UnknownFlag) Unwrap() error { return e.Err }

// GuessFlag returns the flag that the user probably meant, or nil: one that other tools call so, one that contains
// the word (instance-name for name), or one with a similar name. flags are those that exist, with their hyphens.
func GuessFlag(asked string, flags []string) *Guess {
	for _, guess := range FlagGuesses() {
		exists := slices.Contains(flags, guess.Words[0]) || !strings.HasPrefix(guess.Words[0], "-")
		if slices.Contains(guess.Asked, asked) && exists {
			return &guess
		}
	}
	word, long := strings.CutPrefix(asked, "--")
	if !long {
		return nil
	}
	var names []string
	for _, flag := range flags {
		name, long := strings.CutPrefix(flag, "--")
		if long && strings.Contains("-"+name+"-", "-"+word+"-") {
			return named(flag)
		}
		if long {
			names = append(names, name)
		}
	}
	if near := nearest(word, word, names); near != "" {
		return named("--" + near)
	}
	return nil
}

// nearRegion returns the known region that is most similar to a misspelled one, or that has this city ("hangzhou").
// It returns "" if there is none, or if the region is known.
func nearRegion(region string) string {
	word := strings.ReplaceAll(strings.ToLower(region), "_", "-")
	for _, known := range activation.Regions() {
		if city, chinese := strings.CutPrefix(known, "cn-"); chinese && city == word {
			return known
		}
	}
	return nearest(word, region, activation.Regions())
}

// nearest returns the candidate that differs from word by at most two edits, or by one if word has up to four
// letters. It returns "" if there is none, or if asked is a candidate itself.
func nearest(word, asked string, candidates []string) string {
	best, distance := "", 3
	if len(word) <= 4 {
		distance = 2
	}
	for _, c := range candidates {
		if c == asked {
			return ""
		}
		if d := edits(word, c); d < distance {
			best, distance = c, d
		}
	}
	return best
}

// edits returns how many letters must be added, removed, changed or swapped with their neighbour to turn one word
// into another. For words that are longer than all names it returns a large number.
func edits(a, b string) int {
	if len(a) > 64 || len(b) > 64 {
		return 64
	}
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		for j := range rows[i] {
			if i == 0 || j == 0 {
				rows[i][j] = i + j
				continue
			}
			change := rows[i-1][j-1]
			if a[i-1] != b[j-1] {
				change++
			}
			rows[i][j] = min(change, rows[i-1][j]+1, rows[i][j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(a)][len(b)]
}
