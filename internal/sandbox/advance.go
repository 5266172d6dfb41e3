package sandbox

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	bolt "go.etcd.io/bbolt"
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
	for _, kind := range []string{codesBucket, machinesBucket} {
		for _, region := range st.regions(kind) {
			if err := age(st.rows(kind, region), d); err != nil {
				return err
			}
		}
	}
	if err := age(st.tx.Bucket([]byte(tokensBucket)), d); err != nil {
		return err
	}
	advanced := strconv.FormatInt(st.advanced+int64(d/time.Second), 10)
	return st.tx.Bucket([]byte(metaBucket)).Put([]byte("advanced"), []byte(advanced))
}

// age rewrites the rows of a bucket; bbolt allows no change during a walk, so
// they are collected first.
func age(bucket *bolt.Bucket, d time.Duration) error {
	var keys, rows [][]byte
	err := bucket.ForEach(func(key, row []byte) error {
		aged, err := agedRow(row, d)
		keys, rows = append(keys, slices.Clone(key)), append(rows, aged)
		return err
	})
	for i := 0; i < len(keys) && err == nil; i++ {
		err = bucket.Put(keys[i], rows[i])
	}
	return err
}

// agedRow replaces the row's first value, its time, which has the same length
// before and after.
func agedRow(row []byte, d time.Duration) ([]byte, error) {
	_, rest, _ := bytes.Cut(row, []byte(`":"`))
	start := len(row) - len(rest)
	end := start + len(timeLayout)
	if start == 0 || end > len(row) {
		return nil, fmt.Errorf("%w: a row without a time", errDamaged)
	}
	old, err := parseTime(string(row[start:end]))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errDamaged, err)
	}
	moved := old.Add(-d)
	if moved.Year() < 1 {
		return nil, fmt.Errorf("cannot advance by %s: a stored time would fall before the year 1; give less", d)
	}
	aged := slices.Clone(row)
	copy(aged[start:end], formatTime(moved))
	return aged, nil
}
