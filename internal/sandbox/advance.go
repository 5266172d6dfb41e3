package sandbox

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// Advance moves every stored time (of codes, tokens and machines) into the
// past by d, so that lifetimes pass without waiting. Signatures stay on real
// time. d must be whole seconds, because stored times are, and not negative.
func (s *Sandbox) Advance(ctx context.Context, d time.Duration) error {
	if d < 0 || d%time.Second != 0 {
		return fmt.Errorf("cannot advance by %s: give whole seconds, not negative, such as 5h or 90s", d)
	}
	return s.update(ctx, func(st *state) error { return st.advance(d) })
}

func (st *state) advance(d time.Duration) error {
	return cmp.Or(
		st.RewriteAll(func(row []byte) ([]byte, error) { return agedRow(row, d) }),
		st.SetAdvanced(st.Advanced+int64(d/time.Second)))
}

// agedRow replaces the row's first value, its time, which has the same length
// before and after.
func agedRow(row []byte, d time.Duration) ([]byte, error) {
	_, rest, _ := bytes.Cut(row, []byte(`":"`))
	start := len(row) - len(rest)
	end := start + len(timeLayout)
	if start == 0 || end > len(row) {
		return nil, fmt.Errorf("%w: a row without a time", store.ErrDamaged)
	}
	old, err := parseTime(string(row[start:end]))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	moved := old.Add(-d)
	if moved.Year() < 1 {
		return nil, fmt.Errorf("cannot advance by %s: a stored time would fall before the year 1; give less", d)
	}
	aged := slices.Clone(row)
	copy(aged[start:end], formatTime(moved))
	return aged, nil
}
