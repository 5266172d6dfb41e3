package sandbox

import "ecs-activation/internal/sandbox/store"

// disable is DisableActivation. Disabling a disabled code is a success that
// changes nothing; there is no way back.
func (s *Sandbox) disable(c *call, st *state) (any, error) {
	at, code, err := st.named(c)
	if err != nil {
		return nil, err
	}
	code.Disabled = true
	if err := st.Codes().Replace(at, code); err != nil {
		return nil, err
	}
	return changeAnswer[disabledUsage]{c.RequestId, disabledUsage{code.usage, true}}, nil
}

// delete is DeleteActivation. A code that a machine has ever registered with
// stays for ever.
func (s *Sandbox) delete(c *call, st *state) (any, error) {
	at, code, err := st.named(c)
	if err != nil {
		return nil, err
	}
	if code.RegisteredCount > 0 {
		return nil, activationInUse()
	}
	if err := st.Codes().Remove(at, code.ActivationId); err != nil {
		return nil, err
	}
	return changeAnswer[usage]{c.RequestId, code.usage}, nil
}

// named is the code whose ActivationId the call gives, in the call's region.
func (st *state) named(c *call) (store.Location, activation, error) {
	id, err := c.needed("ActivationId")
	if err != nil {
		return store.Location{}, activation{}, err
	}
	return st.find(c.region(), id)
}
