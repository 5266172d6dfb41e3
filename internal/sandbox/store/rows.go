package store

import (
	"cmp"
	"encoding/binary"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// Rows is the rows of one kind in one region.
type Rows struct {
	bucket *bolt.Bucket // nil: there were never any
	name   string       // kind/region
	tx     *Tx
}

// Count returns how many rows there are.
func (r Rows) Count() int {
	number := r.tx.tx.Bucket([]byte(countsBucket)).Get([]byte(r.name))
	if len(number) != 8 {
		return 0 // none was ever counted
	}
	return int(binary.BigEndian.Uint64(number))
}

func (r Rows) addToCount(change int) error {
	number := binary.BigEndian.AppendUint64(nil, uint64(r.Count()+change))
	return r.tx.tx.Bucket([]byte(countsBucket)).Put([]byte(r.name), number)
}

func (r Rows) remove(key []byte) error { return cmp.Or(r.bucket.Delete(key), r.addToCount(-1)) }

// Get returns the row with a key, nil if there is none.
func (r Rows) Get(key []byte) []byte { return r.bucket.Get(key) }

// Page calls add with up to size rows, newest first, after the first ones.
func (r Rows) Page(first, size int, add func(row []byte) error) error {
	n, below := r.tx.marks.before(r.name, first)
	for key, row := range r.NewestFirst(below) {
		n++
		r.tx.marks.note(r.name, n, key)
		if n <= first {
			continue
		}
		if err := add(row); err != nil {
			return err
		}
		if n == first+size {
			return nil
		}
	}
	if count := r.Count(); n != count {
		return Textf("%w: %d %s are counted, but %d are stored", ErrDamaged, count, r.name, n)
	}
	return nil
}

// NewestFirst yields keys and rows from the youngest to the oldest, beginning below the key below, or with
// the youngest if it is nil.
func (r Rows) NewestFirst(below []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, row []byte) bool) {
		if r.bucket == nil {
			return
		}
		cursor := r.bucket.Cursor()
		key, row := cursor.Last()
		if below != nil {
			if above, _ := cursor.Seek(below); above != nil {
				key, row = cursor.Prev()
			} else {
				key, row = cursor.Last()
			}
		}
		for ; key != nil && yield(key, row); key, row = cursor.Prev() {
		}
	}
}

// OldestFirst yields keys and rows from the oldest to the youngest, beginning above the key above.
func (r Rows) OldestFirst(above []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, row []byte) bool) {
		if r.bucket == nil {
			return
		}
		cursor := r.bucket.Cursor()
		key, row := cursor.Seek(above)
		if above != nil && string(key) == string(above) {
			key, row = cursor.Next()
		}
		for ; key != nil && yield(key, row); key, row = cursor.Next() {
		}
	}
}
