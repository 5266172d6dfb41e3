package sandbox

import (
	"crypto/rand"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"iter"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// The layout of the file.
//
//	meta                secret, credentials, advanced (seconds)
//	codes/<region>      key → the code as DescribeActivations sends it
//	machines/<region>   key → the machine
//	ids                 ActivationId → region, key
//	instances           InstanceId → region, key
//	tokens              region/ClientToken → what it made
//	counts              codes/<region>, machines/<region> → how many
//
// A key is 8 bytes of sandbox time in seconds and 8 bytes of a sequence, so
// that keys ascend with age and a page is a seek. Sandbox time is real time
// plus all that Advance ever added: advancing rewrites the times in the rows
// and leaves keys, order and page tokens alone.
const (
	metaBucket      = "meta"
	codesBucket     = "codes"
	machinesBucket  = "machines"
	idsBucket       = "ids"
	instancesBucket = "instances"
	tokensBucket    = "tokens"
	countsBucket    = "counts"
)

const keySize = 16

// state is the content of the file during one transaction.
type state struct {
	tx          *bolt.Tx
	now         time.Time // real time
	secret      []byte
	credentials Credentials
	advanced    int64 // seconds that Advance has added in all
	marks       *marks
}

// withState opens the state for use, within a transaction.
func withState(now time.Time, use func(*state) error) func(*bolt.Tx) error {
	return func(tx *bolt.Tx) error {
		st, err := openState(tx, now)
		if err != nil {
			return err
		}
		return use(st)
	}
}

func openState(tx *bolt.Tx, now time.Time) (*state, error) {
	meta := tx.Bucket([]byte(metaBucket))
	st := &state{tx: tx, now: now.UTC(), secret: meta.Get([]byte("secret"))}
	if err := decode(meta.Get([]byte("credentials")), &st.credentials); err != nil {
		return nil, err
	}
	if err := decode(meta.Get([]byte("advanced")), &st.advanced); err != nil {
		return nil, err
	}
	return st, nil
}

// condition returns an error where a file does not hold a sandbox as this
// version keeps it: errOld where an older version made it.
func condition(tx *bolt.Tx) error {
	switch {
	case tx.Bucket([]byte(instancesBucket)) != nil:
		return nil
	case tx.Bucket([]byte(metaBucket)) != nil:
		return errOld
	}
	return fmt.Errorf("%w: there is no sandbox in it", errDamaged)
}

// found makes an empty sandbox with a key and credentials of its own.
func found(tx *bolt.Tx) error {
	for _, name := range []string{metaBucket, codesBucket, machinesBucket, idsBucket, instancesBucket, tokensBucket, countsBucket} {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return err
		}
	}
	pair, err := json.Marshal(newCredentials())
	if err != nil {
		return err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails: crypto/rand ends the program instead
	meta := tx.Bucket([]byte(metaBucket))
	return firstError(
		meta.Put([]byte("secret"), secret),
		meta.Put([]byte("credentials"), pair),
		meta.Put([]byte("advanced"), []byte("0")))
}

// rows is the bucket of one region, nil while it has none.
func (st *state) rows(kind, region string) *bolt.Bucket {
	return st.tx.Bucket([]byte(kind)).Bucket([]byte(region))
}

// add stores a new row and counts it. It returns the row's key.
func (st *state) add(kind, region string, created time.Time, row any) ([]byte, error) {
	bucket, err := st.tx.Bucket([]byte(kind)).CreateBucketIfNotExists([]byte(region))
	if err != nil {
		return nil, err
	}
	bucket.FillPercent = 0.9 // most rows are added at the end
	sequence, err := bucket.NextSequence()
	if err != nil {
		return nil, err
	}
	key := newKey(created.Unix()+st.advanced, sequence)
	encoded, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	return key, firstError(bucket.Put(key, encoded), st.count(kind, region, 1))
}

// newKey orders times before 1970 below those after it.
func newKey(seconds int64, sequence uint64) []byte {
	key := make([]byte, 0, keySize)
	key = binary.BigEndian.AppendUint64(key, uint64(seconds)^1<<63)
	return binary.BigEndian.AppendUint64(key, sequence)
}

// newestFirst yields the rows of a region from the youngest to the oldest,
// beginning below the key older, or with the youngest when it is nil. The
// slices are valid within the transaction only.
func (st *state) newestFirst(kind, region string, older []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, row []byte) bool) {
		bucket := st.rows(kind, region)
		if bucket == nil {
			return
		}
		cursor := bucket.Cursor()
		key, row := cursor.Last()
		if older != nil {
			if above, _ := cursor.Seek(older); above != nil {
				key, row = cursor.Prev()
			} else {
				key, row = cursor.Last()
			}
		}
		for ; key != nil && yield(key, row); key, row = cursor.Prev() {
		}
	}
}

// counted is how many rows of one kind a region holds.
func (st *state) counted(kind, region string) int {
	number := st.tx.Bucket([]byte(countsBucket)).Get([]byte(kind + "/" + region))
	if len(number) != 8 {
		return 0 // none was ever counted
	}
	return int(binary.BigEndian.Uint64(number))
}

func (st *state) count(kind, region string, change int) error {
	number := binary.BigEndian.AppendUint64(nil, uint64(st.counted(kind, region)+change))
	return st.tx.Bucket([]byte(countsBucket)).Put([]byte(kind+"/"+region), number)
}

// total is the number of rows of one kind over all regions.
func (st *state) total(kind string) (sum int, err error) {
	regions := st.regions(kind)
	for _, region := range regions {
		sum += st.counted(kind, region)
	}
	if most := st.tx.Size() / keySize; int64(sum) > most || sum < 0 {
		return 0, fmt.Errorf("%w: %d %s are counted", errDamaged, sum, kind)
	}
	kept := 0
	err = st.tx.Bucket([]byte(kind)).ForEachBucket(func([]byte) error { kept++; return nil })
	if err == nil && kept != len(regions) {
		err = fmt.Errorf("%w: of %s in %d regions %d are there", errDamaged, kind, len(regions), kept)
	}
	return sum, err
}

// regions lists the regions that hold or held rows of one kind, in order.
func (st *state) regions(kind string) []string {
	var names []string
	cursor := st.tx.Bucket([]byte(countsBucket)).Cursor()
	prefix := kind + "/"
	for key, _ := cursor.Seek([]byte(prefix)); strings.HasPrefix(string(key), prefix); key, _ = cursor.Next() {
		names = append(names, strings.TrimPrefix(string(key), prefix))
	}
	return names
}

// decode reads what the sandbox itself has written; anything else is damage.
func decode(row []byte, into any) error {
	if err := json.Unmarshal(row, into); err != nil {
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
