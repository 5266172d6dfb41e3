package store

import (
	"encoding/binary"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
)

// A page that refers to itself, or two that refer to each other, would overflow bbolt's stack, which no
// program survives.
func TestPagesThatReferToEachOtherInACircleAreDamage(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), func(tx *Tx) error { return errors.Join(add(tx, "a", 3000), add(tx, "b", 3000)) }))
	sound, err := os.ReadFile(s.path)
	noError(t, err)
	var branches []int
	size := int(binary.NativeEndian.Uint32(sound[24:]))
	for page := 2; page < len(sound)/size; page++ {
		if binary.NativeEndian.Uint16(sound[page*size+8:]) == branchFlag {
			branches = append(branches, page)
		}
	}
	found := 0
	for _, from := range branches {
		for _, to := range branches {
			damagedFile := slices.Clone(sound)
			binary.NativeEndian.PutUint64(damagedFile[from*size+pageHeader+8:], uint64(to))
			noError(t, os.WriteFile(s.path, damagedFile, 0o600))
			for _, use := range []func(*Store) error{
				func(s *Store) error { return s.View(t.Context(), nothing) },
				func(s *Store) error { return s.Update(t.Context(), nothing) },
			} {
				err := use(New(s.path))
				if err == nil { // the page from is free, and part of no state
					continue
				}
				found++
				if !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "sandbox reset") {
					t.Errorf("page %d refers to %d: %v", from, to, err)
				}
			}
		}
	}
	if found < 6 {
		t.Errorf("damage was found %d times, in %d branch pages", found, len(branches))
	}
	noError(t, s.Reset(t.Context()))
	noError(t, s.View(t.Context(), nothing))
}

func TestAFileIsCheckedAgainWhenAnotherProcessChangesIt(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), nothing))
	ours := s.database.pages.checked
	if info, err := os.Stat(s.path); err != nil || !s.database.pages.isChecked(info) {
		t.Errorf("what this process wrote is checked again: %v", err)
	}
	noError(t, New(s.path).Update(t.Context(), func(tx *Tx) error { return add(tx, "a", 500) }))
	if info, err := os.Stat(s.path); err != nil || s.database.pages.isChecked(info) {
		t.Errorf("what another process wrote is not checked: %v, %v", ours, err)
	}
	noError(t, s.Update(t.Context(), nothing))
}
