package sandbox

import (
	"net/http"

	"ecs-activation/internal/sandbox/store"
)

// instance is what DeregisterManagedInstance answers of a machine.
// RegistrationTime stands first in the encoded row: Advance rewrites it in
// store.Location.
type instance struct {
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
	LastInvokedTime  string // empty, likewise
}

// managed is a machine as DescribeManagedInstances answers it.
type managed struct {
	instance
	Connected       bool
	ResourceGroupId string // that of the code
	Tags            []tag
}

// Machine is a managed instance in the words of DescribeManagedInstances, and
// its region.
type Machine struct {
	managed
	RegionId string
}

// machine is a Machine as it is stored. Whether it is connected is not stored:
// it follows from LastSeen.
type machine struct {
	Machine
	LastSeen    int64 // sandbox time in seconds: advancing leaves it alone
	Fingerprint string
	PublicKey   []byte // PKIX; none when the machine was played by Register
}

// connectedFor is how many seconds after its last heart-beat a machine counts
// as connected. The agent's heart beats every minute; the service publishes no
// limit, this one lets a single beat be lost.
const connectedFor = 150

// clock is sandbox time, in seconds: real time and all that Advance ever added.
func (st *state) clock() int64 { return st.now.Unix() + st.Advanced }

// at is the machine as it is at a moment of sandbox time.
func (m machine) at(clock int64) managed {
	m.Connected = clock-m.LastSeen <= connectedFor
	if m.Tags == nil {
		m.Tags = []tag{}
	}
	return m.managed
}

// keepMachine stores a new machine.
func (st *state) keepMachine(m machine) error {
	at, err := st.Machines().Add(m.RegionId, st.now, m)
	if err != nil {
		return err
	}
	return st.Machines().SetIndex(m.InstanceId, at)
}

// findMachine reads a machine of one region.
func (st *state) findMachine(region, instanceId string) (store.Location, machine, error) {
	var m machine
	at, ok := st.Machines().Locate(instanceId)
	if !ok || at.Region != region {
		return store.Location{}, m, instanceNotFound()
	}
	err := store.Decode(st.Machines().Rows(region).Get(at.Key), &m)
	return at, m, err
}

func instanceNotFound() *Error {
	return refuse(http.StatusNotFound, "InvalidInstance.NotFound", "The specified instance does not exist.")
}
