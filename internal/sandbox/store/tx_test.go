package store

import (
	"errors"
	"fmt"
	"testing"
	"time"
)

// row is what the tests store.
type row struct{ Time, Id string }

// add stores rows 1 to n of a region, one second apart.
func add(tx *Tx, region string, n int) error {
	for i := range n {
		r := row{Time: "t", Id: fmt.Sprintf("%s-%d", region, i+1)}
		at, err := tx.Codes().Add(region, time.Unix(int64(i), 0), r)
		if err = errors.Join(err, tx.Codes().SetIndex(r.Id, at)); err != nil {
			return err
		}
	}
	return nil
}

func TestAChangeIsKeptWholeOrNotAtAll(t *testing.T) {
	s := newStore(t)
	refused := errors.New("refused")
	err := s.Update(t.Context(), func(tx *Tx) error {
		noError(t, add(tx, "a", 3))
		return refused
	})
	if !errors.Is(err, refused) {
		t.Errorf("%v", err)
	}
	noError(t, s.Update(t.Context(), func(tx *Tx) error { return add(tx, "b", 2) }))
	noError(t, s.View(t.Context(), func(tx *Tx) error {
		total, err := tx.Codes().Total()
		if regions := tx.Codes().Regions(); total != 2 || fmt.Sprint(regions) != "[b]" {
			t.Errorf("%d codes in %q", total, regions)
		}
		return err
	}))
}

func TestRowsAreReadInBothDirectionsAndByPage(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), func(tx *Tx) error { return add(tx, "a", 120) }))
	for range 2 { // without marks and with them
		noError(t, s.View(t.Context(), func(tx *Tx) error {
			rows := tx.Codes().Rows("a")
			var page []string
			err := rows.Page(110, 50, func(text []byte) error {
				var r row
				err := Decode(text, &r)
				page = append(page, r.Id)
				return err
			})
			if len(page) != 10 || page[0] != "a-10" || page[9] != "a-1" {
				t.Errorf("%q", page)
			}
			at, found := tx.Codes().Locate("a-7")
			if !found || at.Region != "a" {
				t.Errorf("%+v, %t", at, found)
			}
			older, younger := 0, 0
			for range rows.NewestFirst(at.Key) {
				older++
			}
			for range rows.OldestFirst(at.Key) {
				younger++
			}
			if older != 6 || younger != 113 {
				t.Errorf("%d older, %d younger", older, younger)
			}
			return err
		}))
	}
}

func TestARemovedRowIsRememberedOnRequest(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), func(tx *Tx) error {
		noError(t, add(tx, "a", 2))
		codes := tx.Codes()
		first, _ := codes.Locate("a-1")
		second, _ := codes.Locate("a-2")
		noError(t, errors.Join(codes.Remove(first, "a-1"), codes.RemoveButRemember(second, "a-2")))
		_, foundFirst := codes.Locate("a-1")
		_, foundSecond := codes.Locate("a-2")
		if foundFirst || foundSecond || codes.WasRemoved("a-1") || !codes.WasRemoved("a-2") || codes.Rows("a").Count() != 0 {
			t.Errorf("%t, %t, %t, %t", foundFirst, foundSecond, codes.WasRemoved("a-1"), codes.WasRemoved("a-2"))
		}
		return nil
	}))
}

func TestACountThatDoesNotFitIsDamage(t *testing.T) {
	s := newStore(t)
	noError(t, s.Update(t.Context(), func(tx *Tx) error { return errors.Join(add(tx, "a", 2), tx.Codes().Rows("a").addToCount(1)) }))
	err := s.View(t.Context(), func(tx *Tx) error {
		return tx.Codes().Rows("a").Page(0, 50, func([]byte) error { return nil })
	})
	var unusable *Error
	if !errors.Is(err, ErrDamaged) || !errors.As(err, &unusable) || unusable.Path != s.path {
		t.Errorf("%v", err)
	}
}
