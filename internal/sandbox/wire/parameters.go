package wire

import (
	"ecs-activation/internal/sandbox/cloud"
)

// Parameters is the parameters of a request by name. An empty value counts as not given.
type Parameters map[string]string

// Need returns a parameter that must be given.
func (p Parameters) Need(name string) (string, error) {
	if p[name] == "" {
		return "", cloud.Missing(name)
	}
	return p[name], nil
}

// CheckVersion checks the Version of a request for an action.
func (p Parameters) CheckVersion(action Action) error {
	version, err := p.Need("Version")
	if err == nil && version != action.Version {
		err = cloud.Refuse("InvalidVersion", "Specified parameter Version is not valid.")
	}
	return err
}

// Action returns the name of the action, "" if the request has none.
func (p Parameters) Action() string { return p["Action"] }

// RegionId returns the region, "" if the request has none.
func (p Parameters) RegionId() string { return p["RegionId"] }

// IsCreate reports whether the action is CreateActivation.
func (p Parameters) IsCreate() bool { return p.Action() == "CreateActivation" }

// TokenKey returns what identifies the ClientToken of a create, "" if it is no create or has none.
func (p Parameters) TokenKey() string {
	if !p.IsCreate() || p["ClientToken"] == "" {
		return ""
	}
	return cloud.TokenKey(p.RegionId(), p["ClientToken"])
}
