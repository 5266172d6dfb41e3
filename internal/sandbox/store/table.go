package store

import (
	"cmp"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// Table is all rows of one kind, region by region, with an index by id.
type Table struct {
	tx   *Tx
	kind string
	rows *bolt.Bucket // region → rows
	ids  *bolt.Bucket // id → key, region
}

// Location says where the row of an id is.
type Location struct {
	Region string
	Key    []byte
}

// KeySize is the length of a row's key in bytes.
const KeySize = 16

// removedMark is in the index instead of the location of a row that was removed with RemoveButRemember.
const removedMark = "gone"

// Add stores a new row and counts it. The caller adds the row's id to the index.
func (t Table) Add(region string, created time.Time, row any) (Location, error) {
	bucket, err := t.rows.CreateBucketIfNotExists([]byte(region))
	if err != nil {
		return Location{}, err
	}
	bucket.FillPercent = 0.9 // most rows are added at the end
	sequence, err := bucket.NextSequence()
	if err != nil {
		return Location{}, err
	}
	encoded, err := json.Marshal(row)
	if err != nil {
		return Location{}, err
	}
	at := Location{Region: region, Key: newKey(created.Unix()+t.tx.Advanced, sequence)}
	return at, cmp.Or(bucket.Put(at.Key, encoded), t.Rows(region).addToCount(1))
}

// newKey orders times before 1970 below those after it.
func newKey(seconds int64, sequence uint64) []byte {
	key := make([]byte, 0, KeySize)
	key = binary.BigEndian.AppendUint64(key, uint64(seconds)^1<<63)
	return binary.BigEndian.AppendUint64(key, sequence)
}

// SetIndex makes an id lead to a row.
func (t Table) SetIndex(id string, at Location) error {
	return t.ids.Put([]byte(id), slices.Concat(at.Key, []byte(at.Region)))
}

// Locate returns the location of the row with an id, in any region.
func (t Table) Locate(id string) (Location, bool) {
	entry := t.ids.Get([]byte(id))
	if len(entry) < KeySize {
		return Location{}, false
	}
	return Location{Region: string(entry[KeySize:]), Key: entry[:KeySize]}, true
}

// Replace stores a row in the place of an earlier one.
func (t Table) Replace(at Location, row any) error {
	encoded, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return t.Rows(at.Region).bucket.Put(at.Key, encoded)
}

// Remove removes a row and its id.
func (t Table) Remove(at Location, id string) error {
	return cmp.Or(t.Rows(at.Region).remove(at.Key), t.ids.Delete([]byte(id)))
}

// RemoveButRemember removes a row, and keeps its id in the index for WasRemoved.
func (t Table) RemoveButRemember(at Location, id string) error {
	return cmp.Or(t.Rows(at.Region).remove(at.Key), t.ids.Put([]byte(id), []byte(removedMark)))
}

// WasRemoved reports whether RemoveButRemember removed the row of an id.
func (t Table) WasRemoved(id string) bool { return string(t.ids.Get([]byte(id))) == removedMark }

// Rows returns the rows of one region.
func (t Table) Rows(region string) Rows {
	return Rows{bucket: t.rows.Bucket([]byte(region)), name: t.kind + "/" + region, tx: t.tx}
}

// Regions returns the regions that have or had rows, in order.
func (t Table) Regions() []string {
	var names []string
	cursor := t.tx.tx.Bucket([]byte(countsBucket)).Cursor()
	prefix := t.kind + "/"
	for key, _ := cursor.Seek([]byte(prefix)); strings.HasPrefix(string(key), prefix); key, _ = cursor.Next() {
		names = append(names, strings.TrimPrefix(string(key), prefix))
	}
	return names
}

// Total returns the number of rows over all regions. It checks that the count is possible.
func (t Table) Total() (sum int, err error) {
	regions := t.Regions()
	for _, region := range regions {
		sum += t.Rows(region).Count()
	}
	if most := t.tx.tx.Size() / KeySize; int64(sum) > most || sum < 0 {
		return 0, Textf("%w: the number of %s is %d", ErrDamaged, t.kind, sum)
	}
	stored := 0
	err = t.rows.ForEachBucket(func([]byte) error { stored++; return nil })
	if err == nil && stored != len(regions) {
		err = Textf("%w: %s are counted in %d regions, but stored in %d", ErrDamaged, t.kind, len(regions), stored)
	}
	return sum, err
}
