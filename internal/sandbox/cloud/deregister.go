package cloud

import (
	"cmp"

	"ecs-activation/internal/sandbox/store"
)

// DeregisterInput is the parameters of DeregisterManagedInstance.
type DeregisterInput struct {
	RegionId   string
	InstanceId string
}

// DeregisterManagedInstance removes a machine, and returns it.
func (a *Account) DeregisterManagedInstance(in DeregisterInput) (Instance, error) {
	if in.InstanceId == "" {
		return Instance{}, Missing("InstanceId")
	}
	at, m, err := a.findMachine(in.RegionId, in.InstanceId)
	if err != nil {
		return Instance{}, err
	}
	return m.Instance, a.deregister(at, m)
}

// deregister removes a machine. The use of its code is not given back. Its id stays known, because its agent
// will call again.
func (a *Account) deregister(at store.Location, m storedMachine) error {
	codeAt, code, err := a.findCode(at.Region, m.ActivationId)
	if err != nil {
		return err
	}
	code.DeregisteredCount++
	return cmp.Or(a.tx.Codes().Replace(codeAt, code), a.tx.Machines().RemoveButRemember(at, m.InstanceId))
}
