package cloud

import "ecs-activation/internal/sandbox/store"

// Instance is what DeregisterManagedInstance returns of a machine. RegistrationTime is the first field of the
// encoded row because Advance rewrites it in place.
type Instance struct {
	RegistrationTime string // RFC 3339, UTC, whole seconds
	InstanceId       string
	InstanceName     string
	ActivationId     string
	Hostname         string
	InternetIp       string // the address that the registration came from
	IntranetIp       string
	OsType           string // linux, windows or freebsd
	OsVersion        string
	AgentVersion     string
	MachineId        string
	InvocationCount  int64  // 0: the sandbox runs no commands
	LastInvokedTime  string // empty for the same reason
}

// Managed is a machine as DescribeManagedInstances returns it.
type Managed struct {
	Instance
	Connected       bool
	ResourceGroupId string // that of the code
	Tags            []Tag
}

// Machine is a managed instance with the fields of DescribeManagedInstances, and its region.
type Machine struct {
	Managed
	RegionId string
}

// storedMachine is a Machine as it is stored. Whether it is connected is not stored, because that follows
// from LastSeen.
type storedMachine struct {
	Machine
	LastSeen    int64 // sandbox time in seconds, so Advance need not change it
	Fingerprint string
	PublicKey   []byte // PKIX; empty for a machine that the command "sandbox register" simulates
}

// connectedFor is how many seconds after its last heart-beat a machine counts as connected. The agent sends a
// heart-beat every minute. The service publishes no limit; this one allows for one lost heart-beat.
const connectedFor = 150

// at returns the machine as it is at a moment of sandbox time.
func (m storedMachine) at(clock int64) Managed {
	m.Connected = clock-m.LastSeen <= connectedFor
	if m.Tags == nil {
		m.Tags = []Tag{}
	}
	return m.Managed
}

// findMachine reads a machine of one region.
func (a *Account) findMachine(region, instanceId string) (store.Location, storedMachine, error) {
	at, ok := a.tx.Machines().Locate(instanceId)
	if !ok || at.Region != region {
		return store.Location{}, storedMachine{}, Refuse("InvalidInstance.NotFound", "The specified instance does not exist.")
	}
	m, err := a.machineAt(at)
	return at, m, err
}

func (a *Account) machineAt(at store.Location) (storedMachine, error) {
	var m storedMachine
	err := store.Decode(a.tx.Machines().Rows(at.Region).Get(at.Key), &m)
	return m, err
}

// addMachine stores a machine that registers now.
func (a *Account) addMachine(m storedMachine) error {
	at, err := a.tx.Machines().Add(m.RegionId, a.now, m)
	if err != nil {
		return err
	}
	return a.tx.Machines().SetIndex(m.InstanceId, at)
}
