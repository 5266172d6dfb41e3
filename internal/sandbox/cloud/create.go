package cloud

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// CreateInput is the parameters of CreateActivation.
type CreateInput struct {
	RegionId          string
	InstanceName      string
	Description       string
	InstanceCount     Number
	TimeToLiveInHours Number
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []TagInput
	ClientToken       string
	// ForgetToken makes the service behave as if it had never seen the ClientToken.
	ForgetToken bool
}

// CreateResult is what CreateActivation returns. No other action returns a code.
type CreateResult struct {
	ActivationId   string
	ActivationCode string
}

// CreateActivation makes a code. For a ClientToken that was used before in this region it returns what it
// returned then, changes nothing, and does not check the quota.
func (a *Account) CreateActivation(in CreateInput) (CreateResult, error) {
	want, err := a.limits.checkCreate(in)
	if err != nil {
		return CreateResult{}, err
	}
	id, err := a.replay(in, want)
	if err != nil {
		return CreateResult{}, err
	}
	if id == "" {
		if id, err = a.newCode(in, want); err != nil {
			return CreateResult{}, err
		}
	}
	return CreateResult{ActivationId: id, ActivationCode: a.activationCode(id)}, nil
}

// wanted is a valid CreateInput with its defaults. Its JSON decides whether two requests are the same.
type wanted struct {
	InstanceName      string
	Description       string
	InstanceCount     int64
	TimeToLiveInHours int64
	IpAddressRange    string
	ResourceGroupId   string
	Tags              []Tag
}

// checkCreate checks the parameters in the order of the documented table. The first one that breaks a rule
// decides the refusal.
func (l Limits) checkCreate(in CreateInput) (wanted, error) {
	w := wanted{
		InstanceName:    in.InstanceName,
		Description:     in.Description,
		IpAddressRange:  in.IpAddressRange,
		ResourceGroupId: in.ResourceGroupId,
	}
	if l.nameRequired && w.InstanceName == "" {
		return w, Missing("InstanceName")
	}
	err := cmp.Or(l.checkName(w.InstanceName), l.checkDescription(w.Description))
	if err != nil {
		return w, err
	}
	if w.InstanceCount, err = in.InstanceCount.or("InstanceCount", countDefault); err != nil {
		return w, err
	}
	if w.TimeToLiveInHours, err = in.TimeToLiveInHours.or("TimeToLiveInHours", ttlDefault); err != nil {
		return w, err
	}
	err = cmp.Or(l.checkCount(w.InstanceCount), l.checkTTL(w.TimeToLiveInHours),
		checkRange(w.IpAddressRange), checkClientToken(in.ClientToken), checkGroup(w.ResourceGroupId))
	if err != nil {
		return w, err
	}
	w.Tags, err = readTags(in.Tags)
	return w, err
}

// newCode stores a new code. A region that is full of machines accepts no codes either.
func (a *Account) newCode(in CreateInput, want wanted) (string, error) {
	if err := a.checkQuota(in.RegionId); err != nil {
		return "", err
	}
	if a.tx.Machines().Rows(in.RegionId).Count() >= a.limits.machines {
		return "", machinesFull(a.limits.machines)
	}
	id := NewId()
	err := a.addCode(in.RegionId, Code{
		Usage: Usage{
			CreationTime:      formatTime(a.now),
			ActivationId:      id,
			InstanceName:      want.InstanceName,
			Description:       want.Description,
			InstanceCount:     want.InstanceCount,
			TimeToLiveInHours: want.TimeToLiveInHours,
			IpAddressRange:    want.IpAddressRange,
		},
		ResourceGroupId: want.ResourceGroupId,
		Tags:            want.Tags,
	})
	return id, cmp.Or(err, a.remember(in, want, id))
}

// checkQuota counts every code that exists, dead ones too.
func (a *Account) checkQuota(region string) error {
	codes := a.tx.Codes().Rows(region).Count()
	if codes >= a.limits.quota {
		return quotaExceeded(a.limits.quota)
	}
	if a.limits.quotaFree == 0 || codes < a.limits.quotaFree {
		return nil
	}
	wellUsed, err := a.wellUsed(region)
	if err == nil && !wellUsed {
		err = quotaExceeded(a.limits.quotaFree)
	}
	return err
}

func quotaExceeded(quota int) *Error {
	return Refuse("ActivationCount.ExceedLimit", "The count of activation in current region exceeds the limit of %d.", quota)
}

// wellUsed reports whether more than half of the uses of a region's codes are used.
func (a *Account) wellUsed(region string) (bool, error) {
	var uses, used float64 // the sum for loaded codes may be larger than any integer
	for _, row := range a.tx.Codes().Rows(region).NewestFirst(nil) {
		var code Code
		if err := store.Decode(row, &code); err != nil {
			return false, err
		}
		uses, used = uses+float64(code.InstanceCount), used+float64(code.RegisteredCount)
	}
	return 2*used > uses, nil
}

// tokenMemory is how long a ClientToken is remembered. The service does not publish a time; this one is
// invented.
const tokenMemory = 24 * time.Hour

// usedToken is what a ClientToken once made. It is kept after the code is deleted. Time is the first field
// because Advance rewrites it in place.
type usedToken struct {
	Time         string
	ActivationId string
	Parameters   string // a digest
}

// replay returns the ActivationId that the token has made, "" if it has made none or was forgotten.
func (a *Account) replay(in CreateInput, want wanted) (string, error) {
	if in.ClientToken == "" || in.ForgetToken {
		return "", nil
	}
	row := a.tx.Token(TokenKey(in.RegionId, in.ClientToken))
	if row == nil {
		return "", nil
	}
	var used usedToken
	if err := store.Decode(row, &used); err != nil {
		return "", err
	}
	since, err := ParseTime(used.Time)
	if err != nil || a.now.Sub(since) > tokenMemory {
		return "", err
	}
	digest, err := want.digest()
	if err == nil && digest != used.Parameters {
		err = Refuse("IdempotentParameterMismatch", "The specified parameter has changed while using an already used clientToken.")
	}
	return used.ActivationId, err
}

func (a *Account) remember(in CreateInput, want wanted, activationId string) error {
	if in.ClientToken == "" {
		return nil
	}
	digest, err := want.digest()
	if err != nil {
		return err
	}
	return a.tx.SetToken(TokenKey(in.RegionId, in.ClientToken),
		usedToken{Time: formatTime(a.now), ActivationId: activationId, Parameters: digest})
}

// TokenKey identifies a ClientToken, which belongs to one region.
func TokenKey(region, token string) string { return region + "/" + token }

// digest distinguishes requests with different parameters. A default and the same value given explicitly are
// equal.
func (w wanted) digest() (string, error) {
	text, err := json.Marshal(w)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}
