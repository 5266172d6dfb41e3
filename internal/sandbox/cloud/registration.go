package cloud

import (
	"cmp"
	"crypto/subtle"
	"net/netip"
	"time"
)

// checkRegistration applies the rules of registration. The code is compared first, so that a machine without
// the right code gets no information about its state. The codes of the refusals are invented, because the service
// publishes none.
func (a *Account) checkRegistration(r Registration, region string, code Code) error {
	if subtle.ConstantTimeCompare([]byte(r.ActivationCode), []byte(a.activationCode(code.ActivationId))) == 0 {
		return Refuse("ActivationCode.Mismatch", "The specified activation code does not belong to the activation id.")
	}
	if r.RegionId != region {
		return Refuse("ActivationCode.RegionMismatch", "The specified activation code belongs to region %s.", region)
	}
	if code.Disabled {
		return Refuse("ActivationCode.Disabled", "The specified activation code is disabled.")
	}
	expiry, err := code.expiry()
	if err != nil {
		return Damaged(err)
	}
	if !a.now.Before(expiry) {
		return Refuse("ActivationCode.Expired", "The specified activation code expired at %s.", expiry.Format(time.RFC3339))
	}
	if code.RegisteredCount >= code.InstanceCount {
		return Refuse("ActivationCode.Exhausted", "The specified activation code has been used %d times, the limit.", code.InstanceCount)
	}
	return checkAddress(r.SourceIp, code.IpAddressRange)
}

// checkAddress treats an IPv4 address that is written as IPv6 as IPv4, and ignores a zone, which says nothing
// about where a machine is.
func checkAddress(source, allowed string) error {
	if allowed == "" {
		return nil
	}
	block, err := parseRange(allowed)
	if err != nil {
		return Damaged(err)
	}
	address, err := netip.ParseAddr(source)
	if err != nil {
		return Invalid("SourceIp")
	}
	if !block.Contains(address.Unmap().WithZone("")) {
		return Refuse("ActivationCode.AddressForbidden", "The address %s is outside the range %s of the activation code.", source, allowed)
	}
	return nil
}

// profileMax is the length in bytes of the longest text that is stored of an agent's profile. It is invented.
const profileMax = 1024

// CheckProfile checks what only an agent sends, and the length of its host name.
func (r Registration) CheckProfile() error {
	for _, given := range []struct{ name, value string }{
		{"hostname", r.Hostname}, {"intranetIp", r.IntranetIp}, {"machineId", r.MachineId}, {"fingerprint", r.Fingerprint},
		{"osType", r.OsType}, {"osVersion", r.OsVersion}, {"agentVersion", r.AgentVersion},
	} {
		if len(given.value) > profileMax || !IsText(given.value) {
			return Invalid(given.name)
		}
	}
	if cmp.Or(r.MachineId, r.Fingerprint) == "" {
		return Missing("machineId")
	}
	return nil
}
