package sandbox

import (
	"encoding/json"
	"net/http"
	"slices"

	bolt "go.etcd.io/bbolt"
)

// instance is what DeregisterManagedInstance answers of a machine.
// RegistrationTime stands first in the encoded row: Advance rewrites it in
// place.
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
func (st *state) clock() int64 { return st.now.Unix() + st.advanced }

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
	key, err := st.add(machinesBucket, m.RegionId, st.now, m)
	if err != nil {
		return err
	}
	return st.index(machinesBucket, m.InstanceId, m.RegionId, key)
}

// findMachine reads a machine of one region.
func (st *state) findMachine(region, instanceId string) (place, machine, error) {
	var m machine
	at, ok := st.locate(machinesBucket, instanceId)
	if !ok || at.region != region {
		return place{}, m, instanceNotFound()
	}
	err := decode(st.rows(machinesBucket, region).Get(at.key), &m)
	return at, m, err
}

// changeMachine stores a machine that was there before.
func (st *state) changeMachine(at place, m machine) error {
	row, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return st.rows(machinesBucket, at.region).Put(at.key, row)
}

// gone stands in the index instead of the place of a machine that was removed.
const gone = "gone"

// removeMachine keeps the machine's id in the index: its agent will ask.
func (st *state) removeMachine(at place, instanceId string) error {
	return firstError(
		st.rows(machinesBucket, at.region).Delete(at.key),
		st.indexOf(machinesBucket).Put([]byte(instanceId), []byte(gone)),
		st.count(machinesBucket, at.region, -1))
}

// wasRemoved says whether there was once a machine of this id.
func (st *state) wasRemoved(instanceId string) bool {
	return string(st.indexOf(machinesBucket).Get([]byte(instanceId))) == gone
}

// indexMachines makes the index of machines in a file that has none: versions
// before DescribeManagedInstances made no index.
func indexMachines(tx *bolt.Tx) error {
	index, err := tx.CreateBucket([]byte(instancesBucket))
	if err != nil {
		return err
	}
	machines := tx.Bucket([]byte(machinesBucket))
	return machines.ForEachBucket(func(region []byte) error {
		return machines.Bucket(region).ForEach(func(key, row []byte) error {
			var m machine
			if err := decode(row, &m); err != nil {
				return err
			}
			return index.Put([]byte(m.InstanceId), slices.Concat(key, region))
		})
	})
}

func instanceNotFound() *Error {
	return refuse(http.StatusNotFound, "InvalidInstance.NotFound", "The specified instance does not exist.")
}
