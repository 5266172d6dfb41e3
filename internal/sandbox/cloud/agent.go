package cloud

import "ecs-activation/internal/sandbox/store"

// InstanceDeregistered is the refusal after which an agent forgets its registration and stops. Only machines
// that were registered in this sandbox receive it.
const InstanceDeregistered = "instance_deregistered"

// Agent is a registered machine that calls the service itself.
type Agent struct {
	InstanceId  string
	MachineId   string
	Fingerprint string
	PublicKey   []byte // PKIX; empty for a machine that has no key to sign with

	at      store.Location
	machine storedMachine
}

// FindAgent returns the machine with an id, in any region.
func (a *Account) FindAgent(instanceId string) (Agent, error) {
	at, ok := a.tx.Machines().Locate(instanceId)
	switch {
	case ok:
	case a.tx.Machines().WasRemoved(instanceId):
		return Agent{}, Refuse(InstanceDeregistered, InstanceDeregistered)
	default:
		return Agent{}, Refuse("instance_unknown", "The instance is not registered in this sandbox.")
	}
	m, err := a.machineAt(at)
	return Agent{InstanceId: m.InstanceId, MachineId: m.MachineId, Fingerprint: m.Fingerprint, PublicKey: m.PublicKey, at: at, machine: m}, err
}

// HeartBeat stores that the machine was seen now.
func (a *Account) HeartBeat(agent Agent) error {
	agent.machine.LastSeen = a.Clock()
	return a.tx.Machines().Replace(agent.at, agent.machine)
}

// Deregister removes the machine at the request of its agent.
func (a *Account) Deregister(agent Agent) error { return a.deregister(agent.at, agent.machine) }
