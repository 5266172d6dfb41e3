package store

import (
	"encoding/json"
	"slices"
	"strconv"

	bolt "go.etcd.io/bbolt"
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

// RewriteAll replaces every code, machine and token by what change makes of its row. It ends at the first
// error.
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
