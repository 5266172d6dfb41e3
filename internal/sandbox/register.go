package sandbox

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/netip"
	"strconv"
	"time"
)

// Registration is what a machine sends to register.
type Registration struct {
	RegionId       string
	ActivationId   string
	ActivationCode string
	// InstanceName overrides the code's prefix; it obeys the same rules.
	InstanceName string
	// Hostname is the machine's name where neither it nor the code gives one;
	// empty means "localhost".
	Hostname string
	// SourceIp is the address the request seems to come from, checked against
	// the code's IpAddressRange; empty means 127.0.0.1.
	SourceIp string
}

// Register plays a machine that registers. A refusal is an *Error. The codes
// that begin with ActivationCode. are inventions of the sandbox, because the
// service publishes none: Mismatch, RegionMismatch, Disabled, Expired,
// Exhausted, AddressForbidden.
func (s *Sandbox) Register(r Registration) (Machine, error) {
	if r.SourceIp == "" {
		r.SourceIp = "127.0.0.1"
	}
	if r.Hostname == "" {
		r.Hostname = "localhost"
	}
	if err := s.checkRegistration(r); err != nil {
		return Machine{}, err
	}
	var machine Machine
	err := s.update(func(st *state) error {
		var err error
		machine, err = st.register(r)
		return err
	})
	return machine, err
}

// checkRegistration judges what needs no state.
func (s *Sandbox) checkRegistration(r Registration) error {
	for _, given := range []struct{ name, value string }{
		{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}, {"ActivationCode", r.ActivationCode},
	} {
		if given.value == "" {
			return missing(given.name)
		}
	}
	if _, err := netip.ParseAddr(r.SourceIp); err != nil {
		return invalid("SourceIp")
	}
	if !isText(r.Hostname) {
		return invalid("Hostname")
	}
	return firstError(s.limits.region(r.RegionId), s.limits.checkName(r.InstanceName))
}

func (st *state) register(r Registration) (Machine, error) {
	at, ok := st.locate(codesBucket, r.ActivationId)
	if !ok {
		return Machine{}, activationNotFound()
	}
	code, err := st.code(at)
	if err != nil {
		return Machine{}, err
	}
	if err := st.judge(r, at.region, code); err != nil {
		return Machine{}, err
	}
	code.RegisteredCount++
	m := machine{LastSeen: st.clock()}
	m.instance = instance{
		RegistrationTime: formatTime(st.now),
		InstanceId:       newInstanceId(at.region),
		InstanceName:     machineName(r, code),
		ActivationId:     code.ActivationId,
		Hostname:         r.Hostname,
		InternetIp:       r.SourceIp,
	}
	m.RegionId, m.ResourceGroupId = at.region, code.ResourceGroupId
	m.managed = m.at(st.clock())
	return m.Machine, firstError(st.keepMachine(m), st.change(at, code))
}

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
		return fmt.Errorf("%w: %w", errDamaged, err)
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
		return fmt.Errorf("%w: %w", errDamaged, err)
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

// machineName: a name of its own, or the prefix and a counter with as many
// digits as InstanceCount has, or the host name (CreateActivation, 2026-06-25).
func machineName(r Registration, code activation) string {
	switch {
	case r.InstanceName != "":
		return r.InstanceName
	case code.InstanceName != "":
		digits := len(strconv.FormatInt(code.InstanceCount, 10))
		return fmt.Sprintf("%s-%0*d", code.InstanceName, digits, code.RegisteredCount)
	}
	return r.Hostname
}
