package cloud

import "ecs-activation/internal/sandbox/store"

// CodeInput is the parameters of DisableActivation and DeleteActivation.
type CodeInput struct {
	RegionId     string
	ActivationId string
}

// DisableActivation disables a code, and returns it. Disabling a disabled code succeeds and changes nothing.
// A disabled code cannot be enabled again.
func (a *Account) DisableActivation(in CodeInput) (DisabledUsage, error) {
	at, code, err := a.codeOf(in)
	if err != nil {
		return DisabledUsage{}, err
	}
	code.Disabled = true
	return DisabledUsage{code.Usage, true}, a.tx.Codes().Replace(at, code)
}

// DeleteActivation deletes a code, and returns it. A code with which a machine has ever registered is never
// deleted.
func (a *Account) DeleteActivation(in CodeInput) (Usage, error) {
	at, code, err := a.codeOf(in)
	if err != nil {
		return Usage{}, err
	}
	if code.RegisteredCount > 0 {
		return Usage{}, Refuse("ActivationId.InUse", "The specified activation id is in use.")
	}
	return code.Usage, a.tx.Codes().Remove(at, code.ActivationId)
}

func (a *Account) codeOf(in CodeInput) (store.Location, Code, error) {
	if in.ActivationId == "" {
		return store.Location{}, Code{}, Missing("ActivationId")
	}
	return a.findCode(in.RegionId, in.ActivationId)
}
