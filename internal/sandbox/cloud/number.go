package cloud

import (
	"errors"
	"strconv"
)

// Number is an integer parameter as a request gives it. The zero value was not given. Whether it is valid is
// checked by the action, because the order of the checks decides which refusal a client sees.
type Number struct {
	given     bool
	malformed bool
	value     int64
}

// ParseNumber reads an integer parameter; an empty text was not given. A number too large for 64 bits becomes
// the largest that they can hold, so that the parameter's own limit refuses it.
func ParseNumber(text string) Number {
	if text == "" {
		return Number{}
	}
	value, err := strconv.ParseInt(text, 10, 64)
	return Number{given: true, malformed: err != nil && !errors.Is(err, strconv.ErrRange), value: value}
}

// or returns the value of a parameter, or standard if it was not given.
func (n Number) or(parameter string, standard int64) (int64, error) {
	switch {
	case !n.given:
		return standard, nil
	case n.malformed:
		return 0, Invalid(parameter)
	}
	return n.value, nil
}
