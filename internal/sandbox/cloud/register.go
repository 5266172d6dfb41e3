package cloud

import (
	"cmp"
	"fmt"
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
	// InstanceName overrides the code's prefix. The same rules apply to it.
	InstanceName string
	// Hostname is the machine's name if neither it nor the code gives one; empty means "localhost".
	Hostname string
	// SourceIp is the address the request seems to come from, checked against the code's IpAddressRange;
	// empty means 127.0.0.1.
	SourceIp string

	Profile
}

// Profile is what only the official agent sends. A simulated machine has none, and so no key to sign with.
type Profile struct {
	MachineId    string
	Fingerprint  string // newer agents use it instead of the MachineId
	IntranetIp   string
	OsType       string
	OsVersion    string
	AgentVersion string
	Tags         []Tag
	ForceReuse   bool   // newer agents: replace the machine with this MachineId
	PublicKey    []byte // PKIX
}

// Prepare fills in the defaults of a registration, and checks what needs no state.
func (l Limits) Prepare(r Registration) (Registration, error) {
	r.SourceIp = cmp.Or(r.SourceIp, "127.0.0.1")
	r.Hostname = cmp.Or(r.Hostname, "localhost")
	for _, given := range []struct{ name, value string }{
		{"RegionId", r.RegionId}, {"ActivationId", r.ActivationId}, {"ActivationCode", r.ActivationCode},
	} {
		if given.value == "" {
			return r, Missing(given.name)
		}
	}
	if _, err := netip.ParseAddr(r.SourceIp); err != nil {
		return r, Invalid("SourceIp")
	}
	if !IsText(r.Hostname) {
		return r, Invalid("Hostname")
	}
	return r, cmp.Or(l.checkRegion(r.RegionId), l.checkName(r.InstanceName), checkTags(r.Tags))
}

// Register makes a machine, if the rules allow it, and counts a use of the code. The registration must be
// prepared.
func (a *Account) Register(r Registration) (Machine, error) {
	at, ok := a.tx.Codes().Locate(r.ActivationId)
	if !ok {
		return Machine{}, activationNotFound()
	}
	code, err := a.codeAt(at)
	if err != nil {
		return Machine{}, err
	}
	if err := a.checkRegistration(r, at.Region, code); err != nil {
		return Machine{}, err
	}
	id, err := a.instanceIdFor(r)
	if err != nil {
		return Machine{}, err
	}
	code.RegisteredCount++
	m := a.newMachine(r, code, id)
	return m.Machine, cmp.Or(a.addMachine(m), a.tx.Codes().Replace(at, code))
}

// instanceIdFor returns the id of the machine that registers. If its MachineId or fingerprint is known and it
// sends ForceReuse, it replaces that machine and gets its id (DescribeManagedInstances, 2026). Otherwise a
// known fingerprint is refused, and the agent makes another one.
func (a *Account) instanceIdFor(r Registration) (string, error) {
	at, same, err := a.sameMachine(r)
	switch {
	case err != nil:
		return "", err
	case same.InstanceId != "" && r.ForceReuse:
		return same.InstanceId, a.tx.Machines().RemoveButRemember(at, same.InstanceId)
	case same.InstanceId != "":
		return "", Refuse("fingerprint_duplicate", "The fingerprint belongs to the registered instance %s.", same.InstanceId)
	case a.tx.Machines().Rows(r.RegionId).Count() >= a.limits.machines:
		return "", machinesFull(a.limits.machines)
	}
	return newInstanceId(r.RegionId), nil
}

// sameMachine returns the machine of the region that has the identity of r, a machine without an id if there
// is none.
func (a *Account) sameMachine(r Registration) (store.Location, storedMachine, error) {
	if r.Fingerprint == "" && !r.ForceReuse {
		return store.Location{}, storedMachine{}, nil
	}
	for key, row := range a.tx.Machines().Rows(r.RegionId).NewestFirst(nil) {
		var m storedMachine
		if err := store.Decode(row, &m); err != nil {
			return store.Location{}, m, err
		}
		if r.Fingerprint != "" && m.Fingerprint == r.Fingerprint || r.ForceReuse && r.MachineId != "" && m.MachineId == r.MachineId {
			return store.Location{Region: r.RegionId, Key: slices.Clone(key)}, m, nil
		}
	}
	return store.Location{}, storedMachine{}, nil
}

func (a *Account) newMachine(r Registration, code Code, id string) storedMachine {
	m := storedMachine{LastSeen: a.Clock(), Fingerprint: r.Fingerprint, PublicKey: r.PublicKey}
	m.RegionId, m.ResourceGroupId, m.Tags = r.RegionId, code.ResourceGroupId, r.Tags
	m.Instance = Instance{
		RegistrationTime: formatTime(a.now),
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
	m.Managed = m.at(a.Clock())
	return m
}

// machineName returns the name the machine asks for, or the code's prefix and a number with as many digits as
// InstanceCount has, or the host name (CreateActivation, 2026-06-25).
func machineName(r Registration, code Code) string {
	switch {
	case r.InstanceName != "":
		return r.InstanceName
	case code.InstanceName != "":
		digits := len(strconv.FormatInt(code.InstanceCount, 10))
		return fmt.Sprintf("%s-%0*d", code.InstanceName, digits, code.RegisteredCount)
	}
	return r.Hostname
}
