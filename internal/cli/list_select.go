package cli

import (
	"slices"
	"strings"
	"time"

	"ecs-activation/internal/activation"
	"ecs-activation/internal/view"
)

// selection is what the service cannot do: which codes are shown, in which order, how many.
type selection struct {
	statuses map[activation.Status]bool // none: all
	order    func(a, b activation.Activation) int
	most     int // 0: all
}

// read turns the words of the flags into statuses and an order, and returns what is wrong
// with them.
func (c *selection) read(statuses []string, order string) (problems activation.Problems) {
	c.statuses = map[activation.Status]bool{}
	for _, word := range statuses {
		status, rule := parseStatus(word)
		if rule != "" {
			problems.Add("Status", word, rule, "")
		}
		c.statuses[status] = true
	}
	if order == "" {
		return problems
	}
	i := slices.Index(sortWords(), strings.ToLower(order))
	if i < 0 {
		problems.Add("Sort", order, oneOf(order, sortWords()), "")
		return problems
	}
	c.order = orders()[i].by
	return problems
}

// orders are the words of --sort.
func orders() []struct {
	word string
	by   func(a, b activation.Activation) int
} {
	return []struct {
		word string
		by   func(a, b activation.Activation) int
	}{
		{"expires", activation.ByExpiry}, {"created", activation.ByCreation}, {"used", activation.ByUse},
		{"name", activation.ByName}, {"region", activation.ByRegion},
	}
}

func sortWords() []string {
	var words []string
	for _, o := range orders() {
		words = append(words, o.word)
	}
	return words
}

func statuses() []activation.Status {
	return []activation.Status{activation.Active, activation.Exhausted, activation.Expired, activation.Disabled, activation.Unknown}
}

func statusWords() []string {
	var words []string
	for _, status := range statuses() {
		words = append(words, strings.ToLower(string(status)))
	}
	return words
}

// parseStatus returns the status that a word names, or the rule that it breaks.
func parseStatus(word string) (activation.Status, string) {
	for _, status := range statuses() {
		if strings.EqualFold(word, string(status)) {
			return status, ""
		}
	}
	return activation.Unknown, oneOf(word, statusWords())
}

// oneOf is the rule that a word breaks, with the word that was probably meant.
func oneOf(word string, words []string) string {
	rule := "must be one of " + strings.Join(words, ", ")
	if near := activation.Nearest(strings.ToLower(word), "", words); near != "" {
		rule += "; did you mean " + near + "?"
	}
	return rule
}

// enough is after how many codes of a region the service need not be asked for more; 0: never.
func (c selection) enough() int {
	if c.order != nil || len(c.statuses) > 0 {
		return 0
	}
	return c.most
}

// of returns the codes to show, each with its state at that time.
func (c selection) of(list []activation.Activation, now time.Time) []view.Listed {
	if c.order != nil {
		list = slices.SortedStableFunc(slices.Values(list), c.order)
	}
	codes := make([]view.Listed, 0, len(list))
	for _, a := range list {
		if c.most > 0 && len(codes) == c.most {
			break
		}
		if code := view.NewListed(a, now); len(c.statuses) == 0 || c.statuses[code.Status] {
			codes = append(codes, code)
		}
	}
	return codes
}
