package cloud

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// CheckAdvance checks a duration for Advance: stored times are whole seconds, and time never goes back.
func CheckAdvance(d time.Duration) error {
	if d < 0 || d%time.Second != 0 {
		return store.Textf("cannot advance by %s: give whole seconds, not negative, such as 5h or 90s", d)
	}
	return nil
}

// Advance moves the times of all codes, tokens and machines into the past by d.
func (a *Account) Advance(d time.Duration) error {
	return cmp.Or(
		a.tx.RewriteAll(func(row []byte) ([]byte, error) { return agedRow(row, d) }),
		a.tx.SetAdvanced(a.tx.Advanced+int64(d/time.Second)))
}

// agedRow replaces the first value of a row, its time, by an earlier time of the same length.
func agedRow(row []byte, d time.Duration) ([]byte, error) {
	_, rest, _ := bytes.Cut(row, []byte(`":"`))
	start := len(row) - len(rest)
	end := start + len(timeLayout)
	if start == 0 || end > len(row) {
		return nil, store.Textf("%w: a row without a time", store.ErrDamaged)
	}
	old, err := ParseTime(string(row[start:end]))
	if err != nil {
		return nil, Damaged(err)
	}
	moved := old.Add(-d)
	if moved.Year() < 1 {
		return nil, store.Textf("cannot advance by %s: a stored time would fall before the year 1; give less", d)
	}
	aged := slices.Clone(row)
	copy(aged[start:end], formatTime(moved))
	return aged, nil
}
