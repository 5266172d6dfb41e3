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
	Commands    []Command // those that exist
}

// Command is the name of a command, with the names that other tools and the API have for it.
type Command struct {
	Name string
	Also []string
}

func (e *UnknownCommand) Error() string { return e.Path + " has no command " + strconv.Quote(e.Asked) }

// near returns the command that the user probably meant, or "". The user may have typed the beginning of a name.
func (e *UnknownCommand) near() string {
	var names []string
	for _, c := range e.Commands {
		if slices.Contains(c.Also, e.Asked) {
			return c.Name
		}
		names = append(names, c.Name)
	}
	if i := slices.IndexFunc(names, func(name string) bool { return len(e.Asked) > 2 && strings.HasPrefix(name, e.Asked) }); i >= 0 {
		return names[i]
	}
	return Nearest(e.Asked, e.Asked, names)
}

// UnknownFlag is the error for a flag that does not exist.
type UnknownFlag struct {
	Asked string
	Flags []string // those that exist
	Err   error
}

func (e *UnknownFlag) Error() string { return e.Err.Error() }
func (e *UnknownFlag) Unwrap() error { return e.Err }

// near returns the flag that the user probably meant, or "": one that contains the word (instance-name for name),
// or one with a similar name.
func (e *UnknownFlag) near() string {
	for _, name := range e.Flags {
		if strings.Contains("-"+name+"-", "-"+e.Asked+"-") {
			return name
		}
	}
	return Nearest(e.Asked, e.Asked, e.Flags)
}

// NearRegion returns the known region that is most similar to a misspelled one, or that has this city ("hangzhou").
// It returns "" if there is none, or if the region is known.
func NearRegion(region string) string {
	word := strings.ReplaceAll(strings.ToLower(region), "_", "-")
	for _, known := range activation.Regions() {
		if city, chinese := strings.CutPrefix(known, "cn-"); chinese && city == word {
			return known
		}
	}
	return Nearest(word, region, activation.Regions())
}

// Nearest returns the candidate that differs from word by at most two edits, or by one if word has up to four
// letters. It returns "" if there is none, or if asked is a candidate itself.
func Nearest(word, asked string, candidates []string) string {
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
