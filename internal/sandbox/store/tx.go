package store

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	bolt "go.etcd.io/bbolt"
)

// The layout of the file.
//
//	meta                secret, credentials, advanced (seconds)
//	codes/<region>      key → the code as DescribeActivations sends it
//	machines/<region>   key → the machine
//	ids                 ActivationId → key, region
//	instances           InstanceId → key, region
//	tokens              region/ClientToken → what it made
//	counts              codes/<region>, machines/<region> → how many
//
// A key is 8 bytes of sandbox time in seconds and 8 bytes of a sequence, so that keys ascend with age and a page is
// found by one seek. Sandbox time is real time plus all seconds that were ever added: advancing rewrites the times in
// the rows, and leaves keys, order and page tokens as they are.
const (
	metaBucket      = "meta"
	codesBucket     = "codes"
	machinesBucket  = "machines"
	idsBucket       = "ids"
	instancesBucket = "instances"
	tokensBucket    = "tokens"
	countsBucket    = "counts"
)

// Credentials is the one permanent key pair that a sandbox accepts. The field names are those of the API.
type Credentials struct {
	AccessKeyId     string
	AccessKeySecret string
}

// Tx is the content of the file during one View or Update. Slices that it returns are valid until that ends.
type Tx struct {
	// Secret is the sandbox's own key, from which codes, tokens and temporary keys are computed.
	Secret []byte
	// Credentials is the permanent key pair.
	Credentials Credentials
	// Advanced is how many seconds were ever added to real time.
	Advanced int64

	tx    *bolt.Tx
	marks *marks // nil when the transaction can write
}

// withTx reads the meta data and passes the transaction to use.
func withTx(tx *bolt.Tx, use func(*Tx) error) error {
	meta := tx.Bucket([]byte(metaBucket))
	t := &Tx{tx: tx, Secret: meta.Get([]byte("secret"))}
	if err := Decode(meta.Get([]byte("credentials")), &t.Credentials); err != nil {
		return err
	}
	if err := Decode(meta.Get([]byte("advanced")), &t.Advanced); err != nil {
		return err
	}
	return use(t)
}

// Codes returns the table of activation codes.
func (t *Tx) Codes() Table { return t.table(codesBucket, idsBucket) }

// Machines returns the table of managed instances.
func (t *Tx) Machines() Table { return t.table(machinesBucket, instancesBucket) }

func (t *Tx) table(kind, index string) Table {
	return Table{tx: t, kind: kind, rows: t.tx.Bucket([]byte(kind)), ids: t.tx.Bucket([]byte(index))}
}

// Token returns what SetToken stored under a key, nil if there is nothing.
func (t *Tx) Token(key string) []byte { return t.tx.Bucket([]byte(tokensBucket)).Get([]byte(key)) }

// SetToken stores a row under the key of a ClientToken.
func (t *Tx) SetToken(key string, row any) error {
	encoded, err := json.Marshal(row)
	if err != nil {
		return err
	}
	return t.tx.Bucket([]byte(tokensBucket)).Put([]byte(key), encoded)
}

// SetAdvanced stores how many seconds were ever added to real time.
func (t *Tx) SetAdvanced(seconds int64) error {
	t.Advanced = seconds
	return t.tx.Bucket([]byte(metaBucket)).Put([]byte("advanced"), strconv.AppendInt(nil, seconds, 10))
}

// RewriteAll replaces every code, machine and token by what change makes of its row. It ends at the first error.
func (t *Tx) RewriteAll(change func(row []byte) ([]byte, error)) error {
	for _, table := range []Table{t.Codes(), t.Machines()} {
		for _, region := range table.Regions() {
			if err := rewrite(table.Rows(region).bucket, change); err != nil {
				return err
			}
		}
	}
	return rewrite(t.tx.Bucket([]byte(tokensBucket)), change)
}

// rewrite collects the rows first, because bbolt allows no change while it walks through a bucket.
func rewrite(bucket *bolt.Bucket, change func([]byte) ([]byte, error)) error {
	var keys, rows [][]byte
	err := bucket.ForEach(func(key, row []byte) error {
		changed, err := change(row)
		keys, rows = append(keys, slices.Clone(key)), append(rows, changed)
		return err
	})
	for i := 0; i < len(keys) && err == nil; i++ {
		err = bucket.Put(keys[i], rows[i])
	}
	return err
}

// checkVersion returns an error if the file does not hold a sandbox as this version keeps it: errOld if an older
// version made it.
func checkVersion(tx *bolt.Tx) error {
	switch {
	case tx.Bucket([]byte(instancesBucket)) != nil:
		return nil
	case tx.Bucket([]byte(metaBucket)) != nil:
		return errOld
	}
	return fmt.Errorf("%w: there is no sandbox in it", ErrDamaged)
}

// initialize makes an empty sandbox with a new key and new credentials.
func initialize(tx *bolt.Tx) error {
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
	return cmp.Or(
		meta.Put([]byte("secret"), secret),
		meta.Put([]byte("credentials"), pair),
		meta.Put([]byte("advanced"), []byte("0")))
}

// newCredentials makes a key pair that neither people nor scanners for secrets take for a real one: real ids begin
// with LTAI.
func newCredentials() Credentials {
	return Credentials{
		AccessKeyId:     "SANDBOX" + rand.Text()[:17],
		AccessKeySecret: (rand.Text() + rand.Text())[:30],
	}
}

// indexMachines makes the index of machines in a file of a version that had no DescribeManagedInstances, and so no
// index.
func indexMachines(tx *bolt.Tx) error {
	index, err := tx.CreateBucket([]byte(instancesBucket))
	if err != nil {
		return err
	}
	machines := tx.Bucket([]byte(machinesBucket))
	return machines.ForEachBucket(func(region []byte) error {
		return machines.Bucket(region).ForEach(func(key, row []byte) error {
			var machine struct{ InstanceId string }
			if err := Decode(row, &machine); err != nil {
				return err
			}
			return index.Put([]byte(machine.InstanceId), slices.Concat(key, region))
		})
	})
}
