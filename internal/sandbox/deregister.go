package sandbox

import (
	"cmp"

	"ecs-activation/internal/sandbox/store"
)

// deregisterAnswer is what DeregisterManagedInstance answers.
type deregisterAnswer struct {
	RequestId string
	Instance  instance
}

// deregisterManaged is DeregisterManagedInstance.
func (s *Sandbox) deregisterManaged(c *call, st *state) (any, error) {
	id, err := c.needed("InstanceId")
	if err != nil {
		return nil, err
	}
	at, m, err := st.findMachine(c.region(), id)
	if err != nil {
		return nil, err
	}
	return deregisterAnswer{c.RequestId, m.instance}, st.deregister(at, m)
}

// deregister forgets a machine. Its use of the code is not given back.
func (st *state) deregister(at store.Location, m machine) error {
	codeAt, code, err := st.find(at.Region, m.ActivationId)
	if err != nil {
		return err
	}
	code.DeregisteredCount++
	return cmp.Or(st.Codes().Replace(codeAt, code), st.Machines().RemoveButRemember(at, m.InstanceId))
}
