package store

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
)

// bbolt would follow the references in these pages without end, and its stack or its memory would grow until the
// program ends.
func TestReferencesThatBboltWouldFollowWithoutEndAreDamage(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), func(tx *Tx) error { return errors.Join(add(tx, "a", 3000), add(tx, "b", 3000)) }))
	sound, err := os.ReadFile(s.path)
	noError(t, err)
	size := int(binary.NativeEndian.Uint32(sound[24:]))
	var branches []int
	for page := 2; page < len(sound)/size; page++ {
		if binary.NativeEndian.Uint16(sound[page*size+8:]) == branchFlag {
			branches = append(branches, page)
		}
	}
	if len(branches) < 2 {
		t.Fatalf("%d branch pages", len(branches))
	}
	check := func(what string, damage func(file []byte)) {
		file := slices.Clone(sound)
		damage(file)
		opened := New(s.path)
		noError(t, os.WriteFile(s.path, sound, 0o600))
		noError(t, opened.View(t.Context(), nothing))
		noError(t, os.WriteFile(s.path, file, 0o600))
		noError(t, os.Chtimes(s.path, time.Time{}, time.Now().Add(time.Minute))) // the clock of the file system is not exact
		for _, use := range []func(context.Context, func(*Tx) error) error{New(s.path).View, New(s.path).Update, opened.View} {
			if err := use(t.Context(), nothing); !errors.Is(err, ErrDamaged) || !strings.Contains(err.Error(), "sandbox reset") {
				t.Errorf("%s: %v", what, err)
			}
		}
	}
	for _, from := range branches {
		header := from * size
		for _, to := range branches {
			check(fmt.Sprintf("page %d refers to %d", from, to), func(file []byte) {
				binary.NativeEndian.PutUint64(file[header+pageHeader+8:], uint64(to))
			})
		}
		check(fmt.Sprintf("page %d has no elements", from), func(file []byte) {
			binary.NativeEndian.PutUint16(file[header+10:], 0)
		})
		const freeListFlag = 16
		check(fmt.Sprintf("page %d is a list of free pages", from), func(file []byte) {
			binary.NativeEndian.PutUint16(file[header+8:], freeListFlag)
		})
	}
	meta, err := checkMetas(bytes.NewReader(sound))
	noError(t, err)
	free := int(binary.NativeEndian.Uint64(meta[32:]))
	for _, page := range append(branches, free) {
		check(fmt.Sprintf("millions of pages continue page %d", page), func(file []byte) {
			binary.NativeEndian.PutUint32(file[page*size+12:], 1<<24)
		})
	}
	check("a bucket inside another page is a branch page", func(file []byte) {
		bucket := func(flags uint16) []byte {
			return binary.NativeEndian.AppendUint16([]byte(tokensBucket+strings.Repeat("\x00", bucketHeader+8)), flags)
		}
		copy(file, bytes.ReplaceAll(file, bucket(leafFlag), bucket(branchFlag)))
	})
	noError(t, s.Reset(t.Context()))
	noError(t, s.View(t.Context(), nothing))
}

func TestAFileIsCheckedAgainWhenAnotherProcessChangesIt(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), nothing))
	if info, err := os.Stat(s.path); err != nil || !s.database.pages.isChecked(info) {
		t.Errorf("what this process wrote is checked again: %v", err)
	}
	noError(t, New(s.path).Update(t.Context(), func(tx *Tx) error { return add(tx, "a", 500) }))
	if info, err := os.Stat(s.path); err != nil || s.database.pages.isChecked(info) {
		t.Errorf("what another process wrote is not checked: %v", err)
	}
	noError(t, s.Update(t.Context(), nothing))
}
