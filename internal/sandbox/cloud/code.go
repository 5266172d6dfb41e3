package cloud

import (
	"bytes"
	"encoding/json"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// Usage is the part of a code that every action returns; DeleteActivation returns no more. CreationTime is
// the first field of the encoded row because Advance rewrites it in place.
type Usage struct {
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

// DisabledUsage is what DisableActivation returns: no Tags, no ResourceGroupId.
type DisabledUsage struct {
	Usage
	Disabled bool
}

// Code is an activation code as DescribeActivations returns it, and as it is stored.
type Code struct {
	Usage
	Disabled        bool
	ResourceGroupId string
	Tags            []Tag
}

// expiry returns the time from which no machine can register: CreationTime plus TimeToLiveInHours.
func (u Usage) expiry() (time.Time, error) {
	created, err := ParseTime(u.CreationTime)
	return created.Add(time.Duration(u.TimeToLiveInHours) * time.Hour), err
}

// findCode reads a code of one region. A code of another region is not found, as with the service.
func (a *Account) findCode(region, activationId string) (store.Location, Code, error) {
	at, ok := a.tx.Codes().Locate(activationId)
	if !ok || at.Region != region {
		return store.Location{}, Code{}, activationNotFound()
	}
	code, err := a.codeAt(at)
	return at, code, err
}

func (a *Account) codeAt(at store.Location) (Code, error) {
	var code Code
	err := store.Decode(a.tx.Codes().Rows(at.Region).Get(at.Key), &code)
	return code, err
}

// addCode stores a code that is made now.
func (a *Account) addCode(region string, code Code) error {
	at, err := a.tx.Codes().Add(region, a.now, code)
	if err != nil {
		return err
	}
	return a.tx.Codes().SetIndex(code.ActivationId, at)
}

// checkEnds returns an error if a stored code does not begin and end as one. Checking all of it would double the
// time of a page.
func checkEnds(row []byte) error {
	if !bytes.HasPrefix(row, []byte(`{"CreationTime":"`)) || row[len(row)-1] != '}' {
		return noCode()
	}
	return nil
}

// checkWhole returns an error if a stored code is not JSON.
func checkWhole(row []byte) error {
	if !json.Valid(row) {
		return noCode()
	}
	return checkEnds(row)
}

func noCode() error { return store.Textf("%w: a row is not a code", store.ErrDamaged) }
