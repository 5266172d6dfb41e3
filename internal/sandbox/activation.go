package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// usage is the part of a code that every answer about it holds; DeleteActivation
// answers no more than this. CreationTime stands first in the encoded row:
// Advance rewrites it in place.
type usage struct {
	CreationTime      string // RFC 3339, UTC, whole seconds
	ActivationId      string
	InstanceName      string
	Description       string
	InstanceCount     int64
	RegisteredCount   int64
	DeregisteredCount int64
	TimeToLiveInHours int64
	IpAddressRange    string
}

// disabledUsage is what DisableActivation answers: no Tags, no ResourceGroupId.
type disabledUsage struct {
	usage
	Disabled bool
}

// activation is a code as DescribeActivations answers it, and as it is stored.
type activation struct {
	usage
	Disabled        bool
	ResourceGroupId string
	Tags            []tag
}

type tag struct {
	TagKey   string
	TagValue string
}

// expiry is the moment from which no machine can register: CreationTime plus
// TimeToLiveInHours.
func (u usage) expiry() (time.Time, error) {
	created, err := parseTime(u.CreationTime)
	return created.Add(time.Duration(u.TimeToLiveInHours) * time.Hour), err
}

func formatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

func parseTime(text string) (time.Time, error) { return time.Parse(timeLayout, text) }

// timeLayout is how the API writes times: 2021-01-20T06:00:00Z.
const timeLayout = "2006-01-02T15:04:05Z"

// place is where the row of an id lies.
type place struct {
	region string
	key    []byte
}

// locate finds the row of an id in any region.
func (st *state) locate(kind, id string) (place, bool) {
	entry := st.indexOf(kind).Get([]byte(id))
	if len(entry) < keySize {
		return place{}, false
	}
	return place{region: string(entry[keySize:]), key: entry[:keySize]}, true
}

// find reads a code of one region; a code of another region is not found, as
// with the service.
func (st *state) find(region, activationId string) (place, activation, error) {
	at, ok := st.locate(codesBucket, activationId)
	if !ok || at.region != region {
		return place{}, activation{}, activationNotFound()
	}
	code, err := st.code(at)
	return at, code, err
}

func (st *state) code(at place) (activation, error) {
	var code activation
	err := decode(st.rows(codesBucket, at.region).Get(at.key), &code)
	return code, err
}

// keep stores a new code.
func (st *state) keep(region string, created time.Time, code activation) error {
	key, err := st.add(codesBucket, region, created, code)
	if err != nil {
		return err
	}
	return st.index(codesBucket, code.ActivationId, region, key)
}

func (st *state) index(kind, id, region string, key []byte) error {
	return st.indexOf(kind).Put([]byte(id), slices.Concat(key, []byte(region)))
}

// indexOf is the bucket that says where the rows of a kind lie.
func (st *state) indexOf(kind string) *bolt.Bucket {
	if kind == machinesBucket {
		return st.tx.Bucket([]byte(instancesBucket))
	}
	return st.tx.Bucket([]byte(idsBucket))
}

// change stores a code that was there before.
func (st *state) change(at place, code activation) error {
	row, err := json.Marshal(code)
	if err != nil {
		return err
	}
	return st.rows(codesBucket, at.region).Put(at.key, row)
}

func (st *state) remove(at place, activationId string) error {
	return firstError(
		st.rows(codesBucket, at.region).Delete(at.key),
		st.indexOf(codesBucket).Delete([]byte(activationId)),
		st.count(codesBucket, at.region, -1))
}

// isURL says whether text begins like a web address.
func isURL(text string) bool {
	return strings.HasPrefix(text, "http://") || strings.HasPrefix(text, "https://")
}
