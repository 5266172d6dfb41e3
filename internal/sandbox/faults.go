package sandbox

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// slowTime is how long faultSlow waits before a call is carried out: longer than clients expect, shorter than
// the ten seconds after which they give up an attempt.
const slowTime = 3 * time.Second

// fault is one way in which a request fails on purpose; the zero value is none.
type fault int

// The order is part of the meaning of a seed: it decides which fault a random number selects.
const (
	faultNone        fault = iota
	faultThrottle          // 400 Throttling.User; nothing done
	faultUnavailable       // 503 ServiceUnavailable; nothing done
	faultBusy              // 403 IdempotentProcessing or 500 InternalError.Dispatch; nothing done
	faultDropBefore        // the connection is closed; nothing done
	faultDropAfter         // carried out; the connection is closed without an answer
	faultReset             // carried out; headers, half of the body, then a reset
	faultSlow              // carried out after slowTime, unless the client disconnects
	faultHTML              // a proxy's page, 403 or 502; nothing done
	faultEmpty             // carried out; 200 with an empty body
	faultForgetToken       // a create does not know its ClientToken
	faultForbidden         // 403 Operation.Forbidden; nothing done
	faultUnverified        // a create: 403 RealNameAuthenticationError; nothing done
	faultProxyPage         // carried out; a proxy's 403 in JSON with "code" and "message"
	faultUnknownCode       // carried out; 400 with a code that no document names
	faultRedirect          // carried out; 302 with a code in its body
	faultOdd200            // a create: carried out; the answer has a Code and misleading keys in addition
	faultProcessing        // a create with a token: carried out; 403 IdempotentProcessing
	faultCount
)

func (f fault) String() string {
	return [faultCount]string{
		"none", "throttle", "unavailable", "busy", "drop-before", "drop-after",
		"reset", "slow", "html", "empty", "forget-token",
		"forbidden", "unverified",
		"proxy-page", "unknown-code", "redirect", "odd-200", "processing",
	}[f]
}

func faultNames() []string {
	var names []string
	for f := faultNone + 1; f < faultCount; f++ {
		names = append(names, f.String())
	}
	return names
}

// faultOf returns the fault with a name, faultNone if there is none.
func faultOf(name string) fault { return fault(slices.Index(faultNames(), name) + 1) }

// Faults says how likely each fault is for a request. The zero value is no faults.
type Faults struct{ likely [faultCount]float64 }

// ParseFaults reads names and probabilities from 0 to 1, such as "throttle=0.1,drop-after=0.05". The names
// are throttle, unavailable, busy, drop-before, drop-after, reset, slow, html, empty, forget-token,
// forbidden, unverified, proxy-page, unknown-code, redirect, odd-200 and processing. A request gets at most
// one fault, so all together are at most 1. An empty text is no faults. An error names the value, the rule it
// breaks, and what to do.
func ParseFaults(text string) (Faults, error) {
	var faults Faults
	if text == "" {
		return faults, nil
	}
	given := map[fault]bool{}
	for item := range strings.SplitSeq(text, ",") {
		f, likely, err := parseFault(strings.TrimSpace(item))
		if err != nil {
			return Faults{}, err
		}
		if given[f] {
			return Faults{}, store.Textf("sandbox fault %s is given twice: give each name once; the names are %s", f, listOfFaults())
		}
		given[f] = true
		faults.likely[f] = likely
	}
	if err := faults.check(); err != nil {
		return Faults{}, err
	}
	return faults, nil
}

func parseFault(item string) (fault, float64, error) {
	name, number, found := strings.Cut(item, "=")
	if !found {
		return faultNone, 0, store.Textf("sandbox fault %q is not NAME=PROBABILITY: give one such as throttle=0.1; the names are %s", item, listOfFaults())
	}
	f := faultOf(name)
	if f == faultNone {
		return faultNone, 0, unknownFault(name)
	}
	likely, err := strconv.ParseFloat(number, 64)
	if err != nil || !(0 <= likely && likely <= 1) { // in this form NaN is refused too
		return faultNone, 0, store.Textf("sandbox fault %s: probability %q is not a number from 0 to 1: give one such as %s=0.1; the names are %s", f, number, f, listOfFaults())
	}
	return f, math.Abs(likely), nil // Abs turns -0 into 0
}

func unknownFault(name string) error {
	remedy := store.Textf("give one of its names")
	if near := nearestFault(name); near != "" {
		remedy = store.Textf("did you mean %s?", near)
	}
	return store.Textf("sandbox fault %q is unknown: %s; the names are %s", name, remedy, listOfFaults())
}

func listOfFaults() string { return strings.Join(faultNames(), ", ") }

// String returns the text that ParseFaults reads, in the order of the names.
func (f Faults) String() string {
	var items []string
	for i, likely := range f.likely {
		if likely > 0 {
			items = append(items, fault(i).String()+"="+strconv.FormatFloat(likely, 'g', -1, 64))
		}
	}
	return strings.Join(items, ",")
}

// check checks that the probabilities are at most 1 together, apart from rounding.
func (f Faults) check() error {
	sum := 0.0
	for _, likely := range f.likely {
		sum += likely
	}
	if sum > 1+1e-9 {
		return store.Textf("sandbox faults %s add up to more than 1: a request gets at most one fault; give less", f)
	}
	return nil
}

// pick returns the fault that a random number from [0,1) selects.
func (f Faults) pick(random float64) fault {
	for i, likely := range f.likely {
		if random < likely {
			return fault(i)
		}
		random -= likely
	}
	return faultNone
}

// nearestFault returns the name within two edits of a mistyped one, "" if there is none.
func nearestFault(word string) string {
	word = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(word)), "_", "-")
	nearest, least := "", 3
	for _, name := range faultNames() {
		if edits := editsBetween(word, name); edits < least {
			nearest, least = name, edits
		}
	}
	return nearest
}

// editsBetween returns how many letters to insert, remove or replace.
func editsBetween(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal, row[j+1] = row[j+1], min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
