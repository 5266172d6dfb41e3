package store

import (
	"cmp"
	"crypto/rand"
	"encoding/json"
	"slices"

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
// A key is 8 bytes of sandbox time in seconds and 8 bytes of a sequence, so that keys ascend with age and a
// page is found by one seek. Sandbox time is real time plus all seconds that were ever added: advancing
// rewrites the times in the rows, and leaves keys, order and page tokens as they are.
const (
	metaBucket      = "meta"
	codesBucket     = "codes"
	machinesBucket  = "machines"
	idsBucket       = "ids"
	instancesBucket = "instances"
	tokensBucket    = "tokens"
	countsBucket    = "counts"
)

// checkVersion returns an error if the file does not hold a sandbox as this version keeps it: errOld if an
// older version made it.
func checkVersion(tx *bolt.Tx) error {
	switch {
	case tx.Bucket([]byte(instancesBucket)) != nil:
		return nil
	case tx.Bucket([]byte(metaBucket)) != nil:
		return errOld
	}
	return Textf("%w: there is no sandbox in it", ErrDamaged)
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

// newCredentials makes a key pair that neither people nor scanners for secrets take for a real one: real ids
// begin with LTAI.
func newCredentials() Credentials {
	return Credentials{
		AccessKeyId:     "SANDBOX" + rand.Text()[:17],
		AccessKeySecret: (rand.Text() + rand.Text())[:30],
	}
}

// indexMachines makes the index of machines in a file of a version that had no DescribeManagedInstances, and
// so no index.
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
