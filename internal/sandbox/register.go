package sandbox

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strconv"

	"ecs-activation/internal/sandbox/store"
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

	profile
}

// profile is what only the official agent tells. A machine that is played by
// Register has none, and so no key to sign with.
type profile struct {
	MachineId    string
	Fingerprint  string // newer agents: it takes the machine id's store.Location
	IntranetIp   string
	OsType       string
	OsVersion    string
	AgentVersion string
	Tags         []tag
	ForceReuse   bool   // newer agents: take the place of the machine with this MachineId
	PublicKey    []byte // PKIX
}

// Register plays a machine that registers. A refusal is an *Error. The codes
// that begin with ActivationCode. are inventions of the sandbox, because the
// service publishes none: Mismatch, RegionMismatch, Disabled, Expired,
// Exhausted, AddressForbidden.
func (s *Sandbox) Register(ctx context.Context, r Registration) (Machine, error) {
	if r.SourceIp == "" {
		r.SourceIp = "127.0.0.1"
	}
	if r.Hostname == "" {
		r.Hostname = "localhost"
	}
	if err := s.checkRegistration(r); err != nil {
		return Machine{}, err
	}
	var registered Machine
	err := s.update(ctx, func(st *state) error {
		var err error
		registered, err = st.register(r, s.limits.machines)
		return err
	})
	return registered, err
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
	return cmp.Or(s.limits.region(r.RegionId), s.limits.checkName(r.InstanceName), checkTags(r.Tags))
}

// register makes a machine, if the rules allow it, and counts a use of the code.
func (st *state) register(r Registration, quota int) (Machine, error) {
	at, ok := st.Codes().Locate(r.ActivationId)
	if !ok {
		return Machine{}, activationNotFound()
	}
	code, err := st.code(at)
	if err != nil {
		return Machine{}, err
	}
	if err := st.judge(r, at.Region, code); err != nil {
		return Machine{}, err
	}
	id, err := st.instanceIdFor(r, quota)
	if err != nil {
		return Machine{}, err
	}
	code.RegisteredCount++
	m := st.newMachine(r, code, id)
	return m.Machine, cmp.Or(st.keepMachine(m), st.Codes().Replace(at, code))
}

// instanceIdFor is the id of the machine that registers. One whose MachineId or
// fingerprint is known takes the place of that machine, id included, if it
// forces that (DescribeManagedInstances, 2026). Otherwise a fingerprint that is
// known is refused, and the agent makes another one.
func (st *state) instanceIdFor(r Registration, quota int) (string, error) {
	at, same, err := st.sameMachine(r)
	switch {
	case err != nil:
		return "", err
	case same.InstanceId != "" && r.ForceReuse:
		return same.InstanceId, st.Machines().RemoveButRemember(at, same.InstanceId)
	case same.InstanceId != "":
		return "", refuse(http.StatusBadRequest, errFingerprint, "The fingerprint belongs to the registered instance %s.", same.InstanceId)
	case st.Machines().Rows(r.RegionId).Count() >= quota:
		return "", machinesFull(quota)
	}
	return newInstanceId(r.RegionId), nil
}

// sameMachine finds the machine of the region that r names as itself, a machine
// without an id when there is none.
func (st *state) sameMachine(r Registration) (store.Location, machine, error) {
	if r.Fingerprint == "" && !r.ForceReuse {
		return store.Location{}, machine{}, nil
	}
	for key, row := range st.Machines().Rows(r.RegionId).NewestFirst(nil) {
		var m machine
		if err := store.Decode(row, &m); err != nil {
			return store.Location{}, m, err
		}
		if r.Fingerprint != "" && m.Fingerprint == r.Fingerprint || r.ForceReuse && r.MachineId != "" && m.MachineId == r.MachineId {
			return store.Location{Region: r.RegionId, Key: slices.Clone(key)}, m, nil
		}
	}
	return store.Location{}, machine{}, nil
}

func (st *state) newMachine(r Registration, code activation, id string) machine {
	m := machine{LastSeen: st.clock(), Fingerprint: r.Fingerprint, PublicKey: r.PublicKey}
	m.RegionId, m.ResourceGroupId, m.Tags = r.RegionId, code.ResourceGroupId, r.Tags
	m.instance = instance{
		RegistrationTime: formatTime(st.now),
		InstanceId:       id,
		InstanceName:     machineName(r, code),
		ActivationId:     code.ActivationId,
		Hostname:         r.Hostname,
		InternetIp:       r.SourceIp,
		IntranetIp:       r.IntranetIp,
		OsType:           r.OsType,
		OsVersion:        r.OsVersion,
		AgentVersion:     r.AgentVersion,
		MachineId:        r.MachineId,
	}
	m.managed = m.at(st.clock())
	return m
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
