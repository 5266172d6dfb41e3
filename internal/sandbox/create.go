package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// tokenMemory is how long a ClientToken is remembered. The service does not
// publish its own; this is ours.
const tokenMemory = 24 * time.Hour

// usedToken is what a ClientToken once made. It outlives the code it made.
// Time stands first: Advance rewrites it in place.
type usedToken struct {
	Time         string
	ActivationId string
	Parameters   string // a digest
}

// create is CreateActivation. A ClientToken that was used before in this
// region answers what it answered then, changes nothing, and needs no room in
// the quota.
func (s *Sandbox) create(c *call, st *state) (any, error) {
	want, err := s.limits.readWanted(c)
	if err != nil {
		return nil, err
	}
	id, err := st.replay(c, want)
	if err != nil {
		return nil, err
	}
	if id == "" {
		if id, err = s.newCode(c, st, want); err != nil {
			return nil, err
		}
	}
	return createAnswer{RequestId: c.RequestId, ActivationId: id, ActivationCode: st.activationCode(id)}, nil
}

// newCode stores a new code. Where there is no room for machines there is none
// for codes.
func (s *Sandbox) newCode(c *call, st *state, want wanted) (string, error) {
	if err := s.checkQuota(st, c.region()); err != nil {
		return "", err
	}
	if st.Machines().Rows(c.region()).Count() >= s.limits.machines {
		return "", machinesFull(s.limits.machines)
	}
	id := newId()
	err := st.keep(c.region(), st.now, activation{
		usage: usage{
			CreationTime:      formatTime(st.now),
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
	if err != nil {
		return "", err
	}
	return id, st.remember(c, want, id)
}

// checkQuota: every code that exists counts against the quota, dead ones too.
func (s *Sandbox) checkQuota(st *state, region string) error {
	codes := st.Codes().Rows(region).Count()
	if codes >= s.limits.quota {
		return quotaExceeded(s.limits.quota)
	}
	if s.limits.quotaFree == 0 || codes < s.limits.quotaFree {
		return nil
	}
	wellUsed, err := st.wellUsed(region)
	if err == nil && !wellUsed {
		err = quotaExceeded(s.limits.quotaFree)
	}
	return err
}

// wellUsed says whether more than half of the uses of a region's codes are used.
func (st *state) wellUsed(region string) (bool, error) {
	var uses, used float64 // loaded codes may have more uses than an integer can add up
	for _, row := range st.Codes().Rows(region).NewestFirst(nil) {
		var code activation
		if err := store.Decode(row, &code); err != nil {
			return false, err
		}
		uses, used = uses+float64(code.InstanceCount), used+float64(code.RegisteredCount)
	}
	return 2*used > uses, nil
}

// replay finds the ActivationId that this token has made, "" when it has made
// none or was forgotten.
func (st *state) replay(c *call, want wanted) (string, error) {
	if c.text("ClientToken") == "" || c.fault == faultForgetToken {
		return "", nil
	}
	row := st.Token(tokenKey(c))
	if row == nil {
		return "", nil
	}
	var used usedToken
	if err := store.Decode(row, &used); err != nil {
		return "", err
	}
	since, err := parseTime(used.Time)
	if err != nil || st.now.Sub(since) > tokenMemory {
		return "", err
	}
	digest, err := want.digest()
	if err == nil && digest != used.Parameters {
		err = tokenMismatch()
	}
	return used.ActivationId, err
}

func (st *state) remember(c *call, want wanted, activationId string) error {
	if c.text("ClientToken") == "" {
		return nil
	}
	digest, err := want.digest()
	if err != nil {
		return err
	}
	return st.SetToken(tokenKey(c), usedToken{Time: formatTime(st.now), ActivationId: activationId, Parameters: digest})
}

// tokenKey: a token belongs to one region.
func tokenKey(c *call) string { return c.region() + "/" + c.text("ClientToken") }

// digest tells requests with different parameters apart. A default and the
// same value given are the same request.
func (w wanted) digest() (string, error) {
	text, err := json.Marshal(w)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:]), err
}
