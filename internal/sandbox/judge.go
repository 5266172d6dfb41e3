package sandbox

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"time"

	"ecs-activation/internal/sandbox/store"
)

// judge applies the rules of registration. Whoever does not know the code
// learns nothing about its state, so the code is compared first.
func (st *state) judge(r Registration, region string, code activation) error {
	if subtle.ConstantTimeCompare([]byte(r.ActivationCode), []byte(st.activationCode(code.ActivationId))) == 0 {
		return refuse(http.StatusForbidden, "ActivationCode.Mismatch", "The specified activation code does not belong to the activation id.")
	}
	if r.RegionId != region {
		return refuse(http.StatusForbidden, "ActivationCode.RegionMismatch", "The specified activation code belongs to region %s.", region)
	}
	if code.Disabled {
		return refuse(http.StatusForbidden, "ActivationCode.Disabled", "The specified activation code is disabled.")
	}
	expiry, err := code.expiry()
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	if !st.now.Before(expiry) {
		return refuse(http.StatusForbidden, "ActivationCode.Expired", "The specified activation code expired at %s.", expiry.Format(time.RFC3339))
	}
	if code.RegisteredCount >= code.InstanceCount {
		return refuse(http.StatusForbidden, "ActivationCode.Exhausted", "The specified activation code has been used %d times, the limit.", code.InstanceCount)
	}
	return judgeAddress(r.SourceIp, code.IpAddressRange)
}

// judgeAddress: an IPv4 address that arrives as IPv6 counts as IPv4; a zone
// says nothing about where a machine is.
func judgeAddress(source, allowed string) error {
	if allowed == "" {
		return nil
	}
	block, err := parseRange(allowed)
	if err != nil {
		return fmt.Errorf("%w: %w", store.ErrDamaged, err)
	}
	address, err := netip.ParseAddr(source)
	if err != nil {
		return invalid("SourceIp")
	}
	if !block.Contains(address.Unmap().WithZone("")) {
		return refuse(http.StatusForbidden, "ActivationCode.AddressForbidden", "The address %s is outside the range %s of the activation code.", source, allowed)
	}
	return nil
}
