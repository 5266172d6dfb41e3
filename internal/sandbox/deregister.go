package sandbox

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
func (st *state) deregister(at place, m machine) error {
	codeAt, code, err := st.find(at.region, m.ActivationId)
	if err != nil {
		return err
	}
	code.DeregisteredCount++
	return firstError(st.change(codeAt, code), st.removeMachine(at, m.InstanceId))
}
